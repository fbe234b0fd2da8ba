//! The way to a running appliance: HTTP/1.1 with JSON over its control socket, one call at a time.

use crate::options::Common;
use almoner_core::control::Failure;
use http_body_util::{BodyExt, Full};
use hyper::Request;
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use tokio::net::UnixStream;

/// An appliance, by its control socket.
pub(crate) struct Appliance {
    socket: PathBuf,
    verbose: bool,
}

#[derive(Deserialize)]
struct Refused {
    error: Failure,
}

impl Appliance {
    pub(crate) fn of(common: &Common) -> Self {
        Self { socket: common.socket.clone(), verbose: common.verbose }
    }

    /// Whether a daemon answers at the socket.
    pub(crate) fn is_running(&self) -> bool {
        std::os::unix::net::UnixStream::connect(&self.socket).is_ok()
    }

    /// Runs one of `control::names` and gives its report.
    pub(crate) fn call<Q: Serialize, A: DeserializeOwned>(
        &self,
        name: &str,
        asked: &Q,
    ) -> Result<A, Failure> {
        if self.verbose {
            eprintln!("almoner: asks {} for {name}", self.socket.display());
        }
        let body = serde_json::to_vec(asked).map_err(unreadable)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build();
        let runtime = runtime.map_err(|cause| Failure::failed(cause.to_string()))?;
        let (sound, answer) = runtime.block_on(self.post(name, body))?;
        if sound {
            return serde_json::from_slice(&answer).map_err(unreadable);
        }
        match serde_json::from_slice::<Refused>(&answer) {
            Ok(refused) => Err(refused.error),
            Err(_) => Err(Failure::failed(format!("the daemon refused {name} without a reason"))),
        }
    }

    async fn post(&self, name: &str, body: Vec<u8>) -> Result<(bool, Bytes), Failure> {
        let stream = UnixStream::connect(&self.socket).await;
        let stream = stream.map_err(|cause| unreachable(&self.socket, &cause))?;
        let (mut sender, connection) =
            http1::handshake(TokioIo::new(stream)).await.map_err(|cause| broken(&cause))?;
        let request = Request::post(format!("/v1/{name}"))
            .header("host", "localhost")
            .header("content-type", "application/json")
            .body(Full::new(Bytes::from(body)))
            .map_err(|cause| Failure::failed(cause.to_string()))?;
        let exchange = async {
            let answer = sender.send_request(request).await?;
            let sound = answer.status().is_success();
            Ok((sound, answer.into_body().collect().await?.to_bytes()))
        };
        tokio::pin!(exchange);
        tokio::select! {
            answer = &mut exchange => answer.map_err(|cause: hyper::Error| broken(&cause)),
            ended = connection => {
                if let Err(cause) = ended {
                    return Err(broken(&cause));
                }
                exchange.await.map_err(|cause| broken(&cause))
            }
        }
    }
}

fn unreachable(socket: &Path, cause: &io::Error) -> Failure {
    let socket = socket.display();
    match cause.kind() {
        ErrorKind::PermissionDenied => {
            Failure::not_allowed(format!("you may not use the control socket {socket}"))
                .hint("ask to be added to the group almoner-admin, then sign in again")
        }
        _ => Failure::new(6, "unreachable", format!("no daemon answers at {socket}: {cause}"))
            .hint("systemctl status almoner"),
    }
}

fn broken(cause: &hyper::Error) -> Failure {
    Failure::new(6, "unreachable", format!("the daemon hung up before it answered: {cause}"))
        .hint("almoner status")
}

fn unreadable(cause: serde_json::Error) -> Failure {
    Failure::failed(format!("daemon and command line don't understand each other: {cause}"))
        .hint("almoner version, almoner status: both must be of one release")
}
