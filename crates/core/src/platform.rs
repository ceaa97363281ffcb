//! Environments, devices, and the addresses that may be opened.

use crate::text_tools::{contains, cut, fill};

/// `environment` of the constructor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Environment {
    /// Production.
    Prod,
    /// The test environment.
    Sandbox,
}

impl Environment {
    /// As the merchant writes it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Prod => "prod",
            Self::Sandbox => "sandbox",
        }
    }
}

/// The gateway of a region, by the site code of a session. Unknown codes mean Singapore.
#[must_use]
pub fn region_gateway(site: &str) -> &'static str {
    match site {
        "DE" => "https://imgs-de-global.alipay.com",
        "ID" => "https://imgs-id.alipay.com",
        "QK" => "https://imgs-qk.alipay.com",
        "SA" => "https://imgs-sa.alipay.com",
        "US" => "https://imgs-na-global.alipay.com",
        _ => "https://imgs-sea-global.alipay.com",
    }
}

/// The kind of device, for `envInfo.terminalType`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Terminal {
    /// A phone or tablet with Android.
    Android,
    /// An iPhone or iPad.
    Ios,
    /// A phone of another kind.
    OtherPhone,
    /// A desktop browser.
    Web,
}

impl Terminal {
    /// Decides by the user agent, and by touch for iPads, whose user agent is that of a Mac.
    #[must_use]
    pub fn detect(user_agent: &str, touch_points: i32) -> Self {
        let has = |word: &str| contains(user_agent, word);
        if has("iPhone") || has("iPad") || has("iPod") || (has("Macintosh") && touch_points > 1) {
            Self::Ios
        } else if has("Android") {
            Self::Android
        } else if has("Mobile") || (has("OpenHarmony") && (has("Phone") || has("Tablet"))) {
            Self::OtherPhone
        } else {
            Self::Web
        }
    }

    /// Whether apps can be opened from a page on it.
    #[must_use]
    pub fn is_phone(self) -> bool {
        self != Self::Web
    }

    /// `terminalType` and `osType` of the protocol, which knows two systems of phones.
    #[must_use]
    pub fn wire_names(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::Android | Self::OtherPhone => ("WAP", Some("ANDROID")),
            Self::Ios => ("WAP", Some("IOS")),
            Self::Web => ("WEB", None),
        }
    }
}

/// Whether a page is shown inside of another app, where links to an app's own pages often stay what
/// they are: pages.
#[must_use]
pub fn is_in_app(user_agent: &str) -> bool {
    ["; wv)", "FBAN", "FBAV", "Instagram", "Line/", "MicroMessenger"]
        .iter()
        .any(|sign| contains(user_agent, sign))
}

/// Schemes of scripts, documents and files, and of parts of the system. None of them opens an app to
/// pay in.
const NO_APPS: [&str; 20] = [
    "about",
    "blob",
    "content",
    "data",
    "file",
    "filesystem",
    "ftp",
    "http",
    "jar",
    "javascript",
    "mailto",
    "mhtml",
    "resource",
    "search",
    "search-ms",
    "tel",
    "vbscript",
    "view-source",
    "ws",
    "wss",
];

/// Beginnings of more of them: systems open their own programs and settings, calls, messages and
/// installations by them, browsers their own pages.
const NO_APP_FAMILIES: [&str; 10] =
    ["chrome", "edge", "facetime", "itms", "mms", "moz-", "ms-", "prefs", "sms", "wyciwyg"];

/// An address that a page may be sent to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target(String);

/// Why an address was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// Not an absolute address, or one that browsers and we might read differently.
    Malformed,
    /// The scheme is not `https:`, nor `http:` on this machine.
    Scheme,
}

impl Refused {
    /// The reason, for an event's message.
    #[must_use]
    pub fn message(self) -> &'static str {
        match self {
            Self::Malformed => "it is not a plain absolute address",
            Self::Scheme => "only https addresses are opened (http on loopback only)",
        }
    }
}

impl Target {
    /// Accepts `https:` addresses, and `http:` ones on loopback. Stricter than the URL standard:
    /// blanks, control characters, backslashes, user names and characters outside of ASCII are
    /// refused. The standard has browsers repair them, which is how `java\nscript:` becomes a script.
    ///
    /// # Errors
    /// [`Refused`] is the reason.
    pub fn parse(address: &str) -> Result<Self, Refused> {
        if address.bytes().any(|b| !b.is_ascii_graphic() || b == b'\\') {
            return Err(Refused::Malformed);
        }
        let (scheme, rest) = cut(address, ":");
        let rest = rest.ok_or(Refused::Malformed)?;
        let secure = scheme.eq_ignore_ascii_case("https");
        if !secure && !scheme.eq_ignore_ascii_case("http") {
            return Err(Refused::Scheme);
        }
        let rest = rest.strip_prefix("//").ok_or(Refused::Malformed)?;
        let host = host_of(rest).ok_or(Refused::Malformed)?;
        if !secure && !is_loopback(host) {
            return Err(Refused::Scheme);
        }
        Ok(Self(address.to_owned()))
    }

