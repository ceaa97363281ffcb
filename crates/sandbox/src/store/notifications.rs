//! Rows of notifications: the gateway's, on their way out, and those that the demo shop received.

use rusqlite::{OptionalExtension, Row, params};
use serde::Serialize;
use serde_json::Value;

use super::{Rows, StoreError};
use crate::clock::Millis;

/// A notification on its way, or at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// In order of creation.
    pub number: i64,
    /// It is about this payment.
    pub payment_id: String,
    /// Whom it is for.
    pub client_id: String,
    /// The merchant's id of the session.
    pub request_id: String,
    /// `notifyType`.
    pub kind: String,
    /// Where it goes.
    pub url: String,
    /// The bytes that are signed and sent.
    pub body: String,
    /// When what it tells of happened.
    pub created_at: Millis,
    /// When it is tried next; none when it is over.
    pub due_at: Option<Millis>,
    /// When the merchant acknowledged it.
    pub acknowledged_at: Option<Millis>,
    /// How often it was tried.
    pub tries: u32,
}

/// One try.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tried {
    /// When it began, epoch milliseconds.
    pub at: Millis,
    /// HTTP status, if there was an answer.
    pub status: Option<u16>,
    /// The answer's first characters, or why there was none.
    pub answer: String,
}

/// What the demo shop received.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Arrival {
    /// `notifyType`.
    pub notify_type: String,
    /// Id of the payment, or the shop's own of the capture or refund.
    pub subject: String,
    /// Epoch milliseconds.
    pub first_at: Millis,
    /// How often it came.
    pub arrivals: u32,
    /// When the shop took it, epoch milliseconds.
    pub acknowledged_at: Option<Millis>,
    /// What it says.
    pub body: Value,
}

const COLUMNS: &str = "number, payment_id, client_id, request_id, kind, url, body, created_at,
    due_at, acknowledged_at,
    (SELECT count(*) FROM notification_tries WHERE notification = number)";

/// One payment's notifications go out in order: only the first that is not over has its turn.
const FIRST_OF_PAYMENT: &str = "NOT EXISTS (
    SELECT 1 FROM notifications earlier
    WHERE earlier.payment_id = n.payment_id AND earlier.number < n.number
      AND earlier.due_at IS NOT NULL)";

fn read(row: &Row<'_>) -> rusqlite::Result<Notification> {
    Ok(Notification {
        number: row.get(0)?,
        payment_id: row.get(1)?,
        client_id: row.get(2)?,
        request_id: row.get(3)?,
        kind: row.get(4)?,
        url: row.get(5)?,
        body: row.get(6)?,
        created_at: row.get(7)?,
        due_at: row.get(8)?,
        acknowledged_at: row.get(9)?,
        tries: row.get(10)?,
    })
}

