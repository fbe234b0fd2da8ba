//! The control socket: HTTP/1.1 with JSON on a Unix socket, for the administrators of the machine
//! (`core::control`). Who may come in is the file's mode and group; who came is known from the
//! kernel. Counts and ids only: no command shows a patient's data.

mod own;

use crate::Doors;
use almoner_core::control::Failure;
use almoner_core::fault::{Fault, Outcome};
use almoner_frame::{Caller, Command};
use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode, header};
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::{Value, json};
use std::convert::Infallible;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Members of this group may use the socket, where the machine has it.
pub const GROUP: &str = "almoner-admin";
/// Arguments of a command at most.
const BODY: usize = 1 << 20;
/// What still runs at the end is given this long.
const PATIENCE: Duration = Duration::from_secs(10);

/// The socket, open. Dropping it leaves the socket open: close it.
pub struct Control {
    path: PathBuf,
    closing: watch::Sender<bool>,
    task: tokio::task::JoinHandle<()>,
}

/// What a call needs.
struct Desk {
    doors: Arc<Doors>,
    commands: Vec<Command>,
}

/// Opens the socket with the doors' own commands and these. A socket that a dead daemon left is
/// taken away; one that a living daemon answers at is a fault.
pub async fn listen(path: &Path, doors: &Arc<Doors>, commands: Vec<Command>) -> Outcome<Control> {
    let listener = open(path).await?;
    let mut all = own::commands(doors);
    all.extend(commands);
    for (place, command) in all.iter().enumerate() {
        if all.iter().skip(place + 1).any(|other| other.name == command.name) {
            return Err(Fault::broken(format!("the command {} is there twice", command.name)));
        }
    }
    let desk = Arc::new(Desk { doors: Arc::clone(doors), commands: all });
    let (closing, watching) = watch::channel(false);
    let task = tokio::spawn(accept(listener, desk, watching));
    Ok(Control { path: path.to_owned(), closing, task })
}

impl Control {
    /// Takes no more calls, lets running ones finish, and removes the socket.
    pub async fn close(self) {
        let _ = std::fs::remove_file(&self.path);
        let _ = self.closing.send(true);
        let _ = tokio::time::timeout(PATIENCE, self.task).await;
    }
}

impl Desk {
    /// The command of this name, run. Blocking.
    fn run(&self, name: &str, caller: &Caller, body: Value) -> Result<Value, Failure> {
        let found = self.commands.iter().find(|command| command.name == name);
        let command = found.ok_or_else(|| {
            Failure::usage("this daemon has no such command").hint("almoner version")
        })?;
        let answer = command.run(&self.doors.desk, caller, body)?;
        Ok(if name == almoner_core::control::names::STATUS {
            self.whole_status(caller, answer)
        } else {
            answer
        })
    }

    /// The status with what other doors report: the intake's counts, the newest backup.
    fn whole_status(&self, caller: &Caller, mut status: Value) -> Value {
        use almoner_core::control::names::{BACKUP_LIST, INTAKE_STATUS};
        if let Some(fields) = status.as_object_mut() {
            if let Ok(intake) = self.run(INTAKE_STATUS, caller, json!({})) {
                fields.insert("intake".into(), intake);
            }
            if let Ok(list) = self.run(BACKUP_LIST, caller, json!({})) {
                let newest = list.pointer("/backups/0").cloned().unwrap_or_default();
                fields.insert("backup".into(), newest);
            }
        }
        status
    }
}

async fn open(path: &Path) -> Outcome<UnixListener> {
    let is_socket = std::fs::symlink_metadata(path).is_ok_and(|it| it.file_type().is_socket());
    if is_socket && UnixStream::connect(path).await.is_ok() {
        let what = format!("another daemon answers at {}: stop it first", path.display());
        return Err(Fault::broken(what));
    }
    if is_socket {
        std::fs::remove_file(path)?;
    }
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let listener = UnixListener::bind(path).map_err(|cause| {
        Fault::broken(format!("the control socket {} can't be opened: {cause}", path.display()))
    })?;
    if let Some(group) = number_in("/etc/group", GROUP) {
        // Without the right to do so the socket stays the owner's: the log says it once.
        if let Err(cause) = std::os::unix::fs::chown(path, None, Some(group)) {
            log::info!(target: "almoner", "the control socket stays without its group {GROUP}: {cause}");
        }
    }
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o660))?;
    Ok(listener)
}

