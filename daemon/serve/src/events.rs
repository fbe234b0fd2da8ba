//! Telling open pages that they are out of date: one stream of server-sent events (HTML Standard, 9.2)
//! a tab. An event says only that the worklist changed and how many loops are new, never which.

use crate::Doors;
use crate::ask::{Answer, Ask};
use crate::gate::{Signed, Who};
use almoner_core::fault::Outcome;
use almoner_core::ids::RawId;
use almoner_frame::Picture;
use bytes::Bytes;
use hyper::{Method, StatusCode, header};
use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::mpsc;

/// How often a stream looks, and after how many looks without news it says that it lives.
const LOOK: Duration = Duration::from_secs(2);
const SILENT: u32 = 10;
/// Streams of one session at most.
const STREAMS: usize = 8;

/// The streams that are open, by session.
#[derive(Default)]
pub(crate) struct Streams {
    open: Mutex<HashMap<RawId, usize>>,
}

impl Streams {
    fn enter(&self, session: RawId) -> bool {
        let mut sessions = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let open = sessions.entry(session).or_default();
        let room = *open < STREAMS;
        *open += usize::from(room);
        room
    }

    fn leave(&self, session: RawId) {
        let mut sessions = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(open) = sessions.get_mut(&session) {
            *open = open.saturating_sub(1);
            if *open == 0 {
                sessions.remove(&session);
            }
        }
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
        let (sender, receiver) = mpsc::channel(4);
        let (doors, ask) = (Arc::clone(self), ask.clone());
        tokio::spawn(async move {
            doors.tell(&ask, &signed, sender).await;
            doors.streams.leave(signed.session.id);
        });
        let mut answer = Answer::empty(StatusCode::OK).to_known();
        answer.set(header::CONTENT_TYPE, "text/event-stream");
        answer.stream = Some(receiver);
        Some(answer)
    }

    /// Looks every few seconds, and tells what is new since the page was drawn. A stream that comes
    /// again says what it was told last (`Last-Event-ID`). Ends with the session, with the tab, and
    /// with the doors.
    async fn tell(self: &Arc<Self>, ask: &Ask, signed: &Signed, sender: mpsc::Sender<Bytes>) {
        let mut drawn = asked(ask, "drawn");
        let mut told = Picture::parse(ask.header("last-event-id")).or(drawn);
        let mut silent = 0;
        loop {
            let (doors, asked, signed) = (Arc::clone(self), ask.clone(), signed.clone());
            let looked = tokio::task::spawn_blocking(move || doors.look(&asked, &signed)).await;
            let Ok(Ok(Some(now))) = looked else { return };
            let (drawn, before) = (*drawn.get_or_insert(now), *told.get_or_insert(now));
            silent += 1;
            let line = if now != before {
                told = Some(now);
                Some(format!("event: worklist\nid: {now}\ndata: {}\n\n", now.more_than(drawn)))
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

    /// What the page would show now; `None` once the session has ended or is another's.
    fn look(&self, ask: &Ask, signed: &Signed) -> Outcome<Option<Picture>> {
        let Who::Signed(now) = self.who(ask)? else { return Ok(None) };
        if now.session.id != signed.session.id || self.closing.load(Ordering::Relaxed) {
            return Ok(None);
        }
        self.desk.read(|reader| Picture::of(reader, signed.account.id)).map(Some)
    }
}

/// A picture in the query of the request.
fn asked(ask: &Ask, name: &str) -> Option<Picture> {
    let queries = ask.queries();
    let found = queries.iter().find(|(key, _)| key == name)?;
    Picture::parse(&found.1)
}
