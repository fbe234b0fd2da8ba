//! TLS without a public authority: the appliance makes its own root and intermediate at the first
//! start, issues its own leaf, renews it, and swaps it without dropping a connection
//! (`security.md` 2.4).

mod authority;
mod papers;

pub(crate) use papers::Certificates;
