//! Accepts connections, for the shop and for the gateway.
//!
//! This is hyper and not `axum::serve`, because an injected fault closes a connection without an
//! answer, and a service that cannot fail cannot do that.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tower::ServiceExt;

use crate::app::App;
use crate::http::connection::{CloseInstead, Peer};
use crate::{http, notify, shop};

/// Pause after a connection could not be accepted, mostly for lack of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// A fault closed the connection in place of an answer.
#[derive(Debug, Error)]
#[error("closed by an injected fault")]
struct ClosedByFault;

/// Serves until the future is dropped.
pub async fn run(app: Arc<App>, shop_at: Vec<TcpListener>, gateway_at: Vec<TcpListener>) {
    let mut tasks = JoinSet::new();
    tasks.spawn(notify::run(app.clone()));
    // When a connection that was used before closes without an answer, browsers repeat the request,
    // a POST too. A fault that is injected once would then have no effect, so the gateway serves one
    // request for each connection.
    let sides =
        [(shop_at, shop::router(app.clone()), true), (gateway_at, http::gateway(app), false)];
    for (listeners, router, keep_alive) in sides {
        for listener in listeners {
            tasks.spawn(accept(listener, router.clone(), keep_alive));
        }
    }
    while tasks.join_next().await.is_some() {}
}

async fn accept(listener: TcpListener, router: Router, keep_alive: bool) {
    let mut connections = JoinSet::new();
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                // Answers are small, so waiting for more data to send only costs time.
                let _ = stream.set_nodelay(true);
                let router = router.clone();
                connections.spawn(async move {
                    let service = service_fn(move |request: Request<hyper::body::Incoming>| {
                        let mut request = request.map(Body::new);
                        request.extensions_mut().insert(Peer(peer.ip()));
                        answer(router.clone(), request)
                    });
                    // An error here is a client that went away, or an injected fault.
                    let _ = hyper::server::conn::http1::Builder::new()
                        .keep_alive(keep_alive)
                        .serve_connection(TokioIo::new(stream), service)
                        .await;
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
        while connections.try_join_next().is_some() {}
    }
}

async fn answer(router: Router, request: Request) -> Result<Response, ClosedByFault> {
    let response: Result<Response, Infallible> = router.oneshot(request).await;
    let Ok(response) = response;
    if response.extensions().get::<CloseInstead>().is_some() {
        return Err(ClosedByFault);
    }
    Ok(response)
}
