//! A client of the pages and of FHIR: TLS that trusts only the appliance's own authority, HTTP/1.1,
//! a cookie or a token.

use crate::appliance::Ready;
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use serde_json::Value;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio::runtime::Runtime;
use tokio_rustls::TlsConnector;

/// What came back.
pub(crate) struct Reply {
    pub status: u16,
    pub body: String,
    cookie: Option<String>,
}

/// A client of one appliance.
pub(crate) struct Client {
    address: SocketAddr,
    host: String,
    tls: Arc<ClientConfig>,
    cookie: Option<String>,
    token: Option<String>,
    runtime: Runtime,
}

impl Client {
    /// One that trusts the appliance and is nobody yet.
    pub(crate) fn new(ready: &Ready) -> Self {
        let mut roots = RootCertStore::empty();
        let pem = std::fs::read(&ready.ca_pem).unwrap();
        roots.add(CertificateDer::from_pem_slice(&pem).unwrap()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let address: SocketAddr = ready.address.parse().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        Self {
            address,
            host: format!("almoner.localhost:{}", address.port()),
            tls: Arc::new(tls),
            cookie: None,
            token: None,
            runtime: runtime.unwrap(),
        }
    }

    /// One with the demonstration's FHIR token.
    pub(crate) fn with_token(ready: &Ready) -> Self {
        Self { token: Some(ready.fhir_token.clone()), ..Self::new(ready) }
    }

    /// One in which somebody is signed in.
    pub(crate) fn signed_in(ready: &Ready, name: &str, password: &str) -> Self {
        let mut client = Self::new(ready);
        let reply = client.post("/sign-in", &[("name", name), ("password", password)]);
        assert_eq!(reply.status, 303, "{name} could not sign in: {}", reply.body);
        assert!(reply.cookie.is_some(), "no session after signing in");
        client.cookie = reply.cookie;
        client
    }

    pub(crate) fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, "")
    }

    /// A page that must be there.
    pub(crate) fn page(&self, path: &str) -> String {
        let reply = self.get(path);
        assert_eq!(reply.status, 200, "{path}: {}", reply.body);
        reply.body
    }

    pub(crate) fn post(&self, path: &str, form: &[(&str, &str)]) -> Reply {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        self.send(Method::POST, path, &body)
    }

    /// A FHIR answer below `/fhir/`.
    pub(crate) fn fhir(&self, path: &str) -> Value {
        let reply = self.get(&format!("/fhir/{path}"));
        assert_eq!(reply.status, 200, "{path}: {}", reply.body);
        serde_json::from_str(&reply.body).unwrap()
    }

    /// Every resource of a search, page by page.
    pub(crate) fn all(&self, search: &str) -> Vec<Value> {
        let mut found = Vec::new();
        let mut next = Some(search.to_owned());
        while let Some(path) = next {
            let bundle = self.fhir(&path);
            let entries = bundle["entry"].as_array().cloned().unwrap_or_default();
            found.extend(entries.into_iter().map(|mut entry| entry["resource"].take()));
            let links = bundle["link"].as_array().cloned().unwrap_or_default();
            let link = links.into_iter().find(|link| link["relation"] == "next");
            next = link.map(|link| {
                let url = link["url"].as_str().unwrap();
                url.split_once("/fhir/").map_or(url, |(_, path)| path).to_owned()
            });
        }
        found
    }

    /// How many a search finds.
    pub(crate) fn count(&self, search: &str) -> u64 {
        let bundle = self.fhir(&format!("{search}&_summary=count"));
        bundle["total"].as_u64().unwrap_or_else(|| panic!("{search}: no total: {bundle}"))
    }

    /// Fills in the form of a page as a person does: what it holds already, then these fields.
    pub(crate) fn submit(&self, page: &str, action: &str, typed: &[(&str, &str)]) -> Reply {
        let html = self.page(page);
        let held = fields(&html, action);
        let mut form: Vec<(&str, &str)> = Vec::new();
        for (name, value) in &held {
            if !typed.iter().any(|(known, _)| known == name) {
                form.push((name, value));
            }
        }
        form.extend(typed);
        self.post(action, &form)
    }

    fn send(&self, method: Method, path: &str, body: &str) -> Reply {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", &self.host)
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/x-www-form-urlencoded");
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie);
        }
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let request = request.body(Full::new(Bytes::from(body.to_owned()))).unwrap();
        self.runtime.block_on(self.exchange(request))
    }

    async fn exchange(&self, request: Request<Full<Bytes>>) -> Reply {
        let stream = TcpStream::connect(self.address).await.unwrap();
        let name = ServerName::try_from("almoner.localhost").unwrap();
        let stream = TlsConnector::from(Arc::clone(&self.tls)).connect(name, stream).await.unwrap();
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        let answer = sender.send_request(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        let header = |name: &str| parts.headers.get(name).map(|value| value.to_str().unwrap());
        let body = body.collect().await.unwrap().to_bytes();
        Reply {
            status: parts.status.as_u16(),
            cookie: header("set-cookie").and_then(|set| set.split(';').next()).map(str::to_owned),
            body: String::from_utf8_lossy(&body).into_owned(),
        }
    }
}

/// Names and values that a form of a page holds: hidden and text fields, what is checked and what is
/// selected.
pub(crate) fn fields(html: &str, action: &str) -> Vec<(String, String)> {
    let start = html.find(&format!("action=\"{action}\"")).unwrap_or_else(|| {
        panic!("no form for {action} on the page:\n{html}");
    });
    let form = html[start..].split("</form>").next().unwrap();
    let mut held = Vec::new();
    let mut select = String::new();
    for tag in form.split('<').skip(1) {
        let tag = tag.split('>').next().unwrap();
        let name = attribute(tag, "name").unwrap_or_default();
        let value = attribute(tag, "value").unwrap_or_default();
        let kind = attribute(tag, "type").unwrap_or_default();
        if tag.starts_with("select") {
            select = name;
        } else if tag.starts_with("option") && tag.ends_with(" selected") {
            held.push((select.clone(), value));
        } else if tag.starts_with("textarea") {
            held.push((name, String::new()));
        } else if tag.starts_with("input") && !name.is_empty() {
            let chosen = !["radio", "checkbox"].contains(&kind.as_str());
            if chosen || tag.ends_with(" checked") {
                held.push((name, value));
            }
        }
    }
    held
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let value = tag.split(&format!(" {name}=\"")).nth(1)?.split('"').next()?;
    Some(value.replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&"))
}
