//! Answers as they travel: pages packed while they are sent, assets packed when the program was built
//! (decision 0010). What is small, or packed by its nature, goes as it is.

use crate::ask::{Answer, Ask};
use almoner_frame::assets;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use hyper::{StatusCode, header};
use std::io::Write;

/// Below this an answer fits into one packet anyway.
const SMALLEST: usize = 1024;

/// The second level of gzip gives four fifths of what the best one would, in a quarter of its time.
const LEVEL: u32 = 2;

/// An asset, in the best form that the browser takes.
pub(crate) fn asset(ask: &Ask) -> Option<Answer> {
    let asset = assets::all().iter().find(|asset| asset.path == ask.path)?;
    let brotli = takes(ask, "br");
    let body = Bytes::from_static(if brotli { asset.brotli } else { asset.bytes });
    let mut answer = Answer::of(StatusCode::OK, asset.content_type, body)
        .with(header::CACHE_CONTROL, "public, max-age=31536000, immutable")
        .with(header::VARY, "accept-encoding");
    if brotli {
        answer.set(header::CONTENT_ENCODING, "br");
    }
    Some(answer)
}

/// The same answer, packed when it is text of some length and the asker takes it so.
pub(crate) fn pack(ask: &Ask, answer: Answer) -> Answer {
    if !is_text(&answer) || answer.body.len() < SMALLEST {
        return answer;
    }
    let mut answer = answer.with(header::VARY, "accept-encoding");
    if takes(ask, "gzip") {
        let mut gzip =
            GzEncoder::new(Vec::with_capacity(answer.body.len() / 3), Compression::new(LEVEL));
        let packed = gzip.write_all(&answer.body).and_then(|()| gzip.finish());
        if let Ok(packed) = packed {
            answer.body = packed.into();
            answer.set(header::CONTENT_ENCODING, "gzip");
        }
    }
    answer
}

/// Whether it is text that nobody has packed yet.
fn is_text(answer: &Answer) -> bool {
    let value = |name| answer.headers.iter().find(|(known, _)| *known == name).map(|(_, v)| v);
    let kind = value(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default();
    let text = kind.starts_with("text/") || kind.ends_with("json");
    // A stream of events must leave at once, and never waits for a packer.
    text && kind != "text/event-stream" && value(header::CONTENT_ENCODING).is_none()
}

/// Whether the asker takes this coding (RFC 9110, 12.5.3): named, and not with a weight of zero.
fn takes(ask: &Ask, coding: &str) -> bool {
    ask.header("accept-encoding").split(',').any(|one| {
        let mut parts = one.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(coding));
        let weight = parts.find_map(|part| part.strip_prefix("q=")?.parse::<f32>().ok());
        named && weight.is_none_or(|weight| weight > 0.0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::read::GzDecoder;
    use hyper::header::{HeaderMap, HeaderValue};
    use std::io::Read;

    fn ask(codings: &'static str) -> Ask {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(codings));
        Ask {
            method: hyper::Method::GET,
            path: "/".into(),
            query: String::new(),
            headers,
            body: Bytes::new(),
            address: std::net::Ipv4Addr::LOCALHOST.into(),
            sni: None,
            host: String::new(),
            id: String::new(),
        }
    }

    fn coding(answer: &Answer) -> Option<&str> {
        let found = answer.headers.iter().find(|(name, _)| *name == header::CONTENT_ENCODING);
        found.and_then(|(_, value)| value.to_str().ok())
    }

    #[test]
    fn a_page_is_packed_for_who_takes_it() {
        let page = || Answer::html(StatusCode::OK, "<p>Lionel Abara</p>".repeat(200));
        let packed = pack(&ask("br, gzip"), page());
        assert_eq!(coding(&packed), Some("gzip"));
        let mut text = String::new();
        GzDecoder::new(&packed.body[..]).read_to_string(&mut text).unwrap();
        assert_eq!(text.as_bytes(), &page().body[..]);
        for plain in ["", "br", "gzip;q=0", "identity"] {
            let answer = pack(&ask(plain), page());
            assert_eq!((coding(&answer), answer.body.len()), (None, page().body.len()), "{plain}");
            assert!(answer.headers.iter().any(|(name, _)| *name == header::VARY), "{plain}");
        }
    }

    #[test]
    fn what_is_small_or_no_text_goes_as_it_is() {
        let long = || vec![b' '; 5000];
        for answer in [
            Answer::text(StatusCode::OK, "ok\n"),
            Answer::of(StatusCode::OK, "image/png", long()),
            Answer::of(StatusCode::OK, "text/event-stream", long()),
            Answer::of(StatusCode::OK, "text/css", long()).with(header::CONTENT_ENCODING, "br"),
        ] {
            let length = answer.body.len();
            assert_eq!(pack(&ask("gzip, br"), answer).body.len(), length);
        }
        let fhir = Answer::of(StatusCode::OK, "application/fhir+json", long());
        assert_eq!(coding(&pack(&ask("gzip"), fhir)), Some("gzip"));
    }
}
