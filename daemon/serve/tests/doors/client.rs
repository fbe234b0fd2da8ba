//! A browser's manners: TLS with the house's authority, cookies, `Sec-Fetch-Site`, HTTP/2 or 1.1.

use crate::house::{PASSWORD, TestHouse};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::header::HeaderMap;
use hyper::{Method, Request};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
    pub version: hyper::Version,
}

impl Reply {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// A browser.
pub struct Browser {
    pub address: SocketAddr,
    pub cookie: Option<String>,
    pub host: String,
    tls: Arc<ClientConfig>,
}

pub fn trusting(house: &TestHouse, alpn: &[&[u8]]) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    let pem = std::fs::read(&house.running.ca_pem).unwrap();
    roots.add(CertificateDer::from_pem_slice(&pem).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = alpn.iter().map(|name| name.to_vec()).collect();
    Arc::new(config)
}

pub async fn connect(
    address: SocketAddr,
    name: &str,
    tls: Arc<ClientConfig>,
) -> std::io::Result<TlsStream<TcpStream>> {
    let stream = TcpStream::connect(address).await?;
    let name = ServerName::try_from(name.to_owned()).unwrap();
    TlsConnector::from(tls).connect(name, stream).await
}

impl Browser {
    pub fn new(house: &TestHouse) -> Self {
        let address = house.running.addresses[0];
        let host = format!("almoner.localhost:{}", address.port());
        Self { address, cookie: None, host, tls: trusting(house, &[b"h2", b"http/1.1"]) }
    }

    /// A browser in which somebody is signed in.
    pub async fn signed_in(house: &TestHouse, name: &str) -> Self {
        let mut browser = Self::new(house);
        let reply = browser.sign_in(name, PASSWORD).await;
        assert_eq!((reply.status, reply.header("location")), (303, "/"), "{}", reply.body);
        browser
    }

    pub async fn sign_in(&mut self, name: &str, password: &str) -> Reply {
        let reply = self.post("/sign-in", &[("name", name), ("password", password)]).await;
        if let Some(cookie) = reply.headers.get("set-cookie") {
            self.cookie = cookie.to_str().unwrap().split(';').next().map(str::to_owned);
        }
        reply
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, &[("sec-fetch-site", "same-origin")], "").await
    }

    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> Reply {
        let body: String =
            form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let headers = [
            ("sec-fetch-site", "same-origin"),
            ("content-type", "application/x-www-form-urlencoded"),
        ];
        self.send(Method::POST, path, &headers, &body).await
    }

    /// A request with exactly these headers (and host and cookie).
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Reply {
        let stream =
            connect(self.address, "almoner.localhost", Arc::clone(&self.tls)).await.unwrap();
        let two = stream.get_ref().1.alpn_protocol() == Some(b"h2");
        let uri = if two { format!("https://{}{path}", self.host) } else { path.to_owned() };
        let mut request = Request::builder().method(method).uri(uri);
        if !two {
            request = request.header("host", &self.host);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie);
        }
        let request = request.body(Full::new(Bytes::from(body.to_owned()))).unwrap();
        let io = TokioIo::new(stream);
        let response = if two {
            let (mut sender, connection) =
                hyper::client::conn::http2::handshake(TokioExecutor::new(), io).await.unwrap();
            tokio::spawn(connection);
            sender.send_request(request).await.unwrap()
        } else {
            let (mut sender, connection) = hyper::client::conn::http1::handshake(io).await.unwrap();
            tokio::spawn(connection);
            sender.send_request(request).await.unwrap()
        };
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Reply {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: String::from_utf8_lossy(&body).into_owned(),
            version: parts.version,
        }
    }

    /// The same browser, speaking HTTP/1.1 only.
    pub fn old(mut self, house: &TestHouse) -> Self {
        self.tls = trusting(house, &[b"http/1.1"]);
        self
    }
}
