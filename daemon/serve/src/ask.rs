//! A request as the doors see it, once its body is read, and the answer to it. Both are plain
//! values: everything between them is synchronous and needs no network to be tested.

use almoner_frame::{Form, Language};
use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::{Method, Response, StatusCode};
use std::convert::Infallible;
use std::net::IpAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::sync::mpsc;

/// A request.
#[derive(Clone)]
pub struct Ask {
    pub method: Method,
    pub path: String,
    pub query: String,
    pub headers: HeaderMap,
    pub body: Bytes,
    pub address: IpAddr,
    /// The name asked for in the TLS handshake.
    pub sni: Option<String>,
    /// `host` or `:authority`.
    pub host: String,
    /// Names the request in the log and on error pages.
    pub id: String,
}

/// An answer.
pub struct Answer {
    pub status: StatusCode,
    pub headers: Vec<(HeaderName, HeaderValue)>,
    pub body: Bytes,
    /// What follows the body bit by bit, while the connection lives.
    pub stream: Option<mpsc::Receiver<Bytes>>,
    /// It went to somebody signed in, or to a program with a token.
    pub known: bool,
}

/// `default-src 'none'` and nothing inline (`security.md` 2.2).
const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; \
frame-ancestors 'none'; require-trusted-types-for 'script'";

/// What a downloaded document gets instead, should a browser show it.
const SANDBOX: &str = "default-src 'none'; sandbox";

/// On every answer, whatever it is.
const ALWAYS: [(&str, &str); 8] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("strict-transport-security", "max-age=63072000"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("x-frame-options", "DENY"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("x-permitted-cross-domain-policies", "none"),
];

impl Ask {
    /// A header as text; empty when absent or not text.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The value of a cookie.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        let lines = self.headers.get_all(header::COOKIE);
        let pairs = lines.iter().filter_map(|line| line.to_str().ok()).flat_map(|l| l.split(';'));
        pairs
            .filter_map(|pair| pair.trim().split_once('='))
            .find_map(|(key, value)| (key == name).then_some(value))
    }

    /// The query string, taken apart.
    pub fn queries(&self) -> Vec<(String, String)> {
        pairs(self.query.as_bytes())
    }

    /// The body as a form.
    pub fn form(&self) -> Form {
        Form::new(pairs(&self.body))
    }

    /// Whether the body is a form, as its header says.
    pub fn is_form(&self) -> bool {
        let kind = self.header("content-type").split(';').next().unwrap_or_default().trim();
        kind.eq_ignore_ascii_case("application/x-www-form-urlencoded")
    }

    /// Whether the page's script sent this: it reads where to go instead of being led there.
    pub fn is_script(&self) -> bool {
        self.header("x-almoner") == "script"
    }

    /// "Go there and look", in the way of whoever asks.
    pub fn go(&self, path: &str) -> Answer {
        if self.is_script() {
            return Answer::of(StatusCode::OK, "text/plain; charset=utf-8", path.to_owned());
        }
        Answer::see_other(path)
    }

    /// The language that the browser asks for first, of those there are.
    pub fn language(&self) -> Language {
        let tags = self.header("accept-language").split(',');
        let mut tags = tags.map(|part| part.split(';').next().unwrap_or_default().trim());
        tags.find_map(Language::of_tag).unwrap_or_default()
    }
}

impl Answer {
    /// An answer without a body.
    pub fn empty(status: StatusCode) -> Self {
        Self { status, headers: Vec::new(), body: Bytes::new(), stream: None, known: false }
    }

    /// A page.
    pub fn html(status: StatusCode, html: String) -> Self {
        Self::of(status, "text/html; charset=utf-8", html)
    }

    /// A short text.
    pub fn text(status: StatusCode, text: &str) -> Self {
        Self::of(status, "text/plain; charset=utf-8", text.to_owned())
    }

    /// Bytes of a kind.
    pub fn of(status: StatusCode, kind: &str, body: impl Into<Bytes>) -> Self {
        let mut answer = Self { body: body.into(), ..Self::empty(status) };
        answer.set(header::CONTENT_TYPE, kind);
        answer
    }

    /// "Go there and look" (303).
    pub fn see_other(path: &str) -> Self {
        let mut answer = Self::empty(StatusCode::SEE_OTHER);
        answer.set(header::LOCATION, path);
        answer
    }

    /// Sets a header; one that can't stand in a header is left out.
    pub fn set(&mut self, name: HeaderName, value: &str) {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.retain(|(known, _)| *known != name || name == header::SET_COOKIE);
            self.headers.push((name, value));
        }
    }

    /// The same with a header.
    #[must_use]
    pub fn with(mut self, name: HeaderName, value: &str) -> Self {
        self.set(name, value);
        self
    }

    /// The same, for somebody known.
    #[must_use]
    pub fn to_known(mut self) -> Self {
        self.known = true;
        self
    }

    /// The same as a download that no browser may run.
    #[must_use]
    pub fn sandboxed(self) -> Self {
        self.with(header::CONTENT_SECURITY_POLICY, SANDBOX)
    }

    /// The response, with the headers that every answer has. `end` is dropped once all is sent.
    pub fn into_response<E>(self, end: E) -> Response<Sent<E>> {
        let body = Some(self.body).filter(|body| !body.is_empty());
        let mut response = Response::new(Sent { body, stream: self.stream, _end: end });
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        for (name, value) in ALWAYS {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CSP));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        for (name, value) in self.headers {
            if name == header::SET_COOKIE {
                headers.append(name, value);
            } else {
                headers.insert(name, value);
            }
        }
        response
    }
}

/// An answer's body on its way.
pub struct Sent<E> {
    body: Option<Bytes>,
    stream: Option<mpsc::Receiver<Bytes>>,
    _end: E,
}

impl<E: Unpin> Body for Sent<E> {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if let Some(body) = self.body.take() {
            return Poll::Ready(Some(Ok(Frame::data(body))));
        }
        match &mut self.stream {
            Some(stream) => stream.poll_recv(context).map(|bytes| Some(Ok(Frame::data(bytes?)))),
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_none() && self.stream.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        let left = self.body.as_ref().map_or(0, Bytes::len) as u64;
        if self.stream.is_none() { SizeHint::with_exact(left) } else { SizeHint::default() }
    }
}

fn pairs(bytes: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(bytes).map(|(key, value)| (key.into(), value.into())).collect()
}
