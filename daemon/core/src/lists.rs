//! Lists: what the columns of a sheet mean, how one such sheet is read, and what has to be asked
//! when that is not sure. A reading that a person confirmed is a [`Profile`]: the next sheet of the
//! same source with the same header is read with it.

use serde::{Deserialize, Serialize};

/// Rows of a list that are kept for the question what its columns mean.
pub const SAMPLE_ROWS: usize = 20;

macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident = $key:literal,)*) => {
        /// What a column of a list can hold (`detection.md` §12). Its key stands in saved profiles.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        pub enum Field {
            $($(#[$doc])* #[serde(rename = $key)] $name,)*
        }

        impl Field {
            /// Every one of them, as a choice shows them.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// Its name in data, forms and message keys.
            pub fn key(self) -> &'static str {
                match self { $(Self::$name => $key,)* }
            }
        }
    };
}

fields! {
    /// Record number at the source.
    Mrn = "mrn",
    Ssn = "ssn",
    /// The whole name in one cell.
    Name = "name",
    LastName = "last-name",
    FirstName = "first-name",
    MiddleName = "middle-name",
    Suffix = "suffix",
    PreferredName = "preferred-name",
    BirthDate = "dob",
    Sex = "sex",
    Phone = "phone",
    MobilePhone = "mobile-phone",
    WorkPhone = "work-phone",
    Email = "email",
    Address = "address",
    Address2 = "address2",
    City = "city",
    State = "state",
    Zip = "zip",
    Language = "language",
    Interpreter = "interpreter",
    Race = "race",
    Ethnicity = "ethnicity",
    Marital = "marital",
    Deceased = "deceased",
    Pcp = "pcp",
    Payer = "payer",
    Plan = "plan",
    MemberId = "member-id",
    Group = "group",
    Effective = "effective",
    Termination = "termination",
    AppointmentId = "appt-id",
    AppointmentDate = "appt-date",
    AppointmentTime = "appt-time",
    AppointmentEnd = "appt-end",
    Duration = "duration",
    VisitType = "visit-type",
    Reason = "reason",
    AppointmentStatus = "appt-status",
    Provider = "provider",
    Location = "location",
    ReferralId = "referral-id",
    ReferralDate = "referral-date",
    ReferredTo = "referred-to",
    Specialty = "specialty",
    ReferringProvider = "referring-provider",
    Urgency = "urgency",
    ReferralStatus = "referral-status",
    AuthNumber = "auth-number",
    AuthExpires = "auth-expires",
    VisitsAuthorized = "visits-authorized",
    DateSeen = "date-seen",
    ReportReceived = "report-received",
    Diagnosis = "diagnosis",
    DiagnosisCode = "diagnosis-code",
    Onset = "onset",
    Resolved = "resolved",
    ProblemStatus = "problem-status",
    Medication = "medication",
    MedicationCode = "medication-code",
    Dose = "dose",
    Sig = "sig",
    Route = "route",
    Frequency = "frequency",
    MedicationStart = "med-start",
    MedicationStop = "med-stop",
    MedicationStatus = "med-status",
    Refills = "refills",
    Allergen = "allergen",
    Reaction = "reaction",
    Severity = "severity",
    AllergyStatus = "allergy-status",
    VisitId = "visit-id",
    AdmitDate = "admit-date",
    DischargeDate = "discharge-date",
    Facility = "facility",
    Disposition = "disposition",
    PatientClass = "patient-class",
    Vaccine = "vaccine",
    VaccineCode = "vaccine-code",
    VaccineDate = "vaccine-date",
    Lot = "lot",
    Manufacturer = "manufacturer",
    Test = "test",
    TestCode = "test-code",
    ResultValue = "result-value",
    Unit = "unit",
    ReferenceRange = "reference-range",
    Flag = "flag",
    ResultDate = "result-date",
    /// Whose patient it is here: matched with the staff, and kept as a column of the caseload.
    Coordinator = "coordinator",
}

impl Field {
    /// The field of a key.
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|field| field.key() == key)
    }

    /// Whether its cells are days.
    pub fn is_date(self) -> bool {
        matches!(
            self,
            Self::BirthDate
                | Self::Effective
                | Self::Termination
                | Self::AppointmentDate
                | Self::ReferralDate
                | Self::AuthExpires
                | Self::DateSeen
                | Self::Onset
                | Self::Resolved
                | Self::MedicationStart
                | Self::MedicationStop
                | Self::AdmitDate
                | Self::DischargeDate
                | Self::VaccineDate
                | Self::ResultDate
        )
    }
}

/// What a list is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListKind {
    Patients,
    /// The clinic's own tracking sheet: patients, with columns of the clinic.
    Tracking,
    Appointments,
    Referrals,
    Problems,
    Medications,
    Allergies,
    Coverage,
    Discharges,
    Immunizations,
    Results,
}

impl ListKind {
    /// Every kind, as a choice shows them.
    pub const ALL: [Self; 11] = [
        Self::Patients,
        Self::Tracking,
        Self::Appointments,
        Self::Referrals,
        Self::Problems,
        Self::Medications,
        Self::Allergies,
        Self::Coverage,
        Self::Discharges,
        Self::Immunizations,
        Self::Results,
    ];

