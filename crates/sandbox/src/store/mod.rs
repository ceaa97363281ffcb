//! Everything that must survive: one SQLite file.
//!
//! *Invariant:* a handler answers only after its transaction is on the disk (write-ahead log,
//! `synchronous=FULL`), so what was acknowledged is there after `kill -9`.
//!
//! *Invariant:* every change is one transaction that takes the write lock first. Two calls that
//! arrive at once therefore see each other's result, not each other's half.

mod ledger;
mod notifications;

use std::cell::Cell;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::Notify;

pub use notifications::{Arrival, Notification, Tried};

use crate::clock::Millis;
use crate::domain::card::CardFacts;
use crate::domain::payment::{Payment, Status};
use crate::domain::scenario::Operation;
use crate::domain::session::Session;
use crate::notify;

/// The file could not do what was asked.
#[derive(Debug)]
pub enum StoreError {
    /// SQLite said so.
    Sqlite(rusqlite::Error),
    /// A row holds something that this version cannot read.
    Row(serde_json::Error),
    /// The file was written by another version.
    Version(i64),
    /// Something else that the transaction needed failed.
    Other(&'static str),
}

impl std::fmt::Display for StoreError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sqlite(error) => write!(out, "{error}"),
            Self::Row(error) => write!(out, "unreadable row: {error}"),
            Self::Version(found) => {
                write!(out, "the file has version {found}, this program reads {VERSION}")
            }
            Self::Other(what) => out.write_str(what),
        }
    }
}

impl std::error::Error for StoreError {}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        Self::Row(error)
    }
}

impl From<crate::ids::NoRandomness> for StoreError {
    fn from(_: crate::ids::NoRandomness) -> Self {
        Self::Other("the system gives no random bytes")
    }
}

/// What the file went through, in order; a file's version is how many of these it has behind it.
/// What was published stays as it is: whatever changes becomes a step of its own at the end.
const STEPS: [&str; 2] = [FIRST, MERCHANT_SIDE];

const VERSION: i64 = STEPS.len() as i64;

const FIRST: &str = "
    CREATE TABLE secrets (name TEXT PRIMARY KEY, bytes BLOB NOT NULL);
    CREATE TABLE merchants (client_id TEXT PRIMARY KEY, body TEXT NOT NULL);
    CREATE TABLE sessions (
        id TEXT PRIMARY KEY, client_id TEXT NOT NULL, request_id TEXT NOT NULL,
        content TEXT NOT NULL, body TEXT NOT NULL, UNIQUE (client_id, request_id));
    CREATE TABLE payments (
        number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
        session_id TEXT NOT NULL REFERENCES sessions (id), attempt_id TEXT NOT NULL,
        bank_id TEXT UNIQUE, body TEXT NOT NULL, UNIQUE (session_id, attempt_id));
    CREATE TABLE card_tokens (
        token TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES sessions (id),
        expires_at INTEGER NOT NULL, body TEXT NOT NULL);
    CREATE TABLE fault_uses (
        session_id TEXT NOT NULL REFERENCES sessions (id), operation TEXT NOT NULL,
        uses INTEGER NOT NULL, PRIMARY KEY (session_id, operation));
    CREATE TABLE orders (id TEXT PRIMARY KEY, body TEXT NOT NULL);
";

