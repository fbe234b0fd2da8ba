//! What was typed and not yet saved, and what was saved once already. A draft is a form as it was
//! left: nobody but its owner sees it, and it ends when the form is saved or after
//! [`KEPT`]. A [`Sent`] remembers the key of a form that was saved, so that the same form sent twice
//! (double click, Back, retry after a cut) does its work once (`UX.md` §6).

use crate::form::Form;
use crate::route::Next;
use almoner_core::fault::Outcome;
use almoner_core::ids::{PatientId, RawId, StaffId};
use almoner_core::phrase::Phrase;
use almoner_core::record_id;
use almoner_core::time::Timestamp;
use almoner_store::{Index, Key, Keys, Kind, Reader, Record, Writer};
use chrono::TimeDelta;
use ring::digest::{Context, SHA256};
use serde::{Deserialize, Serialize};

/// How long drafts, and the keys of forms that were saved, are kept (`UX.md` §6).
pub const KEPT: TimeDelta = TimeDelta::days(30);

/// Drafts of one person at most; the oldest makes room.
const MOST: usize = 200;

/// Fields that the form itself carries; everything else was typed.
pub const ONCE: &str = "_once";
/// For whose session its page was drawn.
pub const AS: &str = "_as";
/// Where the form sends itself.
pub const ACTION: &str = "_action";
/// The page on which it stands.
pub const PAGE: &str = "_page";
/// What the form is, in words, for the list of drafts.
pub const WHAT: &str = "_what";
/// The draft that it was drawn from, and its version then.
pub const FROM: &str = "_from";
/// The patient whom the form is about.
pub const PATIENT: &str = "patient";

record_id!(
    /// A form as it was left.
    DraftId
);
record_id!(
    /// A form that was saved.
    SentId
);

/// A form as it was left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    pub id: DraftId,
    pub staff: StaffId,
    /// Where the form sends itself.
    pub action: String,
    /// The page on which it stands, with its query.
    pub page: String,
    /// What the form is, in the words of the page.
    pub what: String,
    #[serde(default)]
    pub patient: Option<PatientId>,
    /// Names and values, in the form's order.
    pub fields: Vec<(String, String)>,
    pub saved: Timestamp,
}

/// A form that was saved: its key, what it held, and where it led.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    pub id: SentId,
    /// SHA-256 over what was typed.
    pub typed: Vec<u8>,
    pub path: String,
    #[serde(default)]
    pub notice: Option<Phrase>,
    pub at: Timestamp,
}

const OF_STAFF: Index = Index { code: 60, name: "draft-staff" };
const BY_SAVED: Index = Index { code: 61, name: "draft-saved" };
const ON_PAGE: Index = Index { code: 63, name: "draft-page" };
const BY_SENT: Index = Index { code: 62, name: "sent-at" };

impl Record for Draft {
    type Id = DraftId;
    const KIND: Kind = Kind { code: 6, name: "draft" };
    const HISTORY: bool = false;
    const WITNESSED: bool = false;

    fn id(&self) -> DraftId {
        self.id
    }
    fn patient(&self) -> Option<PatientId> {
        self.patient
    }
    fn keys(&self, keys: &mut Keys) {
        keys.add(OF_STAFF, Key::all().id(self.staff).instant(self.saved));
        keys.add(BY_SAVED, Key::all().instant(self.saved));
        keys.add(ON_PAGE, page_key(self.staff, &self.page).instant(self.saved));
    }
}

impl Record for Sent {
    type Id = SentId;
    const KIND: Kind = Kind { code: 7, name: "sent" };
    const HISTORY: bool = false;
    const WITNESSED: bool = false;

    fn id(&self) -> SentId {
        self.id
    }
    fn patient(&self) -> Option<PatientId> {
        None
    }
    fn keys(&self, keys: &mut Keys) {
        keys.add(BY_SENT, Key::all().instant(self.at));
    }
}

/// One sending of a form by a person.
#[derive(Clone, Debug)]
pub struct Sending {
    staff: StaffId,
    action: String,
    once: String,
    typed: Vec<u8>,
    /// Draft and version that the form was drawn from.
    from: Option<(DraftId, u32)>,
}

