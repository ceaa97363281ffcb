//! Accepting connections.
//!
//! This is hyper and not `axum::serve`, because a fault has to close a connection without an
//! answer, and a service that cannot fail cannot do that.

use std::convert::Infallible;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware;
use axum::response::Response;
use axum::routing::{any, get};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tower::ServiceExt;

use crate::app::App;
use crate::{
    http::client, http::frame, http::merchant, http::protection, http::simulators, notify, shop,
};

/// Put among a response's extensions: close the connection instead of sending it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CloseInstead;

/// The gateway's routes.
pub fn gateway(app: Arc<App>) -> Router {
    Router::new()
        .route("/healthz", get(healthy))
        .route("/ams/{*rest}", any(merchant::handle))
        .route("/mgw.htm", any(client::handle))
        .route("/favicon.ico", get(no_icon))
        .merge(frame::routes())
        .merge(simulators::routes())
        .layer(middleware::map_response(protection::add_defaults))
        .with_state(app)
}

/// The demo shop's routes.
pub fn shop(app: Arc<App>) -> Router {
    Router::new()
        .route("/healthz", get(healthy))
        .route("/favicon.ico", get(no_icon))
        .merge(shop::routes())
        .with_state(app)
}

async fn healthy() -> &'static str {
    "ok\n"
}

/// Browsers ask for one on their own; a 404 would stand in the console of every page.
async fn no_icon() -> StatusCode {
    StatusCode::NO_CONTENT
}

/// Serves until the future is dropped.
pub async fn run(app: Arc<App>, shop_at: Vec<TcpListener>, gateway_at: Vec<TcpListener>) {
    let mut tasks = JoinSet::new();
    // Browsers send a request again by themselves when a connection that was used before closes
    // without an answer, a POST too. A fault that is ordered once would then go unseen, so the
    // gateway serves one request for each connection.
    tasks.spawn(notify::work(app.clone()));
    let sides = [(shop_at, shop(app.clone()), true), (gateway_at, gateway(app), false)];
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
                // Small answers, many round trips: waiting for more to send only costs time.
                let _ = stream.set_nodelay(true);
                let router = router.clone();
                connections.spawn(async move {
                    let service = service_fn(move |request: Request<hyper::body::Incoming>| {
                        let mut request = request.map(Body::new);
                        request.extensions_mut().insert(simulators::Peer(peer.ip()));
                        answer(router.clone(), request)
                    });
                    let io = TokioIo::new(stream);
                    // An error here is a client that went away, or a fault that was ordered.
                    let _ = hyper::server::conn::http1::Builder::new()
                        .keep_alive(keep_alive)
                        .serve_connection(io, service)
                        .await;
                });
            }
            // Out of file descriptors, mostly: give the others time to close.
            Err(_) => tokio::time::sleep(std::time::Duration::from_millis(50)).await,
        }
        while connections.try_join_next().is_some() {}
    }
}

async fn answer(router: Router, request: Request) -> Result<Response, &'static str> {
    let response: Result<Response, Infallible> = router.oneshot(request).await;
    let Ok(response) = response;
    if response.extensions().get::<CloseInstead>().is_some() {
        return Err("closed on order");
    }
    Ok(response)
}
