//! Telling open pages that they are out of date: one stream of server-sent events (HTML Standard, 9.2)
//! a tab. An event says only that the worklist changed and how many loops are new, never which.

use crate::Doors;
use crate::ask::{Answer, Ask};
use crate::gate::{Signed, Who};
use almoner_core::fault::Outcome;
use almoner_core::ids::{RawId, StaffId};
use almoner_core::loops::Owner;
use bytes::Bytes;
use hyper::{Method, StatusCode, header};
use std::collections::{BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::mpsc;

/// How often a stream looks, and after how many looks without news it says that it lives.
const LOOK: Duration = Duration::from_secs(2);
const SILENT: u32 = 10;
/// Streams of one session at most; the marks remembered of all.
const STREAMS: usize = 8;
const MARKS: usize = 2048;

/// What a loop is, in short: who it is and what it says.
type Picture = BTreeSet<u64>;

/// The streams that are open, and what the pages showed when they were drawn.
#[derive(Default)]
pub(crate) struct Streams {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    open: HashMap<RawId, usize>,
    marks: Vec<(String, Arc<Picture>)>,
}

impl Streams {
    fn enter(&self, session: RawId) -> bool {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let open = inner.open.entry(session).or_default();
        let room = *open < STREAMS;
        *open += usize::from(room);
        room
    }

    fn leave(&self, session: RawId) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(open) = inner.open.get_mut(&session) {
            *open = open.saturating_sub(1);
            if *open == 0 {
                inner.open.remove(&session);
            }
        }
    }

    /// What the page of this mark showed; the first look of its stream says so.
    fn first(&self, mark: &str, now: impl FnOnce() -> Outcome<Picture>) -> Outcome<Arc<Picture>> {
        let known = |inner: &Inner| {
            inner
                .marks
                .iter()
                .find(|(name, _)| name == mark)
                .map(|(_, picture)| Arc::clone(picture))
        };
        if let Some(picture) = known(&self.inner.lock().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(picture);
        }
        let picture = Arc::new(now()?);
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if inner.marks.len() >= MARKS {
            inner.marks.remove(0);
        }
        inner.marks.push((mark.to_owned(), Arc::clone(&picture)));
        Ok(picture)
    }
}

impl Doors {
    /// The stream of a tab, if this is the path of it.
    pub(crate) async fn events(self: &Arc<Self>, ask: &Ask) -> Option<Answer> {
        if ask.path != "/events" || ask.method != Method::GET {
            return None;
        }
        let (doors, asked) = (Arc::clone(self), ask.clone());
        let who = tokio::task::spawn_blocking(move || doors.who(&asked)).await;
        // Without content the browser does not come again (HTML Standard, 9.2.3).
        let nothing = Some(Answer::empty(StatusCode::NO_CONTENT));
        let Ok(Ok(Who::Signed(signed))) = who else { return nothing };
        if !Self::is_own_look(ask) || !self.streams.enter(signed.session.id) {
            return nothing;
        }
        let mark: String = ask
            .queries()
            .into_iter()
            .find(|(name, _)| name == "mark")
            .map(|(_, mark)| mark.chars().take(64).collect())
            .unwrap_or_default();
        let (sender, receiver) = mpsc::channel(4);
        let (doors, ask) = (Arc::clone(self), ask.clone());
        tokio::spawn(async move {
            doors.tell(&ask, &signed, mark, sender).await;
            doors.streams.leave(signed.session.id);
        });
        let mut answer = Answer::empty(StatusCode::OK).to_known();
        answer.set(header::CONTENT_TYPE, "text/event-stream");
        answer.stream = Some(receiver);
        Some(answer)
    }

    /// Looks every few seconds, and tells what is new since the page was drawn. Ends with the
    /// session, with the tab, and with the doors.
    async fn tell(
        self: &Arc<Self>,
        ask: &Ask,
        signed: &Signed,
        mark: String,
        sender: mpsc::Sender<Bytes>,
    ) {
        let (mut told, mut silent) = (None, 0);
        loop {
            let (doors, asked, name) = (Arc::clone(self), ask.clone(), mark.clone());
            let staff = signed.account.id;
            let looked =
                tokio::task::spawn_blocking(move || doors.look(&asked, staff, &name)).await;
            let Ok(Ok(Some((drawn, now)))) = looked else { return };
            silent += 1;
            let line = if now != *told.get_or_insert_with(|| (*drawn).clone()) {
                let new = now.difference(&drawn).count();
                told = Some(now);
                Some(format!("event: worklist\nid: {mark}\ndata: {new}\n\n"))
            } else if silent >= SILENT {
                Some(": here\n\n".to_owned())
            } else {
                None
            };
            if let Some(line) = line {
                silent = 0;
                if sender.send(line.into()).await.is_err() {
                    return;
                }
            }
            tokio::select! {
                () = tokio::time::sleep(LOOK) => {}
                () = sender.closed() => return,
            }
        }
    }

    /// What the page showed, and what it would show now; `None` once the session has ended.
    fn look(
        &self,
        ask: &Ask,
        staff: StaffId,
        mark: &str,
    ) -> Outcome<Option<(Arc<Picture>, Picture)>> {
        let Who::Signed(signed) = self.who(ask)? else { return Ok(None) };
        if signed.account.id != staff || self.closing.load(Ordering::Relaxed) {
            return Ok(None);
        }
        let now = self.picture(staff)?;
        let drawn = self.streams.first(mark, || Ok(now.clone()))?;
        Ok(Some((drawn, now)))
    }

    fn picture(&self, staff: StaffId) -> Outcome<Picture> {
        let loops = self.desk.read(|reader| reader.loops(Some(Owner::Staff(staff))))?;
        let short = loops.iter().map(|open| {
            let mut hasher = DefaultHasher::new();
            (open.kind, open.id, open.owed.slot).hash(&mut hasher);
            format!("{:?}", open.owed.due).hash(&mut hasher);
            hasher.finish()
        });
        Ok(short.collect())
    }
}