/// `received` is the demo shop's, the rest the gateway's. A notification that has no `due_at` is
/// acknowledged or given up.
const MERCHANT_SIDE: &str = "
    ALTER TABLE payments ADD COLUMN due_at INTEGER;
    CREATE INDEX payments_due ON payments (due_at) WHERE due_at IS NOT NULL;
    CREATE TABLE cancellations (
        session_id TEXT PRIMARY KEY REFERENCES sessions (id), at INTEGER NOT NULL,
        paid INTEGER NOT NULL);
    CREATE TABLE captures (
        number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
        payment_id TEXT NOT NULL REFERENCES payments (id), client_id TEXT NOT NULL,
        request_id TEXT NOT NULL, content TEXT NOT NULL, body TEXT NOT NULL,
        UNIQUE (client_id, request_id));
    CREATE INDEX captures_payment ON captures (payment_id);
    CREATE TABLE refunds (
        number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
        payment_id TEXT NOT NULL REFERENCES payments (id), client_id TEXT NOT NULL,
        request_id TEXT NOT NULL, content TEXT NOT NULL, body TEXT NOT NULL,
        UNIQUE (client_id, request_id));
    CREATE INDEX refunds_payment ON refunds (payment_id);
    CREATE TABLE notifications (
        number INTEGER PRIMARY KEY, payment_id TEXT NOT NULL REFERENCES payments (id),
        client_id TEXT NOT NULL, request_id TEXT NOT NULL, kind TEXT NOT NULL, url TEXT NOT NULL,
        body TEXT NOT NULL, created_at INTEGER NOT NULL, due_at INTEGER, acknowledged_at INTEGER);
    CREATE INDEX notifications_due ON notifications (due_at) WHERE due_at IS NOT NULL;
    CREATE INDEX notifications_payment ON notifications (payment_id, number);
    CREATE INDEX notifications_request ON notifications (client_id, request_id);
    CREATE TABLE notification_tries (
        notification INTEGER NOT NULL REFERENCES notifications (number), at INTEGER NOT NULL,
        status INTEGER, answer TEXT NOT NULL);
    CREATE INDEX notification_tries_of ON notification_tries (notification);
    CREATE TABLE received (
        order_id TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL,
        first_at INTEGER NOT NULL, arrivals INTEGER NOT NULL, acknowledged_at INTEGER,
        PRIMARY KEY (order_id, kind, subject));
";

/// The open file.
pub struct Store {
    connection: Mutex<Connection>,
    stirred: Notify,
}

impl Store {
    /// Opens the file, or makes it.
    ///
    /// # Errors
    /// When the file cannot be used or another version wrote it.
    pub fn open(file: &Path) -> Result<Self, StoreError> {
        let mut connection = Connection::open(file)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
        let behind =
            usize::try_from(version).ok().and_then(|done| STEPS.get(done..)).unwrap_or_default();
        if behind.is_empty() && version != VERSION {
            return Err(StoreError::Version(version));
        }
        if !behind.is_empty() {
            let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            for step in behind {
                tx.execute_batch(step)?;
            }
            tx.pragma_update(None, "user_version", VERSION)?;
            tx.commit()?;
        }
        Ok(Self { connection: Mutex::new(connection), stirred: Notify::new() })
    }

    /// Runs one transaction. What it did is kept when it returns `Ok`, and on the disk when this
    /// returns.
    ///
    /// # Errors
    /// Those of `work`, and when the transaction cannot be kept.
    pub fn run<T>(
        &self,
        work: impl FnOnce(&Rows<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        // A poisoned lock means that a transaction was cut short: it was rolled back when it was
        // dropped, so the connection is as good as before.
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let rows = Rows(&tx, Cell::new(false));
        let outcome = work(&rows)?;
        let stirred = rows.1.get();
        tx.commit()?;
        if stirred {
            self.stirred.notify_one();
        }
        Ok(outcome)
    }

    /// Waits until something was kept that time or the worker has to act on.
    pub(crate) async fn stirred(&self) {
        self.stirred.notified().await;
    }
}

/// The rows, inside a transaction, and whether the worker has to look at them afterwards.
pub struct Rows<'t>(&'t Transaction<'t>, Cell<bool>);

impl Rows<'_> {
    fn read<T: DeserializeOwned>(
        &self,
        sql: &str,
        params: impl rusqlite::Params,
    ) -> Result<Option<T>, StoreError> {
        let text: Option<String> =
            self.0.prepare_cached(sql)?.query_row(params, |row| row.get(0)).optional()?;
        text.map(|text| serde_json::from_str(&text)).transpose().map_err(StoreError::Row)
    }

    fn read_all<T: DeserializeOwned>(
        &self,
        sql: &str,
        params: impl rusqlite::Params,
    ) -> Result<Vec<T>, StoreError> {
        let mut statement = self.0.prepare_cached(sql)?;
        let texts = statement.query_map(params, |row| row.get::<_, String>(0))?;
        texts.map(|text| Ok(serde_json::from_str(&text?)?)).collect()
    }

    fn write(&self, sql: &str, params: impl rusqlite::Params) -> Result<(), StoreError> {
        self.0.prepare_cached(sql)?.execute(params)?;
        Ok(())
    }

