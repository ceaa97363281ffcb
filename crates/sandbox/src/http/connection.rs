//! Data of a connection, passed between the listener and the handlers as extensions.

use std::net::IpAddr;

use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// The address of the client, in a request's extensions.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// In a response's extensions: the listener closes the connection and sends nothing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CloseInstead;

/// Refuses requests that another machine, or a page of another site, sent.
pub(crate) async fn for_this_machine_only(request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<Peer>();
    if peer.is_some_and(|Peer(address)| address.is_loopback()) && is_local(request.headers()) {
        return next.run(request).await;
    }
    (StatusCode::FORBIDDEN, "Only for this machine.\n").into_response()
}

/// A page of another site may resolve its own name to this machine, and then sends that name.
fn is_local(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        Some(_) | None => host,
    };
    name.eq_ignore_ascii_case("localhost") || name == "127.0.0.1" || name == "[::1]"
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::Body;
    use axum::http::HeaderValue;
    use axum::middleware::from_fn;
    use axum::routing::get;
    use tower::ServiceExt;

    use super::*;

    #[tokio::test]
    async fn other_machines_are_refused() {
        let router = Router::new()
            .route("/", get(async || "tool"))
            .route_layer(from_fn(for_this_machine_only));
        for (peer, expected) in
            [("127.0.0.1", 200), ("::1", 200), ("192.168.0.2", 403), ("fd00::1", 403)]
        {
            let request = Request::get("/").header("host", "localhost:4310").body(Body::empty());
            let mut request = request.unwrap();
            request.extensions_mut().insert(Peer(peer.parse().unwrap()));
            let response = router.clone().oneshot(request).await.unwrap();
            assert_eq!(response.status(), expected, "{peer}");
        }
        let unknown = Request::get("/").header("host", "localhost").body(Body::empty()).unwrap();
        assert_eq!(router.oneshot(unknown).await.unwrap().status(), 403, "peer not known");
    }

    #[test]
    fn only_this_machine_by_its_own_names() {
        for (host, local) in [
            ("127.0.0.1:4311", true),
            ("localhost", true),
            ("LOCALHOST:80", true),
            ("[::1]:4311", true),
            ("localhost.evil.example:4311", false),
            ("evil.example:4311", false),
            ("127.0.0.1.evil.example", false),
            ("[::2]:4311", false),
            ("0.0.0.0:4311", false),
            ("", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_str(host).unwrap());
            assert_eq!(is_local(&headers), local, "{host}");
        }
        assert!(!is_local(&HeaderMap::new()), "no host");
    }
}
