//! Backups written, read back, damaged in every place and opened with the wrong keys.

use std::collections::BTreeMap;

use almoner_trail::{NoteSigner, VerifierKey};
use tempfile::TempDir;

use super::*;

type Rows = BTreeMap<String, Vec<(Vec<u8>, Vec<u8>)>>;

fn identity(number: u8) -> Identity {
    identity_from_bytes(&[number; 32]).unwrap()
}

fn signer() -> NoteSigner {
    NoteSigner::new("harbor-street.example/trail", &[6; 32]).unwrap()
}

fn key() -> VerifierKey {
    signer().verifier_key().clone()
}

fn about() -> About {
    About {
        schema: 3,
        redb: "4.6.0".into(),
        app: "0.1.0".into(),
        taken_at: "2026-11-22T02:10:00Z".into(),
        checkpoint: "harbor-street.example/trail\n0\n…\n".into(),
    }
}

/// Bytes that do not compress, the same for the same seed.
fn noise(length: usize, mut seed: u64) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        bytes.extend_from_slice(&(seed >> 16).to_be_bytes());
    }
    bytes.truncate(length);
    bytes
}

/// Three tables: small rows, none, and values wider than two frames.
fn rows() -> Rows {
    let small = (0_u32..3000)
        .map(|n| {
            (n.to_be_bytes().to_vec(), format!("row number {n}, Ada of Harbor Street").into_bytes())
        })
        .collect();
    let wide = vec![(b"".to_vec(), noise(2 * FRAME + 77, 1)), (b"k".to_vec(), Vec::new())];
    BTreeMap::from([("facts".into(), small), ("nothing".into(), Vec::new()), ("wide".into(), wide)])
}

fn fill<W: std::io::Write>(archive: &mut Archive<W>, rows: &Rows) -> Result<(), BackupError> {
    archive.file("almoner.toml", b"[session]\n")?;
    for (name, rows) in rows {
        archive.table(name)?;
        for (key, value) in rows {
            archive.row(key, value)?;
        }
    }
    Ok(())
}

fn made(rows: &Rows) -> (TempDir, Made) {
    let folder = tempfile::tempdir().unwrap();
    let recipients = [identity(1).to_public(), identity(2).to_public()];
    let made = create(folder.path(), "20261122-0210", &recipients, &signer(), about(), |archive| {
        fill(archive, rows)
    });
    (folder, made.unwrap())
}

/// A backup of little, for tests that damage it in many places.
fn small() -> (TempDir, Made) {
    made(&rows().into_iter().filter(|(name, _)| name != "wide").collect())
}

fn check(folder: &TempDir, identities: &[Identity]) -> Result<Verified, BackupError> {
    verify(folder.path(), "20261122-0210", &key(), identities)
}

#[test]
fn what_goes_in_comes_out_with_either_key() {
    let rows = rows();
    let (folder, made) = made(&rows);
    for number in [1, 2] {
        let file = std::io::BufReader::new(std::fs::File::open(&made.path).unwrap());
        let mut reader = ArchiveReader::open(file, &[identity(number)]).unwrap();
        assert_eq!(reader.about(), &about());
        let (mut seen, mut current, mut ended) = (Rows::new(), String::new(), false);
        while let Some(part) = reader.next_part().unwrap() {
            match part {
                Part::File { name, content } => {
                    assert_eq!((name, content), ("almoner.toml", b"[session]\n".as_slice()));
                }
                Part::Table { name } => {
                    name.clone_into(&mut current);
                    seen.insert(current.clone(), Vec::new());
                }
                Part::Row { key, value } => {
                    seen.get_mut(&current).unwrap().push((key.to_vec(), value.to_vec()));
                }
                Part::TableEnd(sum) => assert_eq!(sum.rows, rows[&sum.name].len() as u64),
                Part::End(manifest) => {
                    ended = true;
                    assert_eq!(manifest, &made.outside.manifest);
                }
            }
        }
        assert!(ended && seen == rows);
    }
    let verified = check(&folder, &[identity(9), identity(2)]).unwrap();
    assert!(verified.content);
    assert_eq!(verified.outside, made.outside);
    assert!(!check(&folder, &[]).unwrap().content);
    assert_eq!(list(folder.path()).unwrap(), ["20261122-0210"]);
}

#[test]
fn nothing_of_the_rows_can_be_read_in_the_files() {
    let (folder, made) = small();
    let note = std::fs::read_to_string(folder.path().join("20261122-0210.manifest")).unwrap();
    let bytes = std::fs::read(&made.path).unwrap();
    assert!(!note.contains("Ada") && !bytes.windows(6).any(|six| six == b"Harbor"));
    assert!(bytes.len() < 60_000, "it is compressed: {} bytes", bytes.len());
}

#[test]
fn every_flipped_bit_is_damage_never_a_wrong_key() {
    let (folder, made) = small();
    let sound = std::fs::read(&made.path).unwrap();
    let header: Vec<usize> = (0..450).collect();
    let body = (450..sound.len()).step_by(sound.len() / 150);
    for place in header.into_iter().chain(body) {
        let mut bytes = sound.clone();
        bytes[place] ^= 1 << (place % 8);
        std::fs::write(&made.path, &bytes).unwrap();
        for identities in [vec![identity(1)], Vec::new()] {
            let error = check(&folder, &identities).unwrap_err();
            assert!(matches!(error, BackupError::Altered(_)), "byte {place}: {error}");
            assert_eq!(error.exit_code(), 9);
        }
        let alone = ArchiveReader::open(bytes.as_slice(), &[identity(1)]);
        assert!(
            alone.and_then(ArchiveReader::check_all).is_err(),
            "byte {place}, without manifest"
        );
    }
}