impl Rows<'_> {
    /// Queues a notification; its number and its tries are not looked at.
    ///
    /// # Errors
    /// Those of the file.
    pub fn queue(&self, new: &Notification) -> Result<(), StoreError> {
        self.write(
            "INSERT INTO notifications
                 (payment_id, client_id, request_id, kind, url, body, created_at, due_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                new.payment_id,
                new.client_id,
                new.request_id,
                new.kind,
                new.url,
                new.body,
                new.created_at,
                new.due_at
            ],
        )?;
        self.1.set(true);
        Ok(())
    }

    /// Notifications whose turn it is, the longest waiting first, at most `most`.
    ///
    /// # Errors
    /// Those of the file.
    pub fn due(&self, now: Millis, most: usize) -> Result<Vec<Notification>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM notifications n WHERE due_at <= ?1 AND {FIRST_OF_PAYMENT}
             ORDER BY due_at, number LIMIT ?2"
        );
        let mut statement = self.0.prepare_cached(&sql)?;
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let found = statement.query_map(params![now, most], read)?;
        Ok(found.collect::<Result<_, _>>()?)
    }

    /// When time alone brings the next thing to do after `now`.
    ///
    /// # Errors
    /// Those of the file.
    pub fn next_due(&self, now: Millis) -> Result<Option<Millis>, StoreError> {
        let sql = format!(
            "SELECT min(at) FROM (
                 SELECT min(due_at) AS at FROM notifications n
                     WHERE due_at > ?1 AND {FIRST_OF_PAYMENT}
                 UNION ALL SELECT min(due_at) FROM payments WHERE due_at > ?1)"
        );
        Ok(self.0.prepare_cached(&sql)?.query_row([now], |row| row.get(0))?)
    }

    /// Keeps a try and what follows from it.
    ///
    /// # Errors
    /// Those of the file.
    pub fn tried(
        &self,
        number: i64,
        tried: &Tried,
        acknowledged: bool,
        due_at: Option<Millis>,
    ) -> Result<(), StoreError> {
        self.write(
            "INSERT INTO notification_tries VALUES (?1, ?2, ?3, ?4)",
            params![number, tried.at, tried.status, tried.answer],
        )?;
        self.write(
            "UPDATE notifications SET due_at = ?2, acknowledged_at = ?3 WHERE number = ?1",
            params![number, due_at, acknowledged.then_some(tried.at)],
        )?;
        self.1.set(true);
        Ok(())
    }

    /// The notifications about a session's payments, with their tries, in order.
    ///
    /// # Errors
    /// Those of the file.
    pub fn notifications(
        &self,
        client_id: &str,
        request_id: &str,
    ) -> Result<Vec<(Notification, Vec<Tried>)>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM notifications WHERE client_id = ?1 AND request_id = ?2
             ORDER BY number"
        );
        let found: Vec<Notification> = self
            .0
            .prepare_cached(&sql)?
            .query_map([client_id, request_id], read)?
            .collect::<Result<_, _>>()?;
        found
            .into_iter()
            .map(|notification| {
                let tries = self.tries(notification.number)?;
                Ok((notification, tries))
            })
            .collect()
    }

    fn tries(&self, number: i64) -> Result<Vec<Tried>, StoreError> {
        let sql = "SELECT at, status, answer FROM notification_tries WHERE notification = ?1
                   ORDER BY rowid";
        let mut statement = self.0.prepare_cached(sql)?;
        let tries = statement.query_map([number], |row| {
            Ok(Tried { at: row.get(0)?, status: row.get(1)?, answer: row.get(2)? })
        })?;
        Ok(tries.collect::<Result<_, _>>()?)
    }

    /// The shop: counts a notification that came; how often it came so far, this time included.
    ///
    /// # Errors
    /// Those of the file.
    pub fn arrived(
        &self,
        order: &str,
        kind: &str,
        subject: &str,
        body: &str,
        now: Millis,
    ) -> Result<u32, StoreError> {
        let sql = "INSERT INTO received (order_id, kind, subject, body, first_at, arrivals)
                   VALUES (?1, ?2, ?3, ?4, ?5, 1)
                   ON CONFLICT DO UPDATE SET arrivals = arrivals + 1 RETURNING arrivals";
        let mut statement = self.0.prepare_cached(sql)?;
        Ok(statement.query_row(params![order, kind, subject, body, now], |row| row.get(0))?)
    }

    /// The shop: takes a notification. The first time counts.
    ///
    /// # Errors
    /// Those of the file.
    pub fn take_notification(
        &self,
        order: &str,
        kind: &str,
        subject: &str,
        now: Millis,
    ) -> Result<(), StoreError> {
        self.write(
            "UPDATE received SET acknowledged_at = coalesce(acknowledged_at, ?4)
             WHERE order_id = ?1 AND kind = ?2 AND subject = ?3",
            params![order, kind, subject, now],
        )
    }

    /// The shop: what came for an order, in order.
    ///
    /// # Errors
    /// Those of the file.
    pub fn arrivals(&self, order: &str) -> Result<Vec<Arrival>, StoreError> {
        let sql = "SELECT kind, subject, first_at, arrivals, acknowledged_at, body FROM received
                   WHERE order_id = ?1 ORDER BY rowid";
        let mut statement = self.0.prepare_cached(sql)?;
        let rows = statement.query_map([order], |row| {
            let body: String = row.get(5)?;
            Ok((
                Arrival {
                    notify_type: row.get(0)?,
                    subject: row.get(1)?,
                    first_at: row.get(2)?,
                    arrivals: row.get(3)?,
                    acknowledged_at: row.get(4)?,
                    body: Value::Null,
                },
                body,
            ))
        })?;
        rows.map(|row| {
            let (arrival, body) = row?;
            Ok(Arrival { body: serde_json::from_str(&body)?, ..arrival })
        })
        .collect()
    }

    /// The shop: the id of the order that a request id belongs to.
    ///
    /// # Errors
    /// Those of the file.
    pub fn order_of_request(&self, request_id: &str) -> Result<Option<String>, StoreError> {
        let sql = "SELECT id FROM orders WHERE json_extract(body, '$.request_id') = ?1";
        Ok(self.0.prepare_cached(sql)?.query_row([request_id], |row| row.get(0)).optional()?)
    }
}
