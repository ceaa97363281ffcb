//! Addresses of merchants: where buyers return to, where notifications go, and which pages may show
//! the gateway's frames.

use std::fmt;
use std::str::FromStr;

use kassa_core::platform::Target;
use serde_with::{DeserializeFromStr, SerializeDisplay};
use thiserror::Error;
use url::{Host, Position, Url};

/// An `https:` address, or an `http:` one on the loopback: what [`Target`] accepts. Buyers are sent
/// to the text as the merchant wrote it; a parser would normalise it.
#[derive(Debug, Clone, PartialEq, Eq, SerializeDisplay, DeserializeFromStr)]
pub struct WebUrl {
    text: String,
    url: Url,
}

/// The text is no address that a page or a notification may be sent to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("accepted is an absolute https: URL, or http: on the loopback")]
pub struct NotAWebUrl;

impl WebUrl {
    /// The text as the merchant wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The address in the URL standard's normal form, which is what an HTTP client requests.
    #[must_use]
    pub fn normalised(&self) -> &Url {
        &self.url
    }

    /// Its origin, safe to stand in a content security policy.
    #[must_use]
    pub fn origin(&self) -> Origin {
        Origin(self.url.origin().ascii_serialization())
    }

    /// Whether the host is `localhost` or `127.0.0.1`.
    #[must_use]
    pub fn is_on_this_machine(&self) -> bool {
        matches!(self.url.host_str(), Some("localhost" | "127.0.0.1"))
    }

    /// Path and query, as in the request line.
    #[must_use]
    pub fn request_target(&self) -> &str {
        &self.url[Position::BeforePath..Position::AfterQuery]
    }
}

impl FromStr for WebUrl {
    type Err = NotAWebUrl;

    fn from_str(text: &str) -> Result<Self, NotAWebUrl> {
        Target::parse(text).map_err(|_| NotAWebUrl)?;
        let url = Url::parse(text).map_err(|_| NotAWebUrl)?;
        let is_usual = match url.host() {
            Some(Host::Domain(name)) => is_usual_name(name),
            Some(Host::Ipv4(_) | Host::Ipv6(_)) => true,
            None => false,
        };
        if is_usual { Ok(Self { text: text.to_owned(), url }) } else { Err(NotAWebUrl) }
    }
}

/// The URL standard also allows `;` and `,` in names, which end a directive of a content security
/// policy.
pub(crate) fn is_usual_name(name: &str) -> bool {
    name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
}

impl fmt::Display for WebUrl {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

/// The origin of a [`WebUrl`], such as `https://shop.example`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, SerializeDisplay, DeserializeFromStr)]
pub struct Origin(String);

/// The text is more or less than an origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("accepted is an origin such as https://shop.example, without path and slash")]
pub struct NotAnOrigin;

impl Origin {
    /// `http://localhost:<port>`.
    #[must_use]
    pub fn localhost(port: u16) -> Self {
        Self(format!("http://localhost:{port}"))
    }

    /// `http://127.0.0.1:<port>`.
    #[must_use]
    pub fn loopback(port: u16) -> Self {
        Self(format!("http://127.0.0.1:{port}"))
    }

    /// As browsers write it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Origin {
    type Err = NotAnOrigin;

    fn from_str(text: &str) -> Result<Self, NotAnOrigin> {
        let origin = text.parse::<WebUrl>().map_err(|_| NotAnOrigin)?.origin();
        if origin.0 == text { Ok(origin) } else { Err(NotAnOrigin) }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn request_targets_are_path_and_query() {
        for (url, target) in [
            ("https://a.example", "/"),
            ("https://a.example/", "/"),
            ("https://a.example/n/1?x=%2F&y#z", "/n/1?x=%2F&y"),
            ("https://a.example?x=/", "/?x=/"),
            ("http://[::1]:80#a/b", "/"),
        ] {
            assert_eq!(url.parse::<WebUrl>().unwrap().request_target(), target);
        }
    }

    #[test]
    fn web_addresses_and_others() {
        for (url, origin) in [
            ("https://shop.example/a?b#c", "https://shop.example"),
            ("https://shop.example:8443", "https://shop.example:8443"),
            ("http://localhost:4310/result?order=1", "http://localhost:4310"),
            ("http://[::1]:4310/", "http://[::1]:4310"),
            ("https://www.yourMerchantWeb.com", "https://www.yourmerchantweb.com"),
        ] {
            let parsed: WebUrl = url.parse().unwrap();
            assert_eq!((parsed.as_str(), parsed.origin().as_str()), (url, origin));
        }
        for url in [
            "http://shop.example/",
            "http://localhost.example/",
            "javascript:alert(1)",
            "javascript://localhost/%0aalert(1)",
            "data:text/html,x",
            "https://",
            "https://user@shop.example/",
            "https://shop.example/a b",
            "https://shop.example/\r\nx: y",
            "https://shop.example;script-src/",
            "https://shop.example,x/",
            "https://*/",
            "//shop.example",
            "/result",
            "",
            "https://[zz]/",
            "https://a\\b/",
        ] {
            assert_eq!(url.parse::<WebUrl>(), Err(NotAWebUrl), "{url}");
        }
    }

    #[test]
    fn origins_are_origins_and_nothing_more() {
        for text in ["https://shop.example", "http://localhost:4310"] {
            assert_eq!(text.parse::<Origin>().unwrap().as_str(), text);
        }
        for text in ["https://shop.example/", "https://shop.example:443", "https://a; b", "null"] {
            assert_eq!(text.parse::<Origin>(), Err(NotAnOrigin), "{text}");
        }
        assert_eq!("http://127.0.0.1:1".parse(), Ok(Origin::loopback(1)));
    }
}
