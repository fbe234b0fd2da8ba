//! Who is signed in: made by the sign-in of `serve`, believed by the gate.

use crate::language::Language;
use almoner_core::actor::Role;
use almoner_core::ids::StaffId;

/// A person signed in, for one request.
#[derive(Clone, Debug)]
pub struct Session {
    pub staff: StaffId,
    pub role: Role,
    /// The person's name, as pages greet them.
    pub name: String,
    pub language: Language,
    /// `system`, `light` or `dark`.
    pub theme: String,
    /// Opaque name of the visit, for the trail; not the session's secret.
    pub visit: String,
    /// What the pages of this session carry, so that a form is only ever saved by whom it was drawn
    /// for; not the session's secret either.
    pub mark: String,
    /// Network address of the request.
    pub address: Option<String>,
}