/// Whether this form was saved before.
pub enum Before {
    No,
    /// With the same words: this is where it led.
    Same(Next),
    /// With other words: these here were never saved.
    Other,
}

impl Sending {
    /// The sending of a form that carries a key.
    pub fn of(staff: StaffId, action: &str, form: &Form) -> Option<Self> {
        let once = form.text(ONCE);
        (!once.is_empty() && once.len() <= 64).then(|| Self {
            staff,
            action: action.to_owned(),
            once: once.to_owned(),
            typed: digest(typed(form).flat_map(|(key, value)| [key.as_str(), value.as_str()])),
            from: from(form.text(FROM)),
        })
    }

    /// What became of this form's key.
    pub fn before(&self, reader: &Reader<'_>) -> Outcome<Before> {
        Ok(match reader.find::<Sent>(self.sent_id())? {
            None => Before::No,
            Some(sent) if sent.typed == self.typed => {
                Before::Same(Next { path: sent.path, notice: sent.notice })
            }
            Some(_) => Before::Other,
        })
    }

    /// Notes that the form was saved: its draft has ended.
    pub fn done(&self, writer: &mut Writer<'_>, next: &Next) -> Outcome<()> {
        writer.remove::<Draft>(self.draft_id())?;
        adopt(writer, self.staff, self.from)?;
        writer.put(&Sent {
            id: self.sent_id(),
            typed: self.typed.clone(),
            path: next.path.clone(),
            notice: next.notice.clone(),
            at: writer.act().at,
        })
    }

    fn sent_id(&self) -> SentId {
        let staff = self.staff.to_string();
        SentId(derived([staff.as_str(), &self.action, &self.once]))
    }

    fn draft_id(&self) -> DraftId {
        draft_id(self.staff, &self.action, &self.once)
    }
}

/// Keeps a form as it is. A form that was saved meanwhile, or that holds nothing, is not kept;
/// gives back whether it was.
pub fn keep(writer: &mut Writer<'_>, staff: StaffId, form: &Form) -> Outcome<bool> {
    let (action, page) = (form.text(ACTION), form.text(PAGE));
    let Some(sending) = Sending::of(staff, action, form) else { return Ok(false) };
    if !is_own_path(action) || !is_own_path(page) {
        return Ok(false);
    }
    if matches!(sending.before(writer)?, Before::Same(_)) {
        return Ok(false);
    }
    adopt(writer, staff, sending.from)?;
    let mut fields: Vec<(String, String)> = typed(form).cloned().collect();
    fields.push((ONCE.to_owned(), sending.once.clone()));
    let draft = Draft {
        id: sending.draft_id(),
        staff,
        action: action.to_owned(),
        page: page.to_owned(),
        what: form.text(WHAT).chars().take(200).collect(),
        patient: PatientId::parse(form.text(PATIENT)),
        fields,
        saved: writer.act().at,
    };
    let own: Vec<DraftId> = writer.ids(OF_STAFF, &Key::all().id(staff))?;
    for old in own.iter().rev().filter(|id| **id != draft.id).skip(MOST - 1) {
        writer.remove::<Draft>(*old)?;
    }
    writer.put(&draft)?;
    Ok(true)
}

/// A patient's record became a name for another: drafts about them stand on the other's pages.
pub fn follow(writer: &mut Writer<'_>, from: PatientId, into: PatientId) -> Outcome<()> {
    let (old, new) = (from.to_string(), into.to_string());
    let about = |draft: &Draft| draft.patient == Some(from) || draft.page.contains(&old);
    for mut draft in writer.all::<Draft>()?.into_iter().filter(about) {
        draft.page = draft.page.replace(&old, &new);
        draft.action = draft.action.replace(&old, &new);
        draft.patient = draft.patient.map(|id| if id == from { into } else { id });
        for (name, value) in &mut draft.fields {
            if name == PATIENT && *value == old {
                value.clone_from(&new);
            }
        }
        writer.put(&draft)?;
    }
    Ok(())
}

