//! Telling open pages that they are out of date: one stream of server-sent events (HTML Standard, 9.2)
//! a tab. An event says only that the worklist changed and how many loops are new, never which.

use crate::Doors;
use crate::ask::{Answer, Ask};
use crate::gate::{Signed, Who};
use almoner_core::fault::{Fault, Outcome};
use almoner_core::ids::RawId;
use almoner_core::permission::May;
use almoner_frame::{Picture, Progress, Words};
use bytes::Bytes;
use hyper::{Method, StatusCode, header};
use serde_json::json;
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

    /// Looks every few seconds, and tells what is new since the page was drawn. Ends with the session,
    /// with the tab, and with the doors.
    async fn tell(self: &Arc<Self>, ask: &Ask, signed: &Signed, sender: mpsc::Sender<Bytes>) {
        let mut watch = Watch::of(ask);
        let mut silent = 0;
        loop {
            let (doors, asked, signed) = (Arc::clone(self), ask.clone(), signed.clone());
            let looked = tokio::task::spawn_blocking(move || {
                let news = doors.look(&asked, &signed, &mut watch)?;
                Ok::<_, Fault>((watch, news))
            });
            let Ok(Ok((watched, found))) = looked.await else { return };
            watch = watched;
            silent += 1;
            let line = match found {
                Found::Ended => return,
                Found::News(news) => Some(news),
                Found::Nothing => (silent >= SILENT).then(|| ": here\n\n".to_owned()),
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

    /// What is new since the last look.
    fn look(&self, ask: &Ask, signed: &Signed, watch: &mut Watch) -> Outcome<Found> {
        let Who::Signed(now) = self.who(ask)? else { return Ok(Found::Ended) };
        if now.session.id != signed.session.id || self.closing.load(Ordering::Relaxed) {
            return Ok(Found::Ended);
        }
        let account = &now.account;
        self.desk.read(|reader| match watch {
            Watch::Worklist { drawn, told } => {
                let now = Picture::of(reader, account.id)?;
                let (drawn, before) = (*drawn.get_or_insert(now), *told.get_or_insert(now));
                *told = Some(now);
                let more = now.more_than(drawn);
                let line = || format!("event: worklist\nid: {now}\ndata: {more}\n\n");
                Ok(Found::when(now != before, line))
            }
            Watch::Intake { .. } if !May::SeeIntake.allows(account.role) => Ok(Found::Ended),
            Watch::Intake { told } => {
                let now = Progress::of(reader)?;
                let before = told.replace(now);
                let said = now.say(&Words::of(account.language, self.house.zone));
                let data = json!({ "done": now.done, "all": now.all, "said": said });
                Ok(Found::when(before != Some(now), || format!("event: intake\ndata: {data}\n\n")))
            }
        })
    }
}

/// What a look found.
enum Found {
    /// The session has ended, or is another's: so does the stream.
    Ended,
    Nothing,
    /// An event, as it is sent.
    News(String),
}

impl Found {
    fn when(new: bool, line: impl FnOnce() -> String) -> Self {
        if new { Self::News(line()) } else { Self::Nothing }
    }
}

/// What a stream watches, and what it knows of it.
enum Watch {
    /// The person's loops: when the page was drawn, and as told last (a stream that comes again says
    /// so itself: `Last-Event-ID`).
    Worklist { drawn: Option<Picture>, told: Option<Picture> },
    /// How far the intake is, as told last.
    Intake { told: Option<Progress> },
}

impl Watch {
    fn of(ask: &Ask) -> Self {
        let queries = ask.queries();
        if queries.iter().any(|(key, _)| key == "intake") {
            return Self::Intake { told: None };
        }
        let shown = queries.iter().find(|(key, _)| key == "worklist");
        let drawn = shown.and_then(|(_, picture)| Picture::parse(picture));
        Self::Worklist { drawn, told: Picture::parse(ask.header("last-event-id")).or(drawn) }
    }
}