    /// A link that opens an app: what [`Target::parse`] accepts, or a scheme of the app's own.
    ///
    /// Neither the original nor its documents name the schemes of the methods, and new apps come with
    /// new ones, so that no list of names can be the rule. An app's own scheme is accepted where all
    /// of this holds: it is in `schemeUrl`, which is for nothing else (`applinkUrl` takes web
    /// addresses only); the device is a phone, since a desktop has no payment apps, but programs that
    /// take commands by their schemes (`machine/switching_app.rs` decides both); the buyer presses a
    /// button; the scheme is written as RFC 3986 has it; and it is none of those that systems and
    /// browsers keep for themselves. `intent:` must name the one app that may take it.
    ///
    /// # Errors
    /// [`Refused`] is the reason.
    pub fn app(address: &str) -> Result<Self, Refused> {
        let page = Self::parse(address);
        if page != Err(Refused::Scheme) {
            return page;
        }
        let (scheme, _) = cut(address, ":");
        let mut letters = scheme.bytes();
        let is_scheme = letters.next().is_some_and(|b| b.is_ascii_alphabetic())
            && letters.all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'));
        // Without a package, Android may hand an intent to any app, or to none.
        let is_open = scheme.eq_ignore_ascii_case("intent") && !contains(address, ";package=");
        let is_no_app = NO_APPS.iter().any(|known| scheme.eq_ignore_ascii_case(known))
            || NO_APP_FAMILIES.iter().any(|family| has_prefix(scheme, family));
        if !is_scheme || is_open || is_no_app {
            return page;
        }
        Ok(Self(address.to_owned()))
    }