    /// Its name in data, receipts (`document`) and message keys.
    pub fn key(self) -> &'static str {
        match self {
            Self::Patients => "patients",
            Self::Tracking => "tracking",
            Self::Appointments => "appointments",
            Self::Referrals => "referrals",
            Self::Problems => "problems",
            Self::Medications => "medications",
            Self::Allergies => "allergies",
            Self::Coverage => "coverage",
            Self::Discharges => "discharges",
            Self::Immunizations => "immunizations",
            Self::Results => "results",
        }
    }

    /// The kind of a key.
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }
}

/// Which of day and month comes first in `3/4/2026`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    #[default]
    MonthFirst,
    DayFirst,
}

/// What becomes of a column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Use {
    /// Nothing is taken of it; the file keeps it.
    #[default]
    Leave,
    /// A column of the caseload, under its own name.
    Caseload,
    Field(Field),
}

impl Use {
    /// Its value in a form.
    pub fn key(self) -> &'static str {
        match self {
            Self::Leave => "",
            Self::Caseload => "caseload",
            Self::Field(field) => field.key(),
        }
    }

    /// The use that a form's value means; what is not known is left.
    pub fn parse(key: &str) -> Self {
        match key {
            "caseload" => Self::Caseload,
            key => Field::parse(key).map_or(Self::Leave, Self::Field),
        }
    }
}

/// How the rows of a list are read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    pub kind: ListKind,
    #[serde(default)]
    pub dates: DateOrder,
    /// Column keys ([`Ask::columns`]), each with what becomes of it; in any order.
    pub columns: Vec<(String, Use)>,
}

impl Mapping {
    /// What becomes of a column; one that is not named is left.
    pub fn of(&self, column: &str) -> Use {
        let found = self.columns.iter().find(|(key, _)| key == column);
        found.map_or(Use::Leave, |(_, use_)| *use_)
    }
}

/// A reading that somebody confirmed, with the name they gave it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    pub name: String,
    /// The source whose sheets are read so: the folder below `intake/`, or empty.
    pub source: String,
    /// The header that it knows ([`fingerprint`]).
    pub fingerprint: String,
    pub mapping: Mapping,
}

/// Why somebody has to be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Doubt {
    /// No row reads like a header that is known.
    Header,
    /// It fits two kinds of list equally well, or none.
    Kind,
    /// A date begins with a number above 12: the day may come first everywhere.
    Dates,
}

impl Doubt {
    /// Its message key.
    pub fn key(self) -> &'static str {
        match self {
            Self::Header => "header",
            Self::Kind => "kind",
            Self::Dates => "dates",
        }
    }
}

/// A list whose columns somebody has to explain: enough of it to show how it would be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    pub doubt: Doubt,
    /// Names of the columns, unlike for each, in the order of the sheet.
    pub columns: Vec<Heading>,
    /// The first rows below the header, each with its number in the sheet.
    pub rows: Vec<(u64, Vec<String>)>,
    /// Whether serial numbers of days count from 1904.
    #[serde(default)]
    pub from_1904: bool,
    /// What it would be taken for.
    pub proposal: Mapping,
}

/// The name of a column.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heading {
    /// Unlike for every column; the same wherever the column stands.
    pub key: String,
    /// As written.
    pub text: String,
}

/// A header as it is recognised again: the keys of its columns, in whatever order they stand.
pub fn fingerprint(columns: &[Heading]) -> String {
    let mut keys: Vec<&str> = columns.iter().map(|column| column.key.as_str()).collect();
    keys.sort_unstable();
    keys.join("|")
}

/// The type of a column of the caseload.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnType {
    #[default]
    Text,
    Date,
    YesNo,
    Choice,
}

impl ColumnType {
    /// Every type, as a choice shows them.
    pub const ALL: [Self; 4] = [Self::Text, Self::Date, Self::YesNo, Self::Choice];

    /// Its name in forms and message keys.
    pub fn key(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Date => "date",
            Self::YesNo => "yes-no",
            Self::Choice => "choice",
        }
    }
}

/// What a sheet of the clinic says of one patient in one of its own columns.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Remark {
    /// Name of the column, as written.
    pub column: String,
    /// Its place in the sheet.
    pub order: u32,
    /// What its values look like, all over the sheet.
    pub type_: ColumnType,
    /// As written; a day as `2026-11-19`, yes and no as `yes` and `no`; empty where nothing stands.
    pub value: String,
    /// Where it stands: `row 17`.
    pub place: String,
    /// The column says whose patient it is.
    pub coordinator: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_and_kind_is_found_by_its_key() {
        for field in Field::ALL {
            assert_eq!(Field::parse(field.key()), Some(*field));
            assert_eq!(Use::parse(field.key()), Use::Field(*field));
            let stored = toml::Value::try_from(field).unwrap();
            assert_eq!(stored.as_str(), Some(field.key()));
        }
        assert!(ListKind::ALL.into_iter().all(|kind| ListKind::parse(kind.key()) == Some(kind)));
        assert_eq!(Use::parse("anything"), Use::Leave);
    }

    #[test]
    fn a_header_is_known_in_any_order() {
        let column = |key: &str| Heading { key: key.into(), text: String::new() };
        let (a, b) = (fingerprint(&["x", "y"].map(column)), fingerprint(&["y", "x"].map(column)));
        assert_eq!(a, b);
        assert_ne!(a, fingerprint(&["x"].map(column)));
    }
}
