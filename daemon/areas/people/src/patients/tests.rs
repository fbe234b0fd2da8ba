//! Joining people: the cases in which two records are one person, may be, or are not.
