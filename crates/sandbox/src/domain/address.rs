//! Addresses that a page may be sent to.

/// The origin of an absolute `https:` URL, or of an `http:` URL on the loopback; `None` for every
/// other text. The rest of the URL is not looked at beyond being printable ASCII: it is passed on
/// as it came.
#[must_use]
pub fn origin_of_page(url: &str) -> Option<&str> {
    if !url.bytes().all(|b| b.is_ascii_graphic()) || url.contains(['\\', '"', '<', '>']) {
        return None;
    }
    let scheme_end = url.find("://")?;
    let (scheme, rest) = (url.get(..scheme_end)?, url.get(scheme_end + 3..)?);
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let authority = rest.get(..end)?;
    let host = match authority.rsplit_once(':') {
        Some((host, port))
            if !port.is_empty() && port.len() <= 5 && port.bytes().all(|b| b.is_ascii_digit()) =>
        {
            host
        }
        _ => authority,
    };
    let bracketed = host.strip_prefix('[').and_then(|h| h.strip_suffix(']'));
    let plain = |c: u8| c.is_ascii_alphanumeric() || c == b'.' || c == b'-';
    let valid = match bracketed {
        Some(v6) => v6.parse::<std::net::Ipv6Addr>().is_ok(),
        None => !host.is_empty() && host.bytes().all(plain),
    };
    let loopback = host.eq_ignore_ascii_case("localhost") || host == "127.0.0.1" || host == "[::1]";
    let allowed =
        scheme.eq_ignore_ascii_case("https") || (scheme.eq_ignore_ascii_case("http") && loopback);
    (valid && allowed).then(|| url.get(..scheme_end + 3 + end)).flatten()
}

/// What is requested of an absolute URL's host: path and query. Without a path that is `/`.
#[must_use]
pub fn path_of(url: &str) -> Option<String> {
    let rest = url.get(url.find("://")? + 3..)?;
    let rest = rest.split('#').next().unwrap_or_default();
    let path = rest.find(['/', '?']).and_then(|at| rest.get(at..)).unwrap_or("/");
    Some(if path.starts_with('/') { path.to_owned() } else { format!("/{path}") })
}

#[cfg(test)]
mod tests {
    use super::{origin_of_page, path_of};

    #[test]
    fn paths_are_what_a_request_line_says() {
        for (url, path) in [
            ("https://a.example", "/"),
            ("https://a.example/", "/"),
            ("https://a.example/n/1?x=%2F&y#z", "/n/1?x=%2F&y"),
            ("https://a.example?x=/", "/?x=/"),
            ("http://[::1]:80#a/b", "/"),
        ] {
            assert_eq!(path_of(url).as_deref(), Some(path));
        }
    }

    #[test]
    fn pages_and_others() {
        for (url, origin) in [
            ("https://shop.example/a?b#c", "https://shop.example"),
            ("https://shop.example:8443", "https://shop.example:8443"),
            ("http://localhost:4310/result?order=1", "http://localhost:4310"),
            ("http://[::1]:4310/", "http://[::1]:4310"),
            ("https://www.yourMerchantWeb.com", "https://www.yourMerchantWeb.com"),
        ] {
            assert_eq!(origin_of_page(url), Some(origin));
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
            "//shop.example",
            "/result",
            "",
            "https://[zz]/",
            "https://a\\b/",
        ] {
            assert_eq!(origin_of_page(url), None, "{url}");
        }
    }
}
