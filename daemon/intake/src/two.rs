//! What the receipt says of a file's word that two records are one, or are not.

use almoner_core::export::{Problem, Severity};
use almoner_frame::Two;

/// What became of it, for the nurse who reads the receipt.
pub(crate) fn told(two: Two, at: &str) -> Problem {
    let (code, words) = match two {
        Two::BecameOne => (
            "records_merged",
            "The sender made one record of two, and so two records became one here. It can be taken \
             back on the patient's page.",
        ),
        Two::Proposed => (
            "merge_proposed",
            "The sender says that two records are one person. Somebody has worked on both, or it is \
             not clear which they are: decide it among the possible duplicates.",
        ),
        Two::Retired => (
            "number_retired",
            "The sender gave a patient another number. Files that still name the old one go to the \
             same patient.",
        ),
        Two::Unlinked => (
            "records_unlinked",
            "The sender says that two records are not one person. They are two here, and are no longer \
             proposed as one.",
        ),
        Two::Doubted => (
            "one_record_doubted",
            "The sender says that two of its numbers are two people. They are one record here: decide \
             among the possible duplicates whether it is to be parted.",
        ),
    };
    Problem::new(Severity::Info, at, code, words)
}
