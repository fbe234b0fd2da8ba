//! The files that every page asks for: stylesheet, script and icon, compiled in and named after their
//! content, so that a browser may keep them for ever.

use std::sync::LazyLock;

/// One file, as the server hands it out.
pub struct Asset {
    /// `almoner.css`.
    pub name: &'static str,
    pub content_type: &'static str,
    pub bytes: &'static [u8],
    /// The same, packed when the program was built.
    pub brotli: &'static [u8],
    /// Its address: `/a/almoner.0123456789abcdef.css`.
    pub path: String,
}

/// A file of `assets/`, as it is and packed by `build.rs`.
macro_rules! file {
    ($name:literal, $kind:literal) => {
        asset(
            $name,
            $kind,
            include_bytes!(concat!("../assets/", $name)),
            include_bytes!(concat!(env!("OUT_DIR"), "/", $name, ".br")),
        )
    };
}

static ALL: LazyLock<[Asset; 3]> = LazyLock::new(|| {
    [
        file!("almoner.css", "text/css; charset=utf-8"),
        file!("almoner.js", "text/javascript; charset=utf-8"),
        file!("favicon.svg", "image/svg+xml"),
    ]
});

/// Every asset.
pub fn all() -> &'static [Asset] {
    &*ALL
}

/// The address of an asset; empty for a name that there is not.
pub fn path(name: &str) -> &'static str {
    all().iter().find(|asset| asset.name == name).map_or("", |asset| asset.path.as_str())
}

fn asset(
    name: &'static str,
    content_type: &'static str,
    bytes: &'static [u8],
    brotli: &'static [u8],
) -> Asset {
    use std::fmt::Write;
    let digest = ring::digest::digest(&ring::digest::SHA256, bytes);
    let hash = digest.as_ref().iter().take(8).fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    });
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    Asset { name, content_type, bytes, brotli, path: format!("/a/{stem}.{hash}.{ending}") }
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_asset_is_named_after_its_content() {
        let path = super::path("almoner.css");
        assert!(
            path.starts_with("/a/almoner.")
                && path.strip_suffix(".css").is_some()
                && path.len() == 31
        );
        assert_eq!(super::path("nothing.css"), "");
    }
}