    /// A secret of this installation, made by `fresh` the first time.
    ///
    /// # Errors
    /// Those of the file and of `fresh`.
    pub fn secret(
        &self,
        name: &str,
        fresh: impl FnOnce() -> Result<Vec<u8>, StoreError>,
    ) -> Result<Vec<u8>, StoreError> {
        let sql = "SELECT bytes FROM secrets WHERE name = ?1";
        let known = self.0.query_row(sql, [name], |row| row.get(0)).optional()?;
        if let Some(bytes) = known {
            return Ok(bytes);
        }
        let bytes = fresh()?;
        self.write("INSERT INTO secrets VALUES (?1, ?2)", params![name, bytes])?;
        Ok(bytes)
    }

    /// Keeps a merchant, or what changed of it.
    ///
    /// # Errors
    /// Those of the file.
    pub fn put_merchant(&self, id: &str, merchant: &impl Serialize) -> Result<(), StoreError> {
        let body = serde_json::to_string(merchant)?;
        self.write("INSERT OR REPLACE INTO merchants VALUES (?1, ?2)", params![id, body])
    }

    /// A merchant.
    ///
    /// # Errors
    /// Those of the file.
    pub fn merchant<T: DeserializeOwned>(&self, id: &str) -> Result<Option<T>, StoreError> {
        self.read("SELECT body FROM merchants WHERE client_id = ?1", [id])
    }

    /// Every merchant.
    ///
    /// # Errors
    /// Those of the file.
    pub fn merchants<T: DeserializeOwned>(&self) -> Result<Vec<T>, StoreError> {
        self.read_all("SELECT body FROM merchants ORDER BY client_id", [])
    }

    /// Keeps a new session; `content` is the digest of the request.
    ///
    /// # Errors
    /// Those of the file.
    pub fn add_session(&self, session: &Session, content: &str) -> Result<(), StoreError> {
        let body = serde_json::to_string(session)?;
        self.write(
            "INSERT INTO sessions VALUES (?1, ?2, ?3, ?4, ?5)",
            params![session.id, session.client_id, session.request_id, content, body],
        )
    }

    /// A session.
    ///
    /// # Errors
    /// Those of the file.
    pub fn session(&self, id: &str) -> Result<Option<Session>, StoreError> {
        self.read("SELECT body FROM sessions WHERE id = ?1", [id])
    }

    /// The session with this `paymentSessionId`.
    ///
    /// # Errors
    /// Those of the file.
    pub fn session_of_public_id(
        &self,
        client_id: &str,
        public_id: &str,
    ) -> Result<Option<Session>, StoreError> {
        let sql = "SELECT body FROM sessions
                   WHERE client_id = ?1 AND json_extract(body, '$.public_id') = ?2";
        self.read(sql, [client_id, public_id])
    }

    /// The session of a merchant's request id, and the digest of that request.
    ///
    /// # Errors
    /// Those of the file.
    pub fn session_of_request(
        &self,
        client_id: &str,
        request_id: &str,
    ) -> Result<Option<(Session, String)>, StoreError> {
        let sql = "SELECT body, content FROM sessions WHERE client_id = ?1 AND request_id = ?2";
        let row: Option<(String, String)> = self
            .0
            .query_row(sql, [client_id, request_id], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        row.map(|(body, content)| Ok((serde_json::from_str(&body)?, content))).transpose()
    }

    /// Keeps what changed of a session.
    ///
    /// # Errors
    /// Those of the file.
    pub fn change_session(&self, session: &Session) -> Result<(), StoreError> {
        let body = serde_json::to_string(session)?;
        self.write("UPDATE sessions SET body = ?2 WHERE id = ?1", params![session.id, body])
    }

    /// Keeps a new payment.
    ///
    /// # Errors
    /// Those of the file; also when the attempt has a payment already.
    pub fn add_payment(&self, payment: &Payment) -> Result<(), StoreError> {
        let body = serde_json::to_string(payment)?;
        self.write(
            "INSERT INTO payments (id, session_id, attempt_id, bank_id, body, due_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                payment.id,
                payment.session_id,
                payment.attempt_id,
                payment.bank_id,
                body,
                payment.changes_at()
            ],
        )?;
        self.1.set(true);
        self.tell_end(None, payment)
    }

    /// Keeps what changed of a payment. When that is its end, the merchant will be told: the
    /// notification is queued in the same transaction, so there is never one without the other.
    ///
    /// # Errors
    /// Those of the file.
    pub fn change_payment(&self, payment: &Payment) -> Result<(), StoreError> {
        let before: Option<Payment> =
            self.read("SELECT body FROM payments WHERE id = ?1", [&payment.id])?;
        let body = serde_json::to_string(payment)?;
        self.write(
            "UPDATE payments SET body = ?2, due_at = ?3 WHERE id = ?1",
            params![payment.id, body, payment.changes_at()],
        )?;
        self.1.set(true);
        self.tell_end(before.map(|payment| payment.status), payment)
    }

