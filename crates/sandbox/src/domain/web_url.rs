//! Addresses of merchants: where buyers return to, where notifications go, and which pages may show
//! the gateway's frames.

use std::fmt;
use std::str::FromStr;

use kassa_core::platform::Target;
use serde_with::{DeserializeFromStr, SerializeDisplay};
use thiserror::Error;
use url::{Host, Position, Url};

/// An `https:` address, or an `http:` one on the loopback: what [`Target`] accepts. Buyers are sent
/// to the text as the merchant wrote it; a parser would normalise it. An address with other
/// characters than those of ASCII, such as `https://bücher.example/größe`, is taken in its normal form,
/// which browsers and HTTP headers have for it.
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
    /// The text as the merchant wrote it, or the normal form of one that is not ASCII.
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
        // The URL standard drops tabs and line feeds, and has slashes for backslashes.
        if !text.chars().all(|c| if c.is_ascii() { is_plain(c) } else { is_visible(c) }) {
            return Err(NotAWebUrl);
        }
        let url = Url::parse(text).map_err(|_| NotAWebUrl)?;
        let text = if text.is_ascii() { text } else { url.as_str() };
        Target::parse(text).map_err(|_| NotAWebUrl)?;
        let is_usual = match url.host() {
            Some(Host::Domain(name)) => is_usual_name(name),
            Some(Host::Ipv4(_) | Host::Ipv6(_)) => true,
            None => false,
        };
        if is_usual { Ok(Self { text: text.to_owned(), url }) } else { Err(NotAWebUrl) }
    }
}

fn is_plain(c: char) -> bool {
    c.is_ascii_graphic() && c != '\\'
}

/// Whether a character shows where it stands: no blank, and none that has no width or turns the
/// direction of the text, which would hide a part of the address from its reader.
fn is_visible(c: char) -> bool {
    let is_hidden = matches!(c, '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    !c.is_whitespace() && !c.is_control() && !is_hidden
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
        let url = text.parse::<WebUrl>().map_err(|_| NotAnOrigin)?.url;
        let origin = Self(url.origin().ascii_serialization());
        let is_whole = origin.0 == text || url.origin().unicode_serialization() == text;
        if is_whole { Ok(origin) } else { Err(NotAnOrigin) }
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
    fn addresses_of_other_scripts_are_taken_in_their_normal_form() {
        for (url, normal) in [
            (
                "https://bücher.example/größe?q=ü#ö",
                "https://xn--bcher-kva.example/gr%C3%B6%C3%9Fe?q=%C3%BC#%C3%B6",
            ),
            ("https://BÜCHER.example", "https://xn--bcher-kva.example/"),
            (
                "https://shop.example/返回/結果",
                "https://shop.example/%E8%BF%94%E5%9B%9E/%E7%B5%90%E6%9E%9C",
            ),
            ("https://例え.テスト:8443/x?a=b%20c", "https://xn--r8jz45g.xn--zckzah:8443/x?a=b%20c"),
            ("http://localhost:4310/düne", "http://localhost:4310/d%C3%BCne"),
            ("https://shop。example/é", "https://shop.example/%C3%A9"),
            ("https://shop.example/😀", "https://shop.example/%F0%9F%98%80"),
        ] {
            let parsed: WebUrl = url.parse().unwrap();
            assert_eq!(parsed.as_str(), normal);
            assert_eq!(parsed.as_str().parse(), Ok(parsed), "stored and read again");
        }
        for url in [
            "http://bücher.example/",
            "https://ü@shop.example/",
            "https://shop.example/ü b",
            "https://shop.example/ü\r\nx: y",
            "https://shop.example/ü\tx",
            "https://shop.example/ü\u{3000}x",
            "https://shop.example/\u{202e}ü",
            "https://shop\u{200b}.example/",
            "https://shop.example\u{ff0f}@evil.example/",
            "https://shop.example\u{ff1b}script-src/",
            "https://a\\ü/",
            "//bücher.example/",
            "bücher.example/",
            "javascript://localhost/%0aalert('ü')",
        ] {
            assert_eq!(url.parse::<WebUrl>(), Err(NotAWebUrl), "{url}");
        }
        let origin = "https://bücher.example".parse::<Origin>();
        assert_eq!(origin.unwrap().as_str(), "https://xn--bcher-kva.example");
        assert_eq!("https://bücher.example/".parse::<Origin>(), Err(NotAnOrigin));
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
