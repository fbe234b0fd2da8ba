//! What a reader makes of one dropped file: the seam between `formats` (bytes in) and the areas
//! (facts stored). A reader invents nothing: a statement is here because the file says it.

use crate::clinical::{Content, Identifier, Patient, When};
use crate::lists::{Ask, Remark};
use serde::{Deserialize, Serialize};

/// What a file is and what it says.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Export {
    /// `ccda`, `fhir`, `hl7v2` … as in the receipt's `format`.
    pub format: String,
    /// `R2.1`, `R1.1`, `C32`, `R4`, `2.5.1` …; empty when the file does not tell.
    pub version: String,
    /// `discharge-summary`, `ccd`, `bundle`, `ndjson`, `adt` …
    pub document: String,
    /// The software that wrote it, in its own words.
    pub software: String,
    /// Title of the document, when it has one.
    pub title: String,
    pub created: Option<When>,
    /// BCP-47 tag of the document's language, when it says.
    pub language: String,
    /// The document's own id, and the set of versions it belongs to (CDA `id`, `setId`,
    /// `versionNumber`).
    pub identifier: Option<Identifier>,
    pub set: Option<Identifier>,
    pub set_version: Option<u32>,
    /// The documents it takes the place of (CDA `relatedDocument[@typeCode='RPLC']`, FHIR
    /// `Composition.relatesTo` with code `replaces`).
    pub replaces: Vec<Identifier>,
    /// Confidentiality of the whole (`N`, `R`, `V`); empty when not said.
    pub confidentiality: String,
    /// One entry per patient of a document or set; per message, in order, for HL7 v2.
    pub people: Vec<PersonStatements>,
    /// Statements about nobody: practitioners, organizations, resources of a directory.
    pub shared: Vec<Statement>,
    pub problems: Vec<Problem>,
    /// Other words by which raw FHIR resources of this export refer to its statements and people
    /// (`urn:uuid:…`, full URLs, `Practitioner?identifier=…`), each with the key that is meant.
    pub aliases: Vec<(String, String)>,
    /// A list of which nothing was taken yet: somebody has to say what its columns are.
    pub ask: Option<Box<Ask>>,
}

/// What the file says of one patient.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PersonStatements {
    /// Key of the patient's own statement (FHIR: `Patient/ID`), for references to it.
    pub key: String,
    /// Where in the file the demographics stand.
    pub place: String,
    pub patient: Patient,
    /// Raw FHIR JSON of the Patient, where the source was FHIR.
    pub verbatim: Option<String>,
    /// The message that said so (HL7 v2 only).
    pub message: Option<Message>,
    pub statements: Vec<Statement>,
    /// What a sheet of the clinic says in columns of its own.
    pub remarks: Vec<Remark>,
    /// Other records of whom the file says that they are the same person, or are not.
    pub others: Vec<Other>,
}

/// What a file says of another record beside the patient's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Other {
    pub how: How,
    /// The numbers of the other record, as the sender gives them.
    pub identifiers: Vec<Identifier>,
}

/// What two records are to each other, by the word of a source (HL7 v2.5.1 sections 3.3.24 to 3.3.51;
/// FHIR `Patient.link`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// The other is given up for this one (A18, A30, A34, A36, A39, A40, A47).
    Merged,
    /// The other is given up for this one, and has a record of its own (FHIR `replaces`).
    Replaces,
    /// This one is given up for the other (FHIR `replaced-by`).
    ReplacedBy,
    /// Both stay, and are one person (A24; FHIR `seealso`, `refer`).
    Linked,
    /// They were taken for one person and are not (A37).
    Unlinked,
}

/// An HL7 v2 message: what happened (`MSH-9`, `EVN`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Message {
    /// `ADT`, `SIU`, `ORU`, `MDM` …
    pub code: String,
    /// `A03`, `S12` …; empty when the message does not tell.
    pub trigger: String,
    pub control_id: String,
    pub at: Option<When>,
    pub sending_application: String,
    pub sending_facility: String,
}

/// Whether a statement asserts a thing, its absence, or that there is nothing of its kind.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Sense {
    /// It is so.
    #[default]
    Stated,
    /// This one thing is not so: "does not take aspirin", "vaccine refused" (`negated`).
    Negated,
    /// There is none of the kind: "no known allergies" (`none_known`).
    NoneKnown,
}

/// One statement of the file, with its place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Statement {
    /// Unlike for every statement of the export; references point to it. FHIR: `Type/ID` or the
    /// fullUrl; else the place.
    pub key: String,
    /// Where in the file: an XPath-like place, `segment 4 field 3`, or `line:column`.
    pub place: String,
    pub content: Content,
    #[serde(default)]
    pub sense: Sense,
    /// The source's own identifiers of this statement, the steadiest first.
    #[serde(default)]
    pub identifiers: Vec<Identifier>,
    #[serde(default)]
    pub recorded: Option<When>,
    /// Who said it, in words.
    #[serde(default)]
    pub author: String,
    /// The section's title or the file's own heading for it.
    #[serde(default)]
    pub section: String,
    /// Words of the narrative that this statement refers to.
    #[serde(default)]
    pub narrative: String,
    /// Sensitivity labels of the source (DS4P, `R`, `V`, `42CFRPart2` …).
    #[serde(default)]
    pub labels: Vec<String>,
    /// The raw FHIR resource (JSON), where the source was FHIR: served back whole.
    #[serde(default)]
    pub verbatim: Option<String>,
    /// True where two statements of one file that look alike are still two (FHIR resources with
    /// ids of their own); false where the same fact may be told twice (C-CDA sections).
    #[serde(default)]
    pub distinct: bool,
}

/// How bad a problem of a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Something of the file was not taken.
    Error,
    /// Taken, but look at it.
    Warning,
    /// Worth knowing.
    Info,
}

/// What could not be read, where, and why; never with patient data in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    pub severity: Severity,
    /// Where in the file.
    pub at: String,
    /// A short steady token, such as `xml_malformed`.
    pub code: String,
    /// What happened, in words a nurse understands, without patient data.
    pub message: String,
}

impl Problem {
    /// A problem of the given severity.
    pub fn new(severity: Severity, at: impl Into<String>, code: &str, message: &str) -> Self {
        Self { severity, at: at.into(), code: code.to_owned(), message: message.to_owned() }
    }
}

/// Why nothing at all could be taken from a file: it is set aside whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unreadable {
    /// What the file seems to be (`ccda`, `unknown` …).
    pub format: String,
    pub problem: Problem,
}

/// One thing that a reader tells of a dropped file. Of each member it tells the beginning, its
/// pieces, and the end; of one that can't be read, only the end. Told again of the same bytes by the
/// same reader, it is the same, piece by piece.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Told {
    Begin(Heading),
    Piece(Box<Piece>),
    End(Box<Ending>),
}

/// What a member of a file is, as far as its beginning tells.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heading {
    /// Path within the archive; empty for the file itself.
    pub path: String,
    pub format: String,
    pub document: String,
    pub software: String,
}

/// Some statements of one person, or of nobody: few enough to be taken in one transaction.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Piece {
    /// Whose; without statements.
    pub person: Option<PersonStatements>,
    pub statements: Vec<Statement>,
    /// The person's last piece.
    pub last: bool,
    /// In the last piece of a message that came in several: the visits of the pieces before, so that
    /// the message can be understood as a whole.
    pub visits: Vec<Statement>,
}

/// The end of a member.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ending {
    /// Path within the archive; empty for the file itself.
    pub path: String,
    /// All that was not told before: the export without its statements.
    pub outcome: Result<Export, Unreadable>,
}
