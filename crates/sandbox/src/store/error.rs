//! Why the data file could not be used.

use thiserror::Error;

use super::schema::VERSION;
use crate::ids::NoRandomness;

/// A transaction that did not happen: nothing of it was stored.
#[derive(Debug, Error)]
pub enum StoreError {
    /// SQLite refused.
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    /// A value cannot be read from a row, or written as JSON.
    #[error("unreadable row: {0}")]
    Row(#[from] serde_json::Error),
    /// Another version of the program wrote the file.
    #[error("the file has version {0}, this program reads {VERSION}")]
    Version(i64),
    /// A payment without its session.
    #[error("a payment without its session")]
    NoSession,
    /// An id could not be made.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// The program ended before the transaction ran.
    #[error("the transaction was cut short")]
    Interrupted,
}
