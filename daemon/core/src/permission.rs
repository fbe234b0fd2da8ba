//! The one table of permissions: what may be done, and by which roles. The gate and the pages'
//! navigation read it; nothing else decides who may do what.

use crate::actor::Role;
use Role::{Clinician, Coordinator, FrontDesk, Lead, PrivacyOfficer};

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident = $key:literal: $roles:expr;)*) => {
        /// One thing that may be allowed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum May { $($(#[$doc])* $name,)* }

        impl May {
            /// Every permission, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Its name on the trail and in reports.
            pub fn key(self) -> &'static str {
                match self { $(Self::$name => $key,)* }
            }

            /// The roles that hold it.
            pub fn roles(self) -> &'static [Role] {
                match self { $(Self::$name => $roles,)* }
            }
        }
    };
}

permissions! {
    /// See one's own account and settings, the help and the plain status.
    UseOwnAccount = "own_account": &Role::ALL;
    /// See My day and other worklists.
    SeeWorklist = "worklist.see": &[Coordinator, Lead, Clinician];
    /// Find people by name, birth date or record number.
    FindPatients = "patients.find": &[Coordinator, Lead, Clinician, FrontDesk];
    /// See who a patient is and how to reach them.
    SeeDemographics = "demographics.see": &[Coordinator, Lead, Clinician, FrontDesk];
    /// See clinical facts, documents and the care record.
    SeeChart = "chart.see": &[Coordinator, Lead, Clinician];
    /// Write contacts and notes.
    RecordContact = "contact.record": &[Coordinator, Lead, Clinician];
    /// Open, change and finish tasks.
    WorkTasks = "tasks.work": &[Coordinator, Lead, Clinician, FrontDesk];
    /// See the transitions of all patients.
    SeeTransitions = "transitions.see": &[Coordinator, Lead, Clinician];
    /// Open, change and end transitions.
    WorkTransitions = "transitions.work": &[Coordinator, Lead];
    /// See the directory of the community's services, and the questions of assessments: nothing in
    /// them is of a patient.
    SeeResources = "resources.see": &[Coordinator, Lead, Clinician, FrontDesk];
    /// Give patients to coordinators.
    AssignCaseload = "caseload.assign": &[Lead];
    /// Change what stands in the caseload's own columns, and the columns.
    ChangeCaseload = "caseload.change": &[Coordinator, Lead];
    /// Decide whether two records are one person.
    DecideMatch = "match.decide": &[Coordinator, Lead];
    /// See dropped files, their receipts and problems.
    SeeIntake = "intake.see": &[Coordinator, Lead];
    /// Take a file back as a whole, or have it read again.
    UndoIntake = "intake.undo": &[Lead];
    /// See who saw or changed a record, and the whole trail.
    SeeTrail = "trail.see": &[PrivacyOfficer];
    /// See who saw or changed one patient's record.
    SeePatientTrail = "trail.patient": &[PrivacyOfficer, Lead];
    /// Read the chart through FHIR.
    ReadFhir = "fhir.read": &[Coordinator, Lead, Clinician];
    /// Read audit events through FHIR.
    ReadFhirAudit = "fhir.audit": &[PrivacyOfficer];
}

impl May {
    /// Whether somebody of this role holds it.
    pub fn allows(self, role: Role) -> bool {
        self.roles().contains(&role)
    }
}
