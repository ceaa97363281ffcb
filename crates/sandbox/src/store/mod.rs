//! The sandbox's persistent state: one SQLite file. This module reads and writes rows; the rules
//! are in `domain`.
//!
//! *Invariant:* a handler answers only after its transaction is on the disk (write-ahead log,
//! `synchronous=FULL`), so acknowledged changes survive `kill -9`.
//!
//! *Invariant:* every change is one transaction that takes the write lock first, so concurrent calls
//! never see a half of each other's changes.
//!
//! *Invariant:* a payment is stored together with the notification that its change calls for, in one
//! call ([`Rows::add_payment`], [`Rows::change_payment`]), so there is never one without the other.

mod error;
mod ledger;
mod notifications;
mod payments;
mod schema;
mod sessions;
mod shop;

use std::cell::Cell;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use serde::de::DeserializeOwned;
use tokio::sync::Notify;

pub use error::StoreError;
pub use notifications::{Delivery, QueuedNotification};
pub use shop::ReceivedNotification;

use crate::ids::NoRandomness;

/// The open file.
pub struct Store {
    connection: Mutex<Connection>,
    due_changed: Notify,
}

impl Store {
    /// Opens the file, or creates it.
    ///
    /// # Errors
    /// When the file cannot be used or another version wrote it.
    pub fn open(file: &Path) -> Result<Self, StoreError> {
        let mut connection = Connection::open(file)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        // The bytes of removed rows are overwritten.
        connection.pragma_update(None, "secure_delete", true)?;
        let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
        let done = usize::try_from(version).map_err(|_| StoreError::Version(version))?;
        let missing = schema::MIGRATIONS.get(done..).ok_or(StoreError::Version(version))?;
        if !missing.is_empty() {
            let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            for migration in missing {
                tx.execute_batch(migration)?;
            }
            tx.pragma_update(None, "user_version", schema::VERSION)?;
            tx.commit()?;
        }
        Ok(Self { connection: Mutex::new(connection), due_changed: Notify::new() })
    }

    /// Runs one transaction. Its changes are stored when `work` returns `Ok`, and are on the disk
    /// when this returns. Blocks.
    ///
    /// # Errors
    /// Those of `work`, and when the transaction cannot be stored.
    pub fn run<T>(
        &self,
        work: impl FnOnce(&Rows<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        // A poisoned lock means that a transaction was cut short. It was rolled back when it was
        // dropped, so the connection is usable.
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let rows = Rows { tx: &tx, due_changed: Cell::new(false) };
        let outcome = work(&rows)?;
        let due_changed = rows.due_changed.get();
        tx.commit()?;
        if due_changed {
            self.due_changed.notify_one();
        }
        Ok(outcome)
    }

    /// Empties the write-ahead log, which has earlier contents of rows. Blocks.
    ///
    /// # Errors
    /// When the file cannot be used.
    pub fn empty_log(&self) -> Result<(), StoreError> {
        let connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?)
    }

    /// Waits until a stored transaction changed when a payment or a notification is due or a card token
    /// expires. Only one task may wait.
    pub(crate) async fn due_changed(&self) {
        self.due_changed.notified().await;
    }
}

/// The rows, inside a transaction. Every method fails when the file cannot be used.
pub struct Rows<'t> {
    tx: &'t Transaction<'t>,
    due_changed: Cell<bool>,
}

impl Rows<'_> {
    fn read<T: DeserializeOwned>(
        &self,
        sql: &str,
        params: impl rusqlite::Params,
    ) -> Result<Option<T>, StoreError> {
        let text: Option<String> =
            self.tx.prepare_cached(sql)?.query_row(params, |row| row.get(0)).optional()?;
        text.map(|text| serde_json::from_str(&text)).transpose().map_err(StoreError::Row)
    }

    fn read_all<T: DeserializeOwned>(
        &self,
        sql: &str,
        params: impl rusqlite::Params,
    ) -> Result<Vec<T>, StoreError> {
        let mut statement = self.tx.prepare_cached(sql)?;
        let texts = statement.query_map(params, |row| row.get::<_, String>(0))?;
        texts.map(|text| Ok(serde_json::from_str(&text?)?)).collect()
    }

    /// A value and the digest of the request that made it, by the merchant's request id.
    fn read_with_digest<T: DeserializeOwned>(
        &self,
        sql: &str,
        client_id: &str,
        request_id: &str,
    ) -> Result<Option<(T, String)>, StoreError> {
        let row: Option<(String, String)> = self
            .tx
            .prepare_cached(sql)?
            .query_row([client_id, request_id], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        row.map(|(body, digest)| Ok((serde_json::from_str(&body)?, digest))).transpose()
    }

    fn write(&self, sql: &str, params: impl rusqlite::Params) -> Result<(), StoreError> {
        self.tx.prepare_cached(sql)?.execute(params)?;
        Ok(())
    }

    /// A secret of this installation, made by `fresh` the first time.
    ///
    /// # Errors
    /// Also those of `fresh`.
    pub fn secret(
        &self,
        name: &str,
        fresh: impl FnOnce() -> Result<Vec<u8>, NoRandomness>,
    ) -> Result<Vec<u8>, StoreError> {
        let sql = "SELECT bytes FROM secrets WHERE name = ?1";
        let stored = self.tx.query_row(sql, [name], |row| row.get(0)).optional()?;
        if let Some(bytes) = stored {
            return Ok(bytes);
        }
        let bytes = fresh()?;
        self.write("INSERT INTO secrets VALUES (?1, ?2)", params![name, bytes])?;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::schema::{FIRST, VERSION};
    use super::*;

    fn versioned(folder: &Path, steps: &[&str], version: i64) -> std::path::PathBuf {
        let file = folder.join(format!("{version}.db"));
        let connection = Connection::open(&file).unwrap();
        for step in steps {
            connection.execute_batch(step).unwrap();
        }
        connection.pragma_update(None, "user_version", version).unwrap();
        file
    }

    #[test]
    fn files_of_earlier_versions_are_migrated_and_those_of_later_ones_refused() {
        let folder = tempfile::tempdir().unwrap();
        let earlier = versioned(folder.path(), &[FIRST], 1);
        for _ in 0..2 {
            let store = Store::open(&earlier).unwrap();
            assert!(store.run(|rows| rows.due_notifications(0, 1)).unwrap().is_empty());
            assert!(store.run(|rows| rows.due_payments(0, 1)).unwrap().is_empty());
        }
        for other in [VERSION + 1, -1] {
            let file = versioned(folder.path(), &[], other);
            let error = Store::open(&file).err().unwrap();
            assert!(matches!(error, StoreError::Version(found) if found == other), "{error}");
        }
    }
}
