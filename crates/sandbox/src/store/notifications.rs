//! Rows of the gateway's notifications.

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ValueRef};
use rusqlite::{Row, params};
use serde::Serialize;

use super::{Rows, StoreError};
use crate::api::NotifyType;
use crate::clock::Millis;
use crate::domain::notification::Notification;
use crate::domain::web_url::WebUrl;

/// A notification in the queue, or one that was acknowledged or given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueuedNotification {
    /// In order of creation.
    pub number: i64,
    /// The message.
    pub notification: Notification,
    /// When it is sent next; none once it was acknowledged or given up.
    pub due_at: Option<Millis>,
    /// When the merchant acknowledged it.
    pub acknowledged_at: Option<Millis>,
    /// Number of deliveries so far.
    pub deliveries: u32,
}

/// One attempt to deliver a notification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Delivery {
    /// When it began, epoch milliseconds.
    pub at: Millis,
    /// HTTP status, if there was an answer.
    pub status: Option<u16>,
    /// The first characters of the answer, or why there was none.
    pub answer: String,
}

const COLUMNS: &str = "number, payment_id, client_id, request_id, kind, url, body, created_at,
    due_at, acknowledged_at,
    (SELECT count(*) FROM notification_tries WHERE notification = number)";

/// One payment's notifications are sent in order: only the first that is not over is due.
const FIRST_OF_PAYMENT: &str = "NOT EXISTS (
    SELECT 1 FROM notifications earlier
    WHERE earlier.payment_id = n.payment_id AND earlier.number < n.number
      AND earlier.due_at IS NOT NULL)";

fn read(row: &Row<'_>) -> rusqlite::Result<QueuedNotification> {
    Ok(QueuedNotification {
        number: row.get(0)?,
        notification: Notification {
            payment_id: row.get(1)?,
            client_id: row.get(2)?,
            request_id: row.get(3)?,
            kind: row.get(4)?,
            url: row.get(5)?,
            body: row.get(6)?,
            at: row.get(7)?,
        },
        due_at: row.get(8)?,
        acknowledged_at: row.get(9)?,
        deliveries: row.get(10)?,
    })
}

impl FromSql for NotifyType {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Self::parse(value.as_str()?).ok_or(FromSqlError::InvalidType)
    }
}

impl FromSql for WebUrl {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_str()?.parse().map_err(|error| FromSqlError::Other(Box::new(error)))
    }
}

#[allow(clippy::missing_errors_doc, reason = "every method fails when the file cannot be used")]
impl Rows<'_> {
    /// Queues a notification; it is due from its time on.
    pub(super) fn queue(&self, new: &Notification) -> Result<(), StoreError> {
        self.write(
            "INSERT INTO notifications
                 (payment_id, client_id, request_id, kind, url, body, created_at, due_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)",
            params![
                new.payment_id,
                new.client_id,
                new.request_id,
                new.kind.as_str(),
                new.url.as_str(),
                new.body,
                new.at
            ],
        )?;
        self.due_changed.set(true);
        Ok(())
    }

    /// Notifications that are due, the longest waiting first, at most `limit`.
    pub fn due_notifications(
        &self,
        now: Millis,
        limit: u32,
    ) -> Result<Vec<QueuedNotification>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM notifications n WHERE due_at <= ?1 AND {FIRST_OF_PAYMENT}
             ORDER BY due_at, number LIMIT ?2"
        );
        let mut statement = self.tx.prepare_cached(&sql)?;
        let found = statement.query_map(params![now, limit], read)?;
        Ok(found.collect::<Result<_, _>>()?)
    }

    /// When the next payment or notification becomes due or a card token expires, if that is after
    /// `now`.
    pub fn next_due(&self, now: Millis) -> Result<Option<Millis>, StoreError> {
        let sql = format!(
            "SELECT min(at) FROM (
                 SELECT min(due_at) AS at FROM notifications n
                     WHERE due_at > ?1 AND {FIRST_OF_PAYMENT}
                 UNION ALL SELECT min(due_at) FROM payments WHERE due_at > ?1
                 UNION ALL SELECT min(expires_at) FROM card_tokens WHERE expires_at > ?1)"
        );
        Ok(self.tx.prepare_cached(&sql)?.query_row([now], |row| row.get(0))?)
    }

    /// Stores a delivery, and when the notification is due again.
    pub fn add_delivery(
        &self,
        number: i64,
        delivery: &Delivery,
        acknowledged: bool,
        due_at: Option<Millis>,
    ) -> Result<(), StoreError> {
        self.write(
            "INSERT INTO notification_tries VALUES (?1, ?2, ?3, ?4)",
            params![number, delivery.at, delivery.status, delivery.answer],
        )?;
        self.write(
            "UPDATE notifications SET due_at = ?2, acknowledged_at = ?3 WHERE number = ?1",
            params![number, due_at, acknowledged.then_some(delivery.at)],
        )?;
        self.due_changed.set(true);
        Ok(())
    }

    /// The notifications about a session's payments with their deliveries, in order.
    pub fn notifications(
        &self,
        client_id: &str,
        request_id: &str,
    ) -> Result<Vec<(QueuedNotification, Vec<Delivery>)>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM notifications WHERE client_id = ?1 AND request_id = ?2
             ORDER BY number"
        );
        let found: Vec<QueuedNotification> = self
            .tx
            .prepare_cached(&sql)?
            .query_map([client_id, request_id], read)?
            .collect::<Result<_, _>>()?;
        found
            .into_iter()
            .map(|queued| {
                let deliveries = self.deliveries(queued.number)?;
                Ok((queued, deliveries))
            })
            .collect()
    }

    fn deliveries(&self, number: i64) -> Result<Vec<Delivery>, StoreError> {
        let sql = "SELECT at, status, answer FROM notification_tries WHERE notification = ?1
                   ORDER BY rowid";
        let mut statement = self.tx.prepare_cached(sql)?;
        let found = statement.query_map([number], |row| {
            Ok(Delivery { at: row.get(0)?, status: row.get(1)?, answer: row.get(2)? })
        })?;
        Ok(found.collect::<Result<_, _>>()?)
    }
}
