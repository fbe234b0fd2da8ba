//! The words that every part of Almoner shares: ids, time, people who act, permissions, clinical
//! facts, loops, rules and faults. Pure: nothing here reads a clock, a file or a network, but
//! [`time::Clock`].

pub mod clinical;
pub mod export;