async fn accept(listener: UnixListener, desk: Arc<Desk>, mut closing: watch::Receiver<bool>) {
    let mut calls = JoinSet::new();
    let watching = closing.clone();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = calls.join_next(), if !calls.is_empty() => continue,
            _ = closing.wait_for(|closing| *closing) => break,
        };
        match accepted {
            Ok((stream, _)) => {
                calls.spawn(serve(stream, Arc::clone(&desk), watching.clone()));
            }
            Err(cause) => {
                log::warn!(target: "almoner", "a call at the control socket was lost: {cause}");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
    drop(listener);
    while calls.join_next().await.is_some() {}
}

async fn serve(stream: UnixStream, desk: Arc<Desk>, mut closing: watch::Receiver<bool>) {
    let Ok(peer) = stream.peer_cred() else { return };
    let caller = Caller { name: name_of(peer.uid()), uid: peer.uid() };
    let service = service_fn(move |request| {
        let (desk, caller) = (Arc::clone(&desk), caller.clone());
        async move { Ok::<_, Infallible>(answer(desk, caller, request).await) }
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(10))
        .serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = closing.wait_for(|closing| *closing) => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}

async fn answer(
    desk: Arc<Desk>,
    caller: Caller,
    request: Request<Incoming>,
) -> Response<Full<Bytes>> {
    let (status, body) = match call(desk, caller, request).await {
        Ok(answer) => (StatusCode::OK, answer),
        Err(failure) => (status_of(&failure), json!({ "error": failure })),
    };
    let mut response = Response::new(Full::new(Bytes::from(body.to_string())));
    *response.status_mut() = status;
    let json = header::HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}

async fn call(
    desk: Arc<Desk>,
    caller: Caller,
    request: Request<Incoming>,
) -> Result<Value, Failure> {
    let path = request.uri().path().to_owned();
    let (true, Some(name)) = (*request.method() == Method::POST, path.strip_prefix("/v1/")) else {
        return Err(Failure::usage("calls are POST /v1/NAME"));
    };
    let name = name.to_owned();
    let body = Limited::new(request.into_body(), BODY).collect().await;
    let body = body.map_err(|cause| Failure::usage(format!("the call can't be read: {cause}")))?;
    let body = body.to_bytes();
    let asked = if body.is_empty() { Ok(json!({})) } else { serde_json::from_slice(&body) };
    let asked = asked.map_err(|cause| Failure::usage(format!("the call is no JSON: {cause}")))?;
    let done = tokio::task::spawn_blocking(move || {
        let done = desk.run(&name, &caller, asked);
        let ended = if done.is_ok() { "done" } else { "failed" };
        log::info!(target: "almoner", "{name} by {}: {ended}", caller.name);
        done
    });
    done.await.unwrap_or_else(|_| Err(Failure::failed("the command broke off; the log says why")))
}

fn status_of(failure: &Failure) -> StatusCode {
    match failure.exit {
        2 | 8 => StatusCode::BAD_REQUEST,
        4 => StatusCode::NOT_FOUND,
        5 => StatusCode::FORBIDDEN,
        7 => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The Unix name of a user, from `/etc/passwd`; `uid-N` where that does not tell.
fn name_of(uid: u32) -> String {
    let text = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let found = text.lines().find_map(|line| {
        let mut parts = line.split(':');
        let name = parts.next()?;
        (parts.nth(1)?.parse() == Ok(uid)).then(|| name.to_owned())
    });
    found.unwrap_or_else(|| format!("uid-{uid}"))
}

/// The number of a name in a file of the form of `/etc/group`.
fn number_in(file: &str, name: &str) -> Option<u32> {
    let text = std::fs::read_to_string(file).ok()?;
    text.lines().find_map(|line| {
        let mut parts = line.split(':');
        (parts.next()? == name).then(|| parts.nth(1)?.parse().ok()).flatten()
    })
}