#[test]
fn every_cut_is_told_as_a_cut() {
    let (folder, made) = small();
    let sound = std::fs::read(&made.path).unwrap();
    for length in (0..sound.len()).step_by(sound.len() / 200) {
        std::fs::write(&made.path, &sound[..length]).unwrap();
        let error = check(&folder, &[identity(1)]).unwrap_err();
        assert!(matches!(error, BackupError::Truncated), "{length} bytes: {error}");
        let alone = ArchiveReader::open(&sound[..length], &[identity(1)]);
        let error = alone.and_then(ArchiveReader::check_all).unwrap_err();
        assert_eq!(error.exit_code(), 9, "{length} bytes, without manifest: {error}");
    }
    std::fs::write(&made.path, [sound.as_slice(), b"x"].concat()).unwrap();
    assert!(matches!(check(&folder, &[identity(1)]), Err(BackupError::Altered(_))));
}

#[test]
fn a_stream_that_stops_between_two_frames_is_a_cut() {
    let mut archive = Archive::new(Vec::new(), &[identity(1).to_public()], about()).unwrap();
    fill(&mut archive, &rows()).unwrap();
    let (whole, _) = archive.finish().unwrap();
    for length in (0..whole.len()).step_by(whole.len() / 40) {
        let error = ArchiveReader::open(&whole[..length], &[identity(1)])
            .and_then(ArchiveReader::check_all)
            .unwrap_err();
        assert_eq!(error.exit_code(), 9, "{length} of {} bytes: {error}", whole.len());
    }
}

#[test]
fn a_foreign_key_is_told_as_one() {
    let (folder, _) = small();
    let error = check(&folder, &[identity(9)]).unwrap_err();
    assert!(matches!(error, BackupError::WrongKey), "{error}");
    assert_eq!(error.exit_code(), 10);
    let other = NoteSigner::new("harbor-street.example/trail", &[7; 32]).unwrap();
    let error = verify(folder.path(), "20261122-0210", other.verifier_key(), &[]).unwrap_err();
    assert_eq!((error.code(), error.exit_code()), ("manifest_other_key", 10));
}

#[test]
fn a_changed_manifest_is_damage() {
    let (folder, _) = small();
    let path = folder.path().join("20261122-0210.manifest");
    let text = std::fs::read_to_string(&path).unwrap();
    for (from, to) in [("\"rows\":3000", "\"rows\":3001"), ("4.6.0", "4.6.1"), ("\n\n", "\n")] {
        std::fs::write(&path, text.replacen(from, to, 1)).unwrap();
        let error = check(&folder, &[]).unwrap_err();
        assert_eq!((error.code(), error.exit_code()), ("manifest_damaged", 9));
    }
    std::fs::write(&path, &text).unwrap();
    for end in ["manifest", "backup"] {
        let other = folder.path().join(format!("20261122-0310.{end}"));
        std::fs::copy(folder.path().join(format!("20261122-0210.{end}")), other).unwrap();
    }
    let error = verify(folder.path(), "20261122-0310", &key(), &[]).unwrap_err();
    assert_eq!(error.exit_code(), 9, "a backup under another id");
}

#[test]
fn a_failure_leaves_nothing_and_a_name_is_used_once() {
    let folder = tempfile::tempdir().unwrap();
    let recipients = [identity(1).to_public()];
    let stopped: Result<Made, BackupError> =
        create(folder.path(), "one", &recipients, &signer(), about(), |archive| {
            archive.row(b"key", b"value")
        });
    assert!(matches!(stopped, Err(BackupError::Refused(_))));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    let again =
        || create::<BackupError>(folder.path(), "one", &recipients, &signer(), about(), |_| Ok(()));
    assert!(again().is_ok());
    assert!(matches!(again(), Err(BackupError::Refused(_))));
    for id in ["", "../x", "a b", "x.part"] {
        let refused =
            create::<BackupError>(folder.path(), id, &recipients, &signer(), about(), |_| Ok(()));
        assert!(matches!(refused, Err(BackupError::Refused(_))), "{id:?}");
    }
    let nobody = create::<BackupError>(folder.path(), "two", &[], &signer(), about(), |_| Ok(()));
    assert!(matches!(nobody, Err(BackupError::Refused(_))));
}

/// A key pair published with age's own tests.
#[test]
fn secret_bytes_make_the_published_age_key() {
    let secret = "AGE-SECRET-KEY-1GQ9778VQXMMJVE8SK7J6VT8UJ4HDQAJUVSFCWCM02D8GEWQ72PVQ2Y5J33";
    let public = "age1t7rxyev2z3rw82stdlrrepyc39nvn86l5078zqkf5uasdy86jp6svpy7pa";
    let (_, bytes) = bech32::decode(secret).unwrap();
    let identity = identity_from_bytes(&bytes.try_into().unwrap()).unwrap();
    assert_eq!(identity.to_public().to_string(), public);
    assert_eq!(recipient_from_text(public).unwrap(), identity.to_public());
    assert!(recipient_from_text(secret).is_err());
}
