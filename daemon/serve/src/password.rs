//! Passwords: how they are hashed (argon2id, few at once), and which are refused (NIST SP
//! 800-63B-4: length, a list of common ones, words of the place; no rules about characters).

use crate::settings::Cost;
use almoner_core::fault::{Fault, Outcome};
use almoner_core::phrase::Phrase;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use std::sync::{Condvar, Mutex, PoisonError};
use unicode_normalization::UnicodeNormalization;

/// Hashes at once, and how many may wait: bounds memory to 128 MiB in a flood.
const AT_ONCE: usize = 2;
const WAITING: usize = 32;
/// Longest password; longer ones are cut off nowhere but refused.
const LONGEST: usize = 256;

/// Hashes and verifies, a few at once.
pub struct Hasher {
    cost: Cost,
    /// Verified for unknown names, so that they take as long.
    dummy: String,
    gate: Mutex<(usize, usize)>,
    freed: Condvar,
}

/// Too many people sign in at this moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Busy;

impl Hasher {
    /// A hasher of this cost.
    pub fn new(cost: Cost) -> Outcome<Self> {
        let dummy = hash("nobody's password", cost)?;
        Ok(Self { cost, dummy, gate: Mutex::new((0, 0)), freed: Condvar::new() })
    }

    /// Whether this is the password; without a hash as slow, and false. Blocking.
    pub fn verify(&self, password: &str, phc: Option<&str>) -> Result<bool, Busy> {
        let typed: String = password.nfc().collect();
        let known = phc.unwrap_or(&self.dummy);
        let same =
            self.in_turn(|| Argon2::default().verify_password(typed.as_bytes(), known).is_ok())?;
        Ok(same && phc.is_some())
    }

    /// The PHC string of a password. Blocking.
    pub fn hash(&self, password: &str) -> Result<Outcome<String>, Busy> {
        self.in_turn(|| hash(password, self.cost))
    }

    fn in_turn<T>(&self, work: impl FnOnce() -> T) -> Result<T, Busy> {
        let mut gate = self.gate.lock().unwrap_or_else(PoisonError::into_inner);
        if gate.1 >= WAITING {
            return Err(Busy);
        }
        gate.1 += 1;
        while gate.0 >= AT_ONCE {
            gate = self.freed.wait(gate).unwrap_or_else(PoisonError::into_inner);
        }
        *gate = (gate.0 + 1, gate.1 - 1);
        drop(gate);
        let done = work();
        self.gate.lock().unwrap_or_else(PoisonError::into_inner).0 -= 1;
        self.freed.notify_one();
        Ok(done)
    }
}

/// The PHC string of a password, argon2id, with a salt of its own. Takes a moment and, at the
/// default cost, 64 MiB.
pub fn hash(password: &str, cost: Cost) -> Outcome<String> {
    let broken = |what: String| Fault::broken(format!("a password could not be hashed: {what}"));
    let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, None)
        .map_err(|cause| broken(cause.to_string()))?;
    let mut salt = [0; 16];
    ring::rand::SecureRandom::fill(&ring::rand::SystemRandom::new(), &mut salt)
        .map_err(|_| Fault::broken("the machine gave no random numbers"))?;
    let typed: String = password.nfc().collect();
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let phc = argon.hash_password_with_salt(typed.as_bytes(), &salt);
    phc.map(|phc| phc.to_string()).map_err(|cause| broken(cause.to_string()))
}

/// What is wrong with a new password, if anything. `words` are those of the place: product,
/// clinic, the person's names.
pub fn problem(password: &str, shortest: usize, words: &[&str]) -> Option<Phrase> {
    let letters = password.nfc().count();
    if letters < shortest {
        let shortest = i64::try_from(shortest).unwrap_or(i64::MAX);
        return Some(Phrase::new("password-short").with("n", shortest));
    }
    if letters > LONGEST {
        return Some(Phrase::new("password-long"));
    }
    let folded: String = password.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    if is_common(&folded) || is_repeated(&folded) {
        return Some(Phrase::new("password-common"));
    }
    let rest = words.iter().fold(folded, |rest, words| {
        let parts = words.split(|c: char| !c.is_alphanumeric());
        parts
            .filter(|part| part.chars().count() >= 4)
            .fold(rest, |rest, part| rest.replace(&part.to_lowercase(), ""))
    });
    (rest.chars().count() < shortest / 2).then(|| Phrase::new("password-words"))
}

fn is_common(folded: &str) -> bool {
    let list = include_str!("../../../config/data/passwords/common.txt");
    let mut lines = list.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    lines
        .any(|line| folded == line || folded.trim_end_matches(|c: char| c.is_ascii_digit()) == line)
}

/// A short piece said again and again, or a run along the alphabet, the digits or the keyboard.
fn is_repeated(folded: &str) -> bool {
    const RUNS: [&str; 4] = [
        "abcdefghijklmnopqrstuvwxyz",
        "01234567890123456789",
        "qwertyuiopasdfghjklzxcvbnm",
        "zyxwvutsrqponmlkjihgfedcba",
    ];
    let letters: Vec<char> = folded.chars().collect();
    let again = (1..=4)
        .any(|step| letters.iter().zip(letters.iter().skip(step)).all(|(one, other)| one == other));
    again || RUNS.iter().any(|run| run.contains(folded))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHEAP: Cost = Cost { memory_kib: 64, passes: 1, lanes: 1 };

    #[test]
    fn only_the_same_password_is_the_same() {
        let hasher = Hasher::new(CHEAP).unwrap();
        let phc = hasher.hash("correct horse é").unwrap().unwrap();
        assert!(phc.starts_with("$argon2id$v=19$m=64,t=1,p=1$"));
        assert_eq!(hasher.verify("correct horse e\u{301}", Some(&phc)), Ok(true));
        assert_eq!(hasher.verify("correct horse", Some(&phc)), Ok(false));
        assert_eq!(hasher.verify("nobody's password", None), Ok(false));
    }

    #[test]
    fn weak_passwords_are_refused_and_odd_ones_are_not() {
        let words = ["Harbor Street Clinic", "rosa", "Rosa Delgado", "almoner"];
        let key = |password| problem(password, 15, &words).map(|phrase| phrase.key.into_owned());
        assert_eq!(key("short").as_deref(), Some("password-short"));
        assert_eq!(key("passwordpassword").as_deref(), Some("password-common"));
        assert_eq!(key("abcabcabcabcabcabc").as_deref(), Some("password-common"));
        assert_eq!(key("012345678901234567").as_deref(), Some("password-common"));
        assert_eq!(key("Harbor-Rosa-Clinic-1").as_deref(), Some("password-words"));
        assert_eq!(key("kelp ladder ninety moss"), None);
        assert_eq!(key("пароль из моря и соли"), None);
    }
}
