//! The wire of the bench: a client that keeps so many TLS connections busy, and the least that a
//! server can do, hyper and rustls with an answer that is always the same.

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;
use tokio_rustls::{TlsAcceptor, TlsConnector};

/// How long each figure is taken.
const TIME: Duration = Duration::from_secs(2);

/// Stands in a form where each sending says something else.
pub(crate) const UNIQUE: &str = "_UNIQUE_";

/// One request of the bench: method, path and form.
#[derive(Clone)]
pub(crate) struct Ask {
    pub path: String,
    pub form: Option<String>,
}

/// What a run of requests cost.
pub(crate) struct Cost {
    pub per_second: f64,
    pub p50: Duration,
    pub p99: Duration,
    /// CPU of the server, a request, in microseconds.
    pub cpu: f64,
    /// Bytes of an answer, on the average.
    pub bytes: usize,
}

/// A client of one server.
pub(crate) struct Wire {
    address: SocketAddr,
    pid: u32,
    tls: Arc<ClientConfig>,
    /// Name and value of the header that says who asks.
    pub who: Option<(&'static str, String)>,
    runtime: Runtime,
    sent: AtomicU64,
}

/// An open connection. This client's runtime runs only while something is asked, so a connection
/// must be closed before the asking ends: the server counts those that stay open.
struct Connection {
    sender: SendRequest<Full<Bytes>>,
    task: JoinHandle<hyper::Result<()>>,
}

impl Connection {
    /// Closes it, and waits until it is closed.
    async fn close(self) {
        drop(self.sender);
        let _ = self.task.await;
    }
}

/// A process of the bench: ends with it, also when the bench panics.
pub(crate) struct Running(pub Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// An answer: its status, its cookie, its body.
pub(crate) struct Answer {
    pub status: u16,
    pub cookie: Option<String>,
    pub body: Bytes,
}

impl Wire {
    pub(crate) fn new(address: SocketAddr, pid: u32, ca_pem: &[u8]) -> Self {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(ca_pem).unwrap()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        Self { address, pid, tls: Arc::new(tls), who: None, runtime, sent: AtomicU64::new(0) }
    }

    /// One answer.
    pub(crate) fn one(&self, ask: &Ask) -> Answer {
        self.runtime.block_on(async {
            let mut connection = self.connect().await;
            let answer = self.exchange(&mut connection, ask).await;
            connection.close().await;
            answer
        })
    }

    /// Keeps so many connections busy with these requests in turn.
    pub(crate) fn busy(&self, connections: usize, asks: &[Ask]) -> Cost {
        self.runtime.block_on(async {
            let mut open = Vec::new();
            for _ in 0..connections {
                open.push(self.connect().await);
            }
            let (cpu, started) = (cpu_of(self.pid), Instant::now());
            let work = open.into_iter().enumerate().map(|(number, mut connection)| async move {
                let (mut times, mut bytes) = (Vec::new(), 0);
                for ask in asks.iter().cycle().skip(number * 7 % asks.len()) {
                    let from = Instant::now();
                    let answer = self.exchange(&mut connection, ask).await;
                    assert!(answer.status < 400, "{}: {}", ask.path, answer.status);
                    times.push(from.elapsed());
                    bytes += answer.body.len();
                    if started.elapsed() >= TIME {
                        break;
                    }
                }
                (connection, times, bytes)
            });
            let done = join_all(work.collect()).await;
            let seconds = started.elapsed().as_secs_f64();
            let cpu = cpu_of(self.pid) - cpu;
            let bytes: usize = done.iter().map(|(_, _, bytes)| bytes).sum();
            let mut times: Vec<Duration> = Vec::new();
            for (connection, of_one, _) in done {
                times.extend(of_one);
                connection.close().await;
            }
            times.sort();
            let count = times.len();
            Cost {
                per_second: count as f64 / seconds,
                p50: times[count / 2],
                p99: times[count * 99 / 100],
                cpu: cpu * 1e6 / count as f64,
                bytes: bytes / count,
            }
        })
    }

    async fn connect(&self) -> Connection {
        let stream = TcpStream::connect(self.address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let name = ServerName::try_from("almoner.localhost").unwrap();
        let stream = TlsConnector::from(Arc::clone(&self.tls)).connect(name, stream).await.unwrap();
        let (sender, connection) = handshake(TokioIo::new(stream)).await.unwrap();
        Connection { sender, task: tokio::spawn(connection) }
    }

    async fn exchange(&self, connection: &mut Connection, ask: &Ask) -> Answer {
        let mut request = Request::builder()
            .method(if ask.form.is_some() { "POST" } else { "GET" })
            .uri(&ask.path)
            .header("host", format!("almoner.localhost:{}", self.address.port()))
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/x-www-form-urlencoded");
        if let Some((name, value)) = &self.who {
            request = request.header(*name, value);
        }
        let number = self.sent.fetch_add(1, Ordering::Relaxed).to_string();
        let body = ask.form.as_deref().unwrap_or_default().replace(UNIQUE, &number);
        let request = request.body(Full::new(Bytes::from(body))).unwrap();
        connection.sender.ready().await.unwrap();
        let (parts, body) = connection.sender.send_request(request).await.unwrap().into_parts();
        let cookie = parts.headers.get("set-cookie").map(|value| value.to_str().unwrap());
        Answer {
            status: parts.status.as_u16(),
            cookie: cookie.and_then(|set| set.split(';').next()).map(str::to_owned),
            body: body.collect().await.unwrap().to_bytes(),
        }
    }
}

/// Runs futures beside each other on this thread.
async fn join_all<T>(futures: Vec<impl Future<Output = T>>) -> Vec<T> {
    let mut waiting: Vec<_> = futures.into_iter().map(|one| (Box::pin(one), None)).collect();
    std::future::poll_fn(move |context| {
        for (future, result) in &mut waiting {
            if result.is_none()
                && let std::task::Poll::Ready(value) = future.as_mut().poll(context)
            {
                *result = Some(value);
            }
        }
        if waiting.iter().any(|(_, result)| result.is_none()) {
            return std::task::Poll::Pending;
        }
        std::task::Poll::Ready(waiting.iter_mut().filter_map(|(_, result)| result.take()).collect())
    })
    .await
}

/// Seconds of CPU that a process has used.
pub(crate) fn cpu_of(pid: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let after = stat.rsplit(')').next().unwrap();
    let ticks = after.split_whitespace().skip(11).take(2);
    ticks.map(|ticks| ticks.parse::<f64>().unwrap()).sum::<f64>() / 100.0
}

/// The least server as a process of its own, and a client of it.
pub(crate) fn bare(folder: &Path, size: usize) -> (Running, Wire) {
    let ready = folder.join(format!("bare-{size}"));
    let _ = std::fs::remove_file(&ready);
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["bare".as_ref(), ready.as_os_str(), size.to_string().as_ref()])
        .stdin(Stdio::null())
        .spawn()
        .map(Running)
        .unwrap();
    while !ready.exists() {
        std::thread::sleep(Duration::from_millis(5));
    }
    let said = std::fs::read_to_string(&ready).unwrap();
    let (address, pem) = said.split_once('\n').unwrap();
    let wire = Wire::new(address.parse().unwrap(), child.0.id(), pem.as_bytes());
    (child, wire)
}

/// Is the least server: tells its address and its certificate in the file, then answers.
pub(crate) fn serve(ready: &Path, size: usize) {
    let made = rcgen::generate_simple_self_signed(vec!["almoner.localhost".to_owned()]).unwrap();
    let pem = made.cert.pem();
    let key = PrivateKeyDer::from_pem_slice(made.signing_key.serialize_pem().as_bytes()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let body = Bytes::from(vec![b'x'; size]);
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.unwrap().block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let part = ready.with_extension("part");
        std::fs::write(&part, format!("{address}\n{pem}")).unwrap();
        std::fs::rename(&part, ready).unwrap();
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, body) = (acceptor.clone(), body.clone());
            tokio::spawn(async move {
                stream.set_nodelay(true).unwrap();
                let Ok(stream) = acceptor.accept(stream).await else { return };
                let answer = service_fn(move |_: Request<Incoming>| {
                    let body = body.clone();
                    async { Ok::<_, std::convert::Infallible>(Response::new(Full::new(body))) }
                });
                let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), answer).await;
            });
        }
    });
}
