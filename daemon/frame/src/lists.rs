//! Lists that somebody had to explain: the readings that were saved, by which the intake reads the
//! next list like it, and the questions that are open.

use almoner_core::fault::Outcome;
use almoner_core::ids::{FileId, PatientId, StaffId};
use almoner_core::lists::{Ask, Profile};
use almoner_core::record_id;
use almoner_core::time::Timestamp;
use almoner_store::{Index, Key, Keys, Kind, Reader, Record, Writer};
use serde::{Deserialize, Serialize};

record_id!(
    /// A saved reading of a list.
    ProfileId
);
record_id!(
    /// A question what the columns of a list are.
    QuestionId
);

/// Questions by their file.
const OF_FILE: Index = Index { code: 70, name: "list-question-file" };

/// A reading that somebody saved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SavedProfile {
    pub id: ProfileId,
    pub profile: Profile,
    pub by: Option<StaffId>,
    pub saved: Timestamp,
}

/// A list of which nothing was taken until somebody says what its columns are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Question {
    pub id: QuestionId,
    pub file: FileId,
    /// The list's path within the file, where that is an archive.
    #[serde(default)]
    pub member: String,
    pub ask: Ask,
}

impl Record for SavedProfile {
    type Id = ProfileId;
    const KIND: Kind = Kind { code: 16, name: "list-profile" };

    fn id(&self) -> ProfileId {
        self.id
    }

    fn patient(&self) -> Option<PatientId> {
        None
    }
}

impl Record for Question {
    type Id = QuestionId;
    const KIND: Kind = Kind { code: 17, name: "list-question" };
    const HISTORY: bool = false;

    fn id(&self) -> QuestionId {
        self.id
    }

    fn patient(&self) -> Option<PatientId> {
        None
    }

    fn keys(&self, keys: &mut Keys) {
        keys.add(OF_FILE, Key::all().id(self.file));
    }
}

/// Every saved reading, as the intake uses them.
pub fn profiles(reader: &Reader<'_>) -> Outcome<Vec<Profile>> {
    Ok(reader.all::<SavedProfile>()?.into_iter().map(|saved| saved.profile).collect())
}

/// Saves a reading in the place of an earlier one of the same header and source.
pub fn save_profile(
    writer: &mut Writer<'_>,
    profile: Profile,
    by: Option<StaffId>,
) -> Outcome<ProfileId> {
    let same = |it: &SavedProfile| {
        it.profile.source == profile.source && it.profile.fingerprint == profile.fingerprint
    };
    let known = writer.all::<SavedProfile>()?.into_iter().find(same);
    let id = known.map_or_else(ProfileId::random, |known| known.id);
    writer.put(&SavedProfile { id, profile, by, saved: writer.act().at })?;
    Ok(id)
}

/// The open questions of a file.
pub fn questions(reader: &Reader<'_>, file: FileId) -> Outcome<Vec<Question>> {
    let ids = reader.ids::<QuestionId>(OF_FILE, &Key::all().id(file))?;
    ids.into_iter().map(|id| reader.get(id)).collect()
}

/// Keeps what is to be asked of a file now; earlier questions of it are over.
pub fn keep_questions(
    writer: &mut Writer<'_>,
    file: FileId,
    asked: Vec<(String, Ask)>,
) -> Outcome<()> {
    for over in writer.ids::<QuestionId>(OF_FILE, &Key::all().id(file))? {
        writer.remove::<Question>(over)?;
    }
    for (member, ask) in asked {
        writer.put(&Question { id: QuestionId::random(), file, member, ask })?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use almoner_core::ids::RawId;
    use almoner_core::lists::{DateOrder, Doubt, Field, Heading, ListKind, Mapping, Use};
    use almoner_store::golden;

    #[test]
    fn rows_of_today_are_read_for_ever() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/rows");
        let raw = |n| RawId::from_bytes([n; 16]);
        let columns = vec![
            ("wer".to_owned(), Use::Field(Field::Name)),
            ("was".to_owned(), Use::Caseload),
            ("wo".to_owned(), Use::Leave),
        ];
        let mapping = Mapping { kind: ListKind::Tracking, dates: DateOrder::DayFirst, columns };
        let profile = SavedProfile {
            id: ProfileId(raw(1)),
            profile: Profile {
                name: "Shore".into(),
                source: "shore".into(),
                fingerprint: "was|wer|wo".into(),
                mapping: mapping.clone(),
            },
            by: Some(StaffId(raw(2))),
            saved: "2026-11-19T14:42:00Z".parse().unwrap(),
        };
        golden::keep(&folder, "list-profile-1", &profile);
        assert_eq!(golden::read::<SavedProfile>(&folder, "list-profile-1").unwrap(), profile);
        let question = Question {
            id: QuestionId(raw(3)),
            file: FileId(raw(4)),
            member: "lists/one.csv".into(),
            ask: Ask {
                doubt: Doubt::Dates,
                columns: vec![Heading { key: "wer".into(), text: "Wer".into() }],
                rows: vec![(2, vec!["Quillfeather, Odalys".into()])],
                from_1904: true,
                proposal: mapping,
            },
        };
        golden::keep(&folder, "list-question-1", &question);
        assert_eq!(golden::read::<Question>(&folder, "list-question-1").unwrap(), question);
    }
}
