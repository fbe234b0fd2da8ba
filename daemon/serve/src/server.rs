//! The network's side of the doors: accepting connections, TLS, HTTP/1.1 and 2, limits of time and
//! size (`security.md` 2.3), and a stop that lets answers finish.

use crate::Doors;
use crate::ask::{Answer, Ask};
use crate::crowd::{Crowd, Pulse, Running};
use crate::packed;
use crate::settings::Limits;
use almoner_core::fault::Fault;
use almoner_core::ids::RawId;
use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

/// Accepts connections until the doors close.
pub(crate) async fn listen(
    doors: Arc<Doors>,
    listener: TcpListener,
    acceptor: TlsAcceptor,
    crowd: Arc<Crowd>,
    mut closing: watch::Receiver<bool>,
) {
    let open = Arc::new(AtomicUsize::new(0));
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = closing.wait_for(|closing| *closing) => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(cause) => {
                log::warn!(target: "almoner", "a connection could not be accepted: {cause}");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let Some(place) = crowd.enter(peer.ip(), &doors.settings.limits) else { continue };
        let (doors, acceptor, closing) = (Arc::clone(&doors), acceptor.clone(), closing.clone());
        let open = Arc::clone(&open);
        open.fetch_add(1, Ordering::SeqCst);
        tokio::spawn(async move {
            let leave = Arc::clone(&place.pulse);
            tokio::select! {
                () = serve(doors, stream, peer, acceptor, Arc::clone(&place.pulse), closing) => {}
                () = leave.leave.notified() => {}
            }
            drop(place);
            open.fetch_sub(1, Ordering::SeqCst);
        });
    }
    drop(listener);
    while open.load(Ordering::SeqCst) > 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Speaks with one connection until it ends, idles too long, or the doors close.
async fn serve(
    doors: Arc<Doors>,
    stream: TcpStream,
    peer: SocketAddr,
    acceptor: TlsAcceptor,
    pulse: Arc<Pulse>,
    mut closing: watch::Receiver<bool>,
) {
    let limits = doors.settings.limits.clone();
    let _ = stream.set_nodelay(true);
    let Ok(Ok(tls)) = timeout(limits.handshake, acceptor.accept(stream)).await else { return };
    let sni = tls.get_ref().1.server_name().map(str::to_owned);
    let service = {
        let pulse = Arc::clone(&pulse);
        service_fn(move |request| {
            let (doors, pulse, sni) = (Arc::clone(&doors), Arc::clone(&pulse), sni.clone());
            async move {
                let mut request_under_way = Running::begin(pulse);
                let answer = respond(doors, request, peer.ip(), sni).await;
                request_under_way.known = answer.known;
                // A stream is under way until its last byte.
                let end = answer.stream.is_some().then_some(request_under_way);
                Ok::<_, Infallible>(answer.into_response(end))
            }
        })
    };
    let builder = builder(&limits);
    let connection = builder.serve_connection(TokioIo::new(tls), service);
    tokio::pin!(connection);
    let mut tick = tokio::time::interval(limits.header.min(limits.keep_alive) / 4);
    let mut asked_to_end = None;
    loop {
        tokio::select! {
            _ = connection.as_mut() => return,
            _ = closing.wait_for(|closing| *closing), if asked_to_end.is_none() => {
                connection.as_mut().graceful_shutdown();
                asked_to_end = Some(Instant::now());
            }
            _ = tick.tick() => {
                if asked_to_end.is_none() && pulse.is_idle(&limits) {
                    connection.as_mut().graceful_shutdown();
                    asked_to_end = Some(Instant::now());
                }
            }
        }
        if asked_to_end.is_some() && pulse.is_resting() {
            // An idle connection, and one that dribbles, is not waited for (hyper issue 3576).
            let _ = timeout(Duration::from_millis(250), connection.as_mut()).await;
            return;
        }
    }
}

fn builder(limits: &Limits) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header)
        .max_headers(64)
        .max_buf_size(32 * 1024);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(64)
        .max_header_list_size(16 * 1024)
        .max_pending_accept_reset_streams(20)
        .max_local_error_reset_streams(64)
        .max_send_buf_size(256 * 1024)
        .keep_alive_interval(limits.keep_alive)
        .keep_alive_timeout(limits.header);
    builder
}

/// Reads a request and answers it.
async fn respond(
    doors: Arc<Doors>,
    request: Request<Incoming>,
    address: IpAddr,
    sni: Option<String>,
) -> Answer {
    let (parts, body) = request.into_parts();
    let host = parts.uri.authority().map(ToString::to_string).or_else(|| {
        parts.headers.get("host").and_then(|host| host.to_str().ok()).map(str::to_owned)
    });
    let mut ask = Ask {
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        method: parts.method,
        headers: parts.headers,
        body: Bytes::new(),
        address,
        sni,
        host: host.unwrap_or_default().to_ascii_lowercase(),
        id: RawId::random().to_string().chars().take(13).collect(),
    };
    if !doors.is_our_name(&ask) {
        let status = StatusCode::MISDIRECTED_REQUEST;
        return doors.refused_page(&ask, status, "door-other-host");
    }
    if ask.method == Method::POST {
        match read_body(body, &doors.settings.limits).await {
            Ok(bytes) => ask.body = bytes,
            Err(answer) => return answer,
        }
    }
    if let Some(answer) = doors.events(&ask).await {
        return answer;
    }
    let id = ask.id.clone();
    let answered = tokio::task::spawn_blocking(move || {
        let answer = packed::pack(&ask, doors.answer(&ask));
        log::debug!(target: "almoner", request = ask.id.as_str(); "{} {}", ask.method, answer.status);
        answer
    });
    answered.await.unwrap_or_else(|_| {
        let fault = Fault::broken("a page panicked");
        log::error!(target: "almoner", request = id.as_str(); "request {id}: {fault}");
        Answer::text(StatusCode::INTERNAL_SERVER_ERROR, &format!("Something went wrong: {id}\n"))
    })
}

async fn read_body(body: Incoming, limits: &Limits) -> Result<Bytes, Answer> {
    let read = timeout(limits.body, Limited::new(body, limits.body_bytes).collect()).await;
    match read {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(cause)) if cause.is::<LengthLimitError>() => {
            Err(Answer::text(StatusCode::PAYLOAD_TOO_LARGE, "This is too much to send at once.\n"))
        }
        Ok(Err(_)) => Err(Answer::empty(StatusCode::BAD_REQUEST)),
        Err(_) => Err(Answer::empty(StatusCode::REQUEST_TIMEOUT)),
    }
}