    fn tell_end(&self, before: Option<Status>, payment: &Payment) -> Result<(), StoreError> {
        // Money that arrives after the order was closed is a second ending.
        let is_late = before == Some(Status::Fail) && payment.status == Status::Success;
        let ends = payment.status.is_final() && (is_late || !before.is_some_and(Status::is_final));
        let pends = payment.status == Status::Pending && before != Some(Status::Pending);
        if !ends && !pends {
            return Ok(());
        }
        let session = self
            .session(&payment.session_id)?
            .ok_or(StoreError::Other("a payment without its session"))?;
        if ends {
            return notify::ended(self, &session, payment);
        }
        notify::pending(self, &session, payment)
    }

    /// Lets time pass for payments that change by time alone, a few at once; how many there were.
    ///
    /// # Errors
    /// Those of the file.
    pub(crate) fn settle_due(&self, now: Millis) -> Result<usize, StoreError> {
        let sql = "SELECT body FROM payments WHERE due_at <= ?1 ORDER BY due_at LIMIT 64";
        let bodies: Vec<String> = self
            .0
            .prepare_cached(sql)?
            .query_map([now], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        for body in &bodies {
            let mut payment: Payment = serde_json::from_str(body)?;
            if payment.settle(now) {
                self.change_payment(&payment)?;
            } else {
                // Not to be looked at again and again.
                self.write("UPDATE payments SET due_at = NULL WHERE id = ?1", [&payment.id])?;
            }
        }
        Ok(bodies.len())
    }

    /// The payment that an attempt started, as it stands now.
    ///
    /// # Errors
    /// Those of the file.
    pub fn payment_of_attempt(
        &self,
        session_id: &str,
        attempt_id: &str,
        now: Millis,
    ) -> Result<Option<Payment>, StoreError> {
        let sql = "SELECT body FROM payments WHERE session_id = ?1 AND attempt_id = ?2";
        self.settled(self.read(sql, [session_id, attempt_id])?, now)
    }

    /// The last payment of a session, as it stands now.
    ///
    /// # Errors
    /// Those of the file.
    pub fn last_payment(
        &self,
        session_id: &str,
        now: Millis,
    ) -> Result<Option<Payment>, StoreError> {
        let sql = "SELECT body FROM payments WHERE session_id = ?1 ORDER BY number DESC LIMIT 1";
        self.settled(self.read(sql, [session_id])?, now)
    }

    /// The payment with this `paymentId`, as it stands now.
    ///
    /// # Errors
    /// Those of the file.
    pub fn payment(&self, id: &str, now: Millis) -> Result<Option<Payment>, StoreError> {
        self.settled(self.read("SELECT body FROM payments WHERE id = ?1", [id])?, now)
    }

    /// Payments under way, the newest first, as they stand now; at most `most`.
    ///
    /// # Errors
    /// Those of the file.
    pub fn payments_under_way(&self, most: u32, now: Millis) -> Result<Vec<Payment>, StoreError> {
        let sql = "SELECT body FROM payments WHERE json_extract(body, '$.ended_at') IS NULL
                   ORDER BY number DESC LIMIT ?1";
        let mut statement = self.0.prepare_cached(sql)?;
        let bodies: Vec<String> =
            statement.query_map([most], |row| row.get(0))?.collect::<Result<_, _>>()?;
        let mut payments = Vec::new();
        for body in bodies {
            let payment = self.settled(serde_json::from_str(&body)?, now)?;
            payments.extend(payment.filter(|payment| !payment.status.is_final()));
        }
        Ok(payments)
    }

    /// The payment that shows this code, as it stands now.
    ///
    /// # Errors
    /// Those of the file.
    pub fn payment_with_code(
        &self,
        code: &str,
        now: Millis,
    ) -> Result<Option<Payment>, StoreError> {
        let sql = "SELECT body FROM payments WHERE EXISTS (
                       SELECT 1 FROM json_each(body, '$.codes')
                       WHERE json_extract(value, '$.text') = ?1)
                   ORDER BY number DESC LIMIT 1";
        self.settled(self.read(sql, [code])?, now)
    }

