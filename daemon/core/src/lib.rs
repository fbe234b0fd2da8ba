//! The words that every part of Almoner shares: ids, time, people who act, permissions, clinical
//! facts, loops, rules and faults. Pure: nothing here touches a file or a network, and only
//! [`time::Clock`] reads a clock.

pub mod actor;
pub mod changes;
pub mod clinical;
pub mod config;
pub mod control;
pub mod export;
pub mod fault;
pub mod ids;
pub mod lists;
pub mod loops;
pub mod permission;
pub mod phrase;
pub mod receipt;
pub mod rules;
pub mod text;
pub mod time;