/// Throws a draft away, because its owner says so.
pub fn discard(writer: &mut Writer<'_>, staff: StaffId, id: DraftId) -> Outcome<()> {
    match writer.find::<Draft>(id)? {
        Some(draft) if draft.staff == staff => writer.remove::<Draft>(id),
        _ => Ok(()),
    }
}

/// A person's drafts, the newest first.
pub fn of(reader: &Reader<'_>, staff: StaffId) -> Outcome<Vec<Draft>> {
    let ids: Vec<DraftId> = reader.ids(OF_STAFF, &Key::all().id(staff))?;
    ids.into_iter().rev().map(|id| reader.get(id)).collect()
}

/// A person's drafts of the forms that stand on a page, the newest first, each with its version.
pub fn on_page(reader: &Reader<'_>, staff: StaffId, path: &str) -> Outcome<Vec<(Draft, u32)>> {
    let ids: Vec<DraftId> = reader.ids(ON_PAGE, &page_key(staff, path))?;
    let drafts = ids.into_iter().rev().map(|id| reader.stored::<Draft>(id));
    let drafts: Vec<_> = drafts.collect::<Outcome<_>>()?;
    Ok(drafts.into_iter().flatten().map(|stored| (stored.record, stored.version)).collect())
}

/// Forgets drafts and keys that are older than [`KEPT`]; gives back how many.
pub fn forget_old(writer: &mut Writer<'_>) -> Outcome<usize> {
    let before = writer.act().at - KEPT;
    let (from, to) = (Key::all(), Key::all().instant(before));
    let (mut drafts, mut sent) = (Vec::new(), Vec::new());
    writer.between(BY_SAVED, &from, &to, &mut |id| {
        drafts.push(DraftId(id));
        Ok(true)
    })?;
    writer.between(BY_SENT, &from, &to, &mut |id| {
        sent.push(SentId(id));
        Ok(true)
    })?;
    let count = drafts.len() + sent.len();
    drafts.into_iter().try_for_each(|id| writer.remove::<Draft>(id))?;
    sent.into_iter().try_for_each(|id| writer.remove::<Sent>(id))?;
    Ok(count)
}

/// Ends the draft that a form was drawn from, unless somebody went on with it elsewhere.
fn adopt(writer: &mut Writer<'_>, staff: StaffId, from: Option<(DraftId, u32)>) -> Outcome<()> {
    let Some((id, version)) = from else { return Ok(()) };
    match writer.stored::<Draft>(id)? {
        Some(stored) if stored.record.staff == staff && stored.version == version => {
            writer.remove::<Draft>(id)
        }
        _ => Ok(()),
    }
}

/// The fields that a person filled in or that say what the form is about.
fn typed(form: &Form) -> impl Iterator<Item = &(String, String)> {
    form.fields().iter().filter(|(key, _)| !key.starts_with('_'))
}

fn page_key(staff: StaffId, page: &str) -> Key {
    Key::all().id(staff).text(page.split('?').next().unwrap_or(page))
}

/// `{id}.{version}` of the draft that a form was drawn from.
fn from(text: &str) -> Option<(DraftId, u32)> {
    let (id, version) = text.split_once('.')?;
    Some((DraftId::parse(id)?, version.parse().ok()?))
}

fn draft_id(staff: StaffId, action: &str, once: &str) -> DraftId {
    let staff = staff.to_string();
    DraftId(derived(["draft", staff.as_str(), action, once]))
}

fn derived<'t>(parts: impl IntoIterator<Item = &'t str>) -> RawId {
    let digest = digest(parts);
    let mut id = [0; 16];
    id.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
    RawId::derived(id)
}

/// SHA-256 over parts that can't run into each other.
fn digest<'t>(parts: impl IntoIterator<Item = &'t str>) -> Vec<u8> {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part.as_bytes());
    }
    context.finish().as_ref().to_vec()
}

/// A path of our own, as it may stand in an address.
pub fn is_own_path(path: &str) -> bool {
    let plain = path.chars().all(|c| c.is_ascii_graphic() && c != '\\');
    path.starts_with('/') && !path.starts_with("//") && plain && path.len() < 1000
}