    /// A path on a gateway. The path comes from the gateway's own answer, and may only name a place
    /// on the gateway itself.
    ///
    /// # Errors
    /// [`Refused::Malformed`] when it does not begin with a single slash.
    pub fn on_gateway(gateway: &str, path: &str) -> Result<Self, Refused> {
        if !path.starts_with("/") || path.starts_with("//") {
            return Err(Refused::Malformed);
        }
        Self::parse(&fill("{}{}", &[without_slash(gateway), path]))
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The host in the part after the slashes, without port. `None` where there is none, or a user name
/// before it.
fn host_of(rest: &str) -> Option<&str> {
    let authority = ["/", "?", "#"].iter().fold(rest, |text, end| cut(text, end).0);
    if contains(authority, "@") {
        return None;
    }
    let host = match authority.strip_prefix("[") {
        Some(v6) => {
            let (host, port) = cut(v6, "]");
            port.map(|_| host)?
        }
        None => cut(authority, ":").0,
    };
    (!host.is_empty()).then_some(host)
}

fn has_prefix(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len()).is_some_and(|beginning| beginning.eq_ignore_ascii_case(prefix))
}

fn is_loopback(host: &str) -> bool {
    // Exactly: browsers read `127.1`, and numbers with leading zeros, in ways of their own.
    host == "127.0.0.1" || host == "::1" || host == "localhost" || host.ends_with(".localhost")
}

/// A base address, ready for a path.
pub(crate) fn without_slash(mut address: &str) -> &str {
    while let Some(shorter) = address.strip_suffix('/') {
        address = shorter;
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn safe_addresses_are_opened() {
        for address in [
            "https://bank.example/pay?x=1#y",
            "HTTPS://bank.example",
            "https://bank.example:8443/",
            "http://localhost:4310/result?order=1",
            "http://127.0.0.1:4311/bank/1",
            "http://[::1]:80/",
            "http://shop.localhost/",
        ] {
            assert!(Target::parse(address).is_ok(), "{address}");
        }
    }

    #[test]
    fn other_addresses_are_refused_with_a_reason() {
        for (address, why) in [
            ("javascript:alert(1)", Refused::Scheme),
            ("JavaScript://x/%0aalert(1)", Refused::Scheme),
            ("java\nscript:alert(1)", Refused::Malformed),
            ("\u{1}javascript:alert(1)", Refused::Malformed),
            (" https://bank.example", Refused::Malformed),
            ("data:text/html,x", Refused::Scheme),
            ("blob:https://bank.example/1", Refused::Scheme),
            ("file:///etc/passwd", Refused::Scheme),
            ("vbscript:x", Refused::Scheme),
            ("intent://x#Intent;end", Refused::Scheme),
            ("http://bank.example/", Refused::Scheme),
            ("http://127./", Refused::Scheme),
            ("http://127.1/", Refused::Scheme),
            ("http://127.0.0.2/", Refused::Scheme),
            ("http://127.0.0.256/", Refused::Scheme),
            ("http://127.0.0.01/", Refused::Scheme),
            ("http://127.0.0.+1/", Refused::Scheme),
            ("http://127.0.0.1.2/", Refused::Scheme),
            ("http://127.0.0.1.evil.example/", Refused::Scheme),
            ("http://localhost.evil.example/", Refused::Scheme),
            ("http://127.0.0.1@evil.example/", Refused::Malformed),
            ("https://user@bank.example/", Refused::Malformed),
            ("https:/bank.example", Refused::Malformed),
            ("https://", Refused::Malformed),
            ("https:\\\\bank.example", Refused::Malformed),
            ("/result", Refused::Malformed),
            ("//bank.example", Refused::Malformed),
            ("", Refused::Malformed),
        ] {
            assert_eq!(Target::parse(address), Err(why), "{address}");
        }
    }

    #[test]
    fn apps_are_opened_by_schemes_of_their_own() {
        for address in [
            "gcash://pay?x=1",
            "intent://pay/1#Intent;scheme=gcash;package=com.globe.gcash.android;end",
            "com.example-app+1:pay",
            "https://app.example/pay",
        ] {
            assert!(Target::app(address).is_ok(), "{address}");
        }
        for address in [
            "javascript:alert(1)",
            "JAVASCRIPT:alert(1)",
            "data:text/html,x",
            "blob:https://x.example/1",
            "file:///etc/passwd",
            "vbscript:x",
            "about:blank",
            "filesystem:https://x.example/1",
            "http://bank.example/",
            "intent://pay/1#Intent;scheme=gcash;end",
            "ms-msdt:/id PCWDiagnostic",
            "ms-msdt:/id",
            "MS-settings:privacy",
            "search-ms:query=x",
            "jar:https://x.example!/a",
            "resource://x",
            "view-source:https://x.example",
            "chrome://settings",
            "chrome-extension://x",
            "moz-extension://x",
            "tel:+1900",
            "sms:+1900?body=x",
            "SMSTO:+1900",
            "mmsto:+1900",
            "mailto:x@x.example",
            "facetime://x",
            "facetime-audio://x",
            "itms-services://?action=download-manifest&url=https://x.example/x.plist",
            "prefs:root=General",
            "content://x/y",
            "ftp://x.example/",
            "ws://x.example/",
            "wss://x.example/",
            "1app://x",
            "a_b://x",
            "://x",
            "gcash",
            "gcash://a b",
            "java\nscript:alert(1)",
            "",
        ] {
            assert!(Target::app(address).is_err(), "{address}");
        }
    }

    #[test]
    fn pages_inside_of_apps_are_known() {
        for (agent, inside) in [
            ("Mozilla/5.0 (iPhone) Mobile/15E148 [FBAN/FBIOS;FBAV/400.0]", true),
            ("Mozilla/5.0 (Linux; Android 14; Pixel 8; wv) Chrome/130", true),
            ("Mozilla/5.0 (Linux; Android 14; Pixel 8) Chrome/130 Mobile", false),
        ] {
            assert_eq!(is_in_app(agent), inside, "{agent}");
        }
    }

    #[test]
    fn a_frame_stays_on_its_gateway() {
        let on =
            |path| Target::on_gateway("https://gw.example/", path).map(|t| t.as_str().to_owned());
        assert_eq!(on("/frame/card?client=1"), Ok("https://gw.example/frame/card?client=1".into()));
        for path in ["frame/card", "//evil.example/", "@evil.example/", "https://evil.example/", ""]
        {
            assert!(on(path).is_err(), "{path}");
        }
    }

    #[test]
    fn regions_and_devices() {
        assert_eq!(region_gateway("US"), "https://imgs-na-global.alipay.com");
        assert_eq!(region_gateway(""), region_gateway("XX"));
        for (agent, touch, names) in [
            ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X)", 5, ("WAP", Some("IOS"))),
            ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)", 5, ("WAP", Some("IOS"))),
            ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)", 0, ("WEB", None)),
            ("Mozilla/5.0 (Linux; Android 14; Pixel 8)", 5, ("WAP", Some("ANDROID"))),
            ("Mozilla/5.0 (Windows NT 10.0; Win64; x64)", 10, ("WEB", None)),
            ("Mozilla/5.0 (Phone; OpenHarmony 5.0)", 5, ("WAP", Some("ANDROID"))),
            ("Mozilla/5.0 (PC; OpenHarmony 5.0)", 0, ("WEB", None)),
        ] {
            assert_eq!(Terminal::detect(agent, touch).wire_names(), names, "{agent}");
        }
    }
}
