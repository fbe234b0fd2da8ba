//! Lost and changed keys: every key that should open does, every other is refused for the right
//! reason, and a change of slots cut off in the middle leaves the old slots or the new ones.

use crate::sim::{Device, Dice, Sim, image};
use crate::story;
use almoner_store::keys::{Dek, Kek, KeyError, KeyRing, KeySlots, RecoveryKey, Slot};
use almoner_store::sealed::{self, SealedError};
use redb::StorageBackend;

#[test]
fn only_the_right_key_opens_and_each_refusal_says_why() {
    let disk = story::tell(story::Kind::Desk, 5).sim.live();
    let open = |keys: &KeyRing| {
        let sim = Sim::of(disk.clone());
        sealed::open_on(&|| Ok(Box::new(sim.clone())), keys, 1 << 20).map(drop)
    };
    assert!(open(story::keys()).is_ok());
    let wrong = open(&KeyRing::with_device(Kek::generate().unwrap()));
    assert!(matches!(wrong, Err(SealedError::Key(KeyError::WrongKey(Slot::Device)))));
    let lost = open(&KeyRing::with_recovery(RecoveryKey::generate().unwrap()));
    assert!(matches!(lost, Err(SealedError::Key(KeyError::NoSuchSlot(Slot::Recovery)))));
    assert!(matches!(open(&KeyRing::default()), Err(SealedError::Key(KeyError::NoKey))));
}

#[test]
fn the_recovery_key_opens_when_the_device_key_is_lost_and_a_new_one_is_enrolled() {
    let (old, recovery) = (device(), KeyRing::with_recovery(RecoveryKey::generate().unwrap()));
    let (disk, dek) = new_slots(&old);
    let mut slots = KeySlots::read(&disk).unwrap();
    slots.enroll(&dek, &recovery).unwrap();
    slots.write(&disk).unwrap();
    let mut slots = KeySlots::read(&disk).unwrap();
    assert_eq!(slots.occupied(), [Slot::Device, Slot::Recovery]);
    let new = device();
    let unlocked = slots.unlock(&recovery).unwrap();
    slots.enroll(&unlocked, &new).unwrap();
    slots.write(&disk).unwrap();
    let slots = KeySlots::read(&disk).unwrap();
    assert!(matches!(slots.unlock(&old), Err(KeyError::WrongKey(Slot::Device))));
    assert!(slots.unlock(&new).is_ok() && slots.unlock(&recovery).is_ok());
}

#[test]
fn the_last_slot_that_opens_is_never_dropped() {
    let (first, recovery) = (device(), KeyRing::with_recovery(RecoveryKey::generate().unwrap()));
    let (disk, dek) = new_slots(&first);
    let mut slots = KeySlots::read(&disk).unwrap();
    assert!(matches!(slots.drop_slot(&first, Slot::Device), Err(KeyError::LastSlot(_))));
    assert!(matches!(slots.drop_slot(&first, Slot::Second), Err(KeyError::NoSuchSlot(_))));
    slots.enroll(&dek, &recovery).unwrap();
    assert!(matches!(slots.drop_slot(&first, Slot::Device), Err(KeyError::LastSlot(_))));
    slots.drop_slot(&recovery, Slot::Device).unwrap();
    assert_eq!(slots.occupied(), [Slot::Recovery]);
    assert!(matches!(slots.unlock(&first), Err(KeyError::NoSuchSlot(Slot::Device))));
}

#[test]
fn a_change_of_slots_cut_off_anywhere_leaves_the_old_slots_or_the_new() {
    let (old, new) = (device(), device());
    for seed in 0..400 {
        let device = Device::ALL[seed as usize % Device::ALL.len()];
        let (disk, dek) = new_slots(&old);
        let (base, before) = (disk.live(), disk.log_length());
        let mut slots = KeySlots::read(&disk).unwrap();
        slots.enroll(&dek, &new).unwrap();
        slots.write(&disk).unwrap();
        let log = &disk.log()[before..];
        let cut = seed as usize / Device::ALL.len() % (log.len() + 1);
        let mut torn = image(&base, log, cut, seed, device).bytes;
        for again in 0..2 {
            let disk = Sim::of(torn.clone());
            let mut slots = KeySlots::read(&disk).expect("one copy is whole");
            assert!(slots.unlock(&old).is_ok() != slots.unlock(&new).is_ok(), "seed {seed}");
            slots.write(&disk).unwrap();
            let log = disk.log();
            let cut = Dice::new(seed + again).index(log.len() + 1);
            torn = image(&torn, &log, cut, seed, device).bytes;
        }
    }
}

#[test]
fn damage_to_one_copy_costs_nothing_and_to_both_is_said() {
    let keys = device();
    let (disk, _) = new_slots(&keys);
    let whole = disk.live();
    for at in (0..4096).step_by(37) {
        let mut bytes = whole.clone();
        bytes[at] ^= 16;
        assert!(KeySlots::read(&Sim::of(bytes.clone())).unwrap().unlock(&keys).is_ok());
        bytes[20_480 + at] ^= 16;
        let error = KeySlots::read(&Sim::of(bytes)).unwrap_err();
        let expected = if at < 8 { "not an Almoner store" } else { "damaged" };
        assert!(error.to_string().contains(expected), "{at}: {error}");
    }
    let error = KeySlots::read(&Sim::of(vec![1; 30_000])).unwrap_err();
    assert!(matches!(error, KeyError::NotAStore));
}

fn device() -> KeyRing {
    KeyRing::with_device(Kek::generate().unwrap())
}

fn new_slots(keys: &KeyRing) -> (Sim, Dek) {
    let (sim, dek) = (Sim::default(), Dek::generate().unwrap());
    sim.set_len(24_576).unwrap();
    KeySlots::create(&dek, keys).unwrap().write(&sim).unwrap();
    (sim, dek)
}
