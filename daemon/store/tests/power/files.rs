//! The same on real files: made beside and renamed, one process at a time, nothing readable on
//! disk, keys changed while the store is in use.

use crate::story;
use almoner_store::keys::{self, Kek, KeyRing, RecoveryKey, Slot};
use almoner_store::sealed::{self, Opened, SealedError};
use redb::{ReadableDatabase, TableDefinition};

const NAMES: TableDefinition<'_, u64, &str> = TableDefinition::new("names of patients");
const NAME: &str = "Maria Aparecida Example";

#[test]
fn a_store_is_made_closed_and_opened_again_and_shows_nothing_on_disk() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let made = sealed::create(&path, story::keys(), 1 << 20).unwrap();
    let mut write = made.database.begin_write().unwrap();
    write.set_two_phase_commit(true);
    write.set_quick_repair(true);
    {
        let mut table = write.open_table(NAMES).unwrap();
        for number in 0..2000 {
            table.insert(number, NAME).unwrap();
        }
    }
    write.commit().unwrap();
    let in_use = sealed::open(&path, story::keys(), 1 << 20);
    assert!(matches!(in_use, Err(SealedError::InUse)));
    drop(made.database);
    let opened = sealed::open(&path, story::keys(), 1 << 20).unwrap();
    assert_eq!(opened.opened, Opened::Clean);
    let table = opened.database.begin_read().unwrap().open_table(NAMES).unwrap();
    assert_eq!(table.get(1999).unwrap().unwrap().value(), NAME);
    assert!(opened.gauge.page_writes() > 30 && !opened.gauge.rekey_due());
    let bytes = std::fs::read(&path).unwrap();
    for secret in [NAME.as_bytes(), b"names of patients", b"redb"] {
        assert!(!bytes.windows(secret.len()).any(|window| window == secret));
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside");
}

#[test]
fn a_store_is_never_made_over_a_file_and_a_broken_off_creation_is_no_obstacle() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    std::fs::write(folder.path().join("store.new"), b"half").unwrap();
    drop(sealed::create(&path, story::keys(), 1 << 20).unwrap());
    let before = std::fs::read(&path).unwrap();
    let again = sealed::create(&path, story::keys(), 1 << 20);
    assert!(matches!(again, Err(SealedError::Exists)));
    assert!(std::fs::read(&path).unwrap() == before);
}

#[test]
fn keys_are_changed_while_the_store_is_in_use() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let recovery = KeyRing::with_recovery(RecoveryKey::generate().unwrap());
    let open = sealed::create(&path, story::keys(), 1 << 20).unwrap();
    keys::enroll(&path, story::keys(), &recovery).unwrap();
    story::go_on(&open.database, 1).unwrap();
    keys::drop_slot(&path, &recovery, Slot::Device).unwrap();
    story::go_on(&open.database, 2).unwrap();
    drop(open);
    assert_eq!(keys::inspect(&path).unwrap().occupied(), [Slot::Recovery]);
    assert!(sealed::open(&path, story::keys(), 1 << 20).is_err());
    let by_paper = sealed::open(&path, &recovery, 1 << 20).unwrap();
    assert_eq!(story::gone_on(&by_paper.database).unwrap(), 2);
}

#[test]
fn re_keying_keeps_all_rows_and_shuts_out_the_old_keys() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let told = story::tell(story::Kind::Import, 11);
    std::fs::write(&path, told.sim.live()).unwrap();
    let before = story::read(&story::open(&told.sim).unwrap().database).unwrap();
    let new = KeyRing::with_device(Kek::generate().unwrap());
    let made = sealed::rekey(&path, story::keys(), &new, 1 << 20).unwrap();
    assert!(story::read(&made.database).unwrap() == before);
    let busy = sealed::rekey(&path, &new, story::keys(), 1 << 20);
    assert!(matches!(busy, Err(SealedError::InUse)));
    let writes = made.gauge.page_writes();
    story::go_on(&made.database, 1).unwrap();
    drop(made);
    assert!(matches!(sealed::open(&path, story::keys(), 1 << 20), Err(SealedError::Key(_))));
    let again = sealed::open(&path, &new, 1 << 20).unwrap();
    assert!(story::read(&again.database).unwrap() == before);
    assert!(again.gauge.page_writes() > writes, "the count goes on where it was");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside");
}

#[test]
fn re_keying_a_damaged_store_is_refused_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let told = story::tell(story::Kind::Desk, 11);
    drop(story::open(&told.sim).unwrap());
    let new = KeyRing::with_device(Kek::generate().unwrap());
    let whole = told.sim.live();
    let mut refused = 0;
    for page in 0..(whole.len() - 24_576) / 4096 - 2 {
        let mut bytes = whole.clone();
        bytes[24_576 + (page + 2) * 4096 + 9] ^= 1;
        std::fs::write(&path, &bytes).unwrap();
        if let Ok(made) = sealed::rekey(&path, story::keys(), &new, 1 << 20) {
            assert!(story::read(&made.database).is_ok(), "page {page} was free");
        } else {
            refused += 1;
            assert!(keys::inspect(&path).unwrap().unlock(story::keys()).is_ok());
        }
    }
    assert!(refused > 20, "{refused}");
}

#[test]
fn many_readers_and_a_writer_share_the_store() {
    let folder = tempfile::tempdir().unwrap();
    let ring = KeyRing::with_device(Kek::generate().unwrap());
    let store = sealed::create(&folder.path().join("store"), &ring, 64 << 10).unwrap();
    let fill = |round: u64| {
        let mut write = store.database.begin_write().unwrap();
        write.set_two_phase_commit(true);
        write.set_quick_repair(true);
        {
            let mut table = write.open_table(NAMES).unwrap();
            for number in 0..1500 {
                table.insert(number, format!("{round} {}", "x".repeat(300)).as_str()).unwrap();
            }
        }
        write.commit().unwrap();
    };
    fill(0);
    let look = || {
        let table = store.database.begin_read().unwrap().open_table(NAMES).unwrap();
        let text = |number| table.get(number).unwrap().unwrap().value().to_owned();
        let first = text(0);
        assert!((0..1500).all(|number| text(number) == first), "a snapshot is of one moment");
    };
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| (0..15).for_each(|_| look()));
        }
        scope.spawn(|| (1..10).for_each(fill));
    });
    assert!(store.gauge.damage().is_none());
}
