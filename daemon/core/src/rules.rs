//! The numbers of the rules: read from versioned data, never written in code.

/// All rule data that the appliance runs with.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// The clinic's time zone.
    pub zone: crate::time::Zone,
}

impl Rules {
    /// Changes whenever any rule does: the store builds the loops anew then.
    pub fn fingerprint(&self) -> String {
        format!("{:?}", self.zone)
    }
}
