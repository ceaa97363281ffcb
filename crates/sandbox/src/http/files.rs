//! Files of the built pages.

use std::path::{Path, PathBuf};

use axum::body::Body;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

/// The file of this name in the first folder that has it. A name is plain segments joined by `/`, so
/// that it can name neither a hidden file nor one outside of the folder.
pub(crate) async fn serve(folders: &[PathBuf], name: &str) -> Response {
    let is_plain = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
    };
    if !name.split('/').all(is_plain) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let candidates: Vec<PathBuf> = folders.iter().map(|folder| folder.join(name)).collect();
    let read = tokio::task::spawn_blocking(move || {
        candidates.iter().find_map(|file| std::fs::read(file).ok())
    });
    let Ok(Some(bytes)) = read.await else {
        return (StatusCode::NOT_FOUND, "not found; is it built? (cargo xtask build)\n")
            .into_response();
    };
    Response::builder()
        .header(header::CONTENT_TYPE, content_type(Path::new(name)))
        .header(header::CACHE_CONTROL, "no-cache")
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .body(Body::from(bytes))
        .unwrap_or_else(|_| StatusCode::SERVICE_UNAVAILABLE.into_response())
}

fn content_type(name: &Path) -> &'static str {
    match name.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("json" | "map") => "application/json",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}