    /// The payment behind a bank page, as it stands now.
    ///
    /// # Errors
    /// Those of the file.
    pub fn payment_at_bank(
        &self,
        bank_id: &str,
        now: Millis,
    ) -> Result<Option<Payment>, StoreError> {
        self.settled(self.read("SELECT body FROM payments WHERE bank_id = ?1", [bank_id])?, now)
    }

    fn settled(
        &self,
        payment: Option<Payment>,
        now: Millis,
    ) -> Result<Option<Payment>, StoreError> {
        let Some(mut payment) = payment else {
            return Ok(None);
        };
        if payment.settle(now) {
            self.change_payment(&payment)?;
        }
        Ok(Some(payment))
    }

    /// Every payment of a session, in order.
    ///
    /// # Errors
    /// Those of the file.
    pub fn payments(&self, session_id: &str, now: Millis) -> Result<Vec<Payment>, StoreError> {
        let sql = "SELECT body FROM payments WHERE session_id = ?1 ORDER BY number";
        let payments: Vec<Payment> = self.read_all(sql, [session_id])?;
        payments
            .into_iter()
            .map(|payment| {
                self.settled(Some(payment), now)?
                    .ok_or(StoreError::Other("a payment that is not there"))
            })
            .collect()
    }

    /// How many payments a session has.
    ///
    /// # Errors
    /// Those of the file.
    pub fn count_payments(&self, session_id: &str) -> Result<u32, StoreError> {
        let sql = "SELECT count(*) FROM payments WHERE session_id = ?1";
        Ok(self.0.query_row(sql, [session_id], |row| row.get(0))?)
    }

    /// Keeps a new card token.
    ///
    /// # Errors
    /// Those of the file.
    pub fn add_card(
        &self,
        token: &str,
        session_id: &str,
        expires_at: Millis,
        card: &CardFacts,
    ) -> Result<(), StoreError> {
        let body = serde_json::to_string(card)?;
        self.write(
            "INSERT INTO card_tokens VALUES (?1, ?2, ?3, ?4)",
            params![token, session_id, expires_at, body],
        )
    }

    /// Takes a card token: it is good once, for its session and until it expires.
    ///
    /// # Errors
    /// Those of the file.
    pub fn take_card(
        &self,
        token: &str,
        session_id: &str,
        now: Millis,
    ) -> Result<Option<CardFacts>, StoreError> {
        self.read(
            "DELETE FROM card_tokens WHERE token = ?1 AND session_id = ?2 AND expires_at > ?3
             RETURNING body",
            params![token, session_id, now],
        )
    }

    /// How many calls of this operation came before; counts this one.
    ///
    /// # Errors
    /// Those of the file.
    pub fn count_use(&self, session_id: &str, operation: Operation) -> Result<usize, StoreError> {
        let sql = "INSERT INTO fault_uses VALUES (?1, ?2, 1)
                   ON CONFLICT DO UPDATE SET uses = uses + 1 RETURNING uses - 1";
        Ok(self.0.query_row(sql, [session_id, operation.name()], |row| row.get(0))?)
    }

    /// Keeps an order of the demo shop.
    ///
    /// # Errors
    /// Those of the file.
    pub fn add_order(&self, id: &str, order: &impl Serialize) -> Result<(), StoreError> {
        let body = serde_json::to_string(order)?;
        self.write("INSERT INTO orders VALUES (?1, ?2)", params![id, body])
    }

    /// An order of the demo shop.
    ///
    /// # Errors
    /// Those of the file.
    pub fn order<T: DeserializeOwned>(&self, id: &str) -> Result<Option<T>, StoreError> {
        self.read("SELECT body FROM orders WHERE id = ?1", [id])
    }
}

#[cfg(test)]
mod tests {
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
    fn files_of_earlier_versions_are_brought_up_and_those_of_later_ones_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let earlier = versioned(folder.path(), &[FIRST], 1);
        for _ in 0..2 {
            let store = Store::open(&earlier).unwrap();
            assert!(store.run(|rows| rows.due(0, 1)).unwrap().is_empty());
            assert_eq!(store.run(|rows| rows.settle_due(0)).unwrap(), 0);
        }
        for other in [VERSION + 1, -1] {
            let file = versioned(folder.path(), &[], other);
            let error = Store::open(&file).err().unwrap();
            assert!(matches!(error, StoreError::Version(found) if found == other), "{error}");
        }
    }
}
