//! Walks the area's pages as a person would.
