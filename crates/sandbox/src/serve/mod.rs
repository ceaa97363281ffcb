//! Accepts connections, for the shop and for the gateway, and limits their number and their time.
//!
//! This is hyper and not `axum::serve`, because an injected fault closes a connection without an
//! answer, and a service that cannot fail cannot do that.

mod body;
mod connections;

use std::convert::Infallible;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use body::{LimitedBody, Working};
use connections::Connections;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use thiserror::Error;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tower::ServiceExt;

use crate::app::App;
use crate::http::connection::{CloseInstead, Peer};
use crate::{http, notify, shop};

/// Pause after a connection could not be accepted, mostly for lack of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// How long connections may last, and how many there may be.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Time until the whole head of a request has come: from the opening of a connection, or from the
    /// answer before.
    pub head: Duration,
    /// Time from the head of a request until its whole body has come.
    pub body: Duration,
    /// Time after which a connection takes no further request. It is closed after the same time once
    /// more, so that a client that reads its answer slowly does not keep it either.
    pub life: Duration,
    /// The most connections of a listener.
    pub connections: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(15),
            body: Duration::from_secs(20),
            // A call that hangs by a fault takes a minute.
            life: Duration::from_secs(2 * 60),
            connections: 512,
        }
    }
}

impl Limits {
    /// The limits of a program that may open this number of files.
    #[must_use]
    pub fn for_files(files: u64) -> Self {
        /// For the data file, the log and notifications.
        const OTHER_FILES: u64 = 128;
        /// Three listeners, of the gateway and of the shop on two addresses. A connection has its socket,
        /// and a file that is sent or a call of the shop to the gateway.
        const SHARES: u64 = 6;
        let usual = Self::default();
        let share = files.saturating_sub(OTHER_FILES) / SHARES;
        let connections = usize::try_from(share).unwrap_or(usize::MAX);
        Self { connections: connections.clamp(8, usual.connections), ..usual }
    }
}

/// A fault closed the connection in place of an answer.
#[derive(Debug, Error)]
#[error("closed by an injected fault")]
struct ClosedByFault;

/// Serves until the future is dropped.
pub async fn run(
    app: Arc<App>,
    shop_at: Vec<TcpListener>,
    gateway_at: Vec<TcpListener>,
    limits: Limits,
) {
    let mut tasks = JoinSet::new();
    tasks.spawn(notify::run(app.clone()));
    // When a connection that was used before closes without an answer, browsers repeat the request,
    // a POST too. A fault that is injected once would then have no effect, so the gateway serves one
    // request for each connection.
    let sides =
        [(shop_at, shop::router(app.clone()), true), (gateway_at, http::gateway(app), false)];
    for (listeners, router, keep_alive) in sides {
        for listener in listeners {
            tasks.spawn(accept(listener, router.clone(), keep_alive, limits));
        }
    }
    while tasks.join_next().await.is_some() {}
}

async fn accept(listener: TcpListener, router: Router, keep_alive: bool, limits: Limits) {
    let mut connections = Connections::new(limits.connections);
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                // Answers are small, so waiting for more data to send only costs time.
                let _ = stream.set_nodelay(true);
                let working = Working::default();
                let settings = Settings { router: router.clone(), keep_alive, limits };
                let serve = settings.serve(stream, peer.ip(), working.clone());
                connections.add(serve, working).await;
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

/// How a connection is served.
struct Settings {
    router: Router,
    keep_alive: bool,
    limits: Limits,
}

impl Settings {
    async fn serve(self, stream: TcpStream, peer: IpAddr, working: Working) {
        let Self { router, keep_alive, limits } = self;
        let service = service_fn(move |request: Request<Incoming>| {
            let body =
                |incoming| Body::new(LimitedBody::new(incoming, limits.body, working.clone()));
            let mut request = request.map(body);
            request.extensions_mut().insert(Peer(peer));
            answer(router.clone(), request, working.clone())
        });
        let connection = hyper::server::conn::http1::Builder::new()
            .keep_alive(keep_alive)
            .timer(TokioTimer::new())
            .header_read_timeout(limits.head)
            .serve_connection(TokioIo::new(stream), service);
        let mut connection = pin!(connection);
        // An error here is a client that went away or was too slow, or an injected fault.
        tokio::select! {
            _ended = connection.as_mut() => return,
            () = tokio::time::sleep(limits.life) => {}
        }
        connection.as_mut().graceful_shutdown();
        let _ended = tokio::time::timeout(limits.life, connection).await;
    }
}

async fn answer(
    router: Router,
    request: Request,
    working: Working,
) -> Result<Response, ClosedByFault> {
    let response: Result<Response, Infallible> = router.oneshot(request).await;
    let Ok(response) = response;
    working.set(false);
    if response.extensions().get::<CloseInstead>().is_some() {
        return Err(ClosedByFault);
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_fewer_connections_than_files() {
        for files in [256, 1024, 8192, 1_000_000] {
            let connections = Limits::for_files(files).connections;
            assert!(connections >= 16 && (connections as u64) * 6 + 100 < files, "{files}");
        }
        assert_eq!(Limits::for_files(0).connections, 8);
    }
}
