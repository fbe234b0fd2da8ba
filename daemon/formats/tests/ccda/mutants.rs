//! Damaged documents: the reader may refuse them, it may not fail.
