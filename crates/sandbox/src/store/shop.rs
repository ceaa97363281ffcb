//! Rows of the demo shop: its orders, and the notifications that it received.

use rusqlite::{OptionalExtension, params};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Rows, StoreError};
use crate::api::NotifyType;
use crate::clock::Millis;

/// A notification that the shop received.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReceivedNotification {
    /// Its kind.
    pub notify_type: NotifyType,
    /// Id of the payment, or the shop's own of the capture or refund.
    pub subject: String,
    /// When it came first, epoch milliseconds.
    pub first_at: Millis,
    /// Number of deliveries.
    pub arrivals: u32,
    /// When the shop acknowledged it, epoch milliseconds.
    pub acknowledged_at: Option<Millis>,
    /// The message.
    pub body: Value,
}

#[allow(clippy::missing_errors_doc, reason = "every method fails when the file cannot be used")]
impl Rows<'_> {
    /// Stores an order.
    pub fn add_order(&self, id: &str, order: &impl Serialize) -> Result<(), StoreError> {
        let body = serde_json::to_string(order)?;
        self.write("INSERT INTO orders VALUES (?1, ?2)", params![id, body])
    }

    /// An order.
    pub fn order<T: DeserializeOwned>(&self, id: &str) -> Result<Option<T>, StoreError> {
        self.read("SELECT body FROM orders WHERE id = ?1", [id])
    }

    /// The id of the order that a `paymentRequestId` belongs to.
    pub fn order_of_request(&self, request_id: &str) -> Result<Option<String>, StoreError> {
        let sql = "SELECT id FROM orders WHERE json_extract(body, '$.request_id') = ?1";
        Ok(self.tx.prepare_cached(sql)?.query_row([request_id], |row| row.get(0)).optional()?)
    }

    /// Counts the arrival of a notification; gives the number of arrivals, this one included.
    pub fn count_arrival(
        &self,
        order: &str,
        kind: NotifyType,
        subject: &str,
        body: &str,
        now: Millis,
    ) -> Result<u32, StoreError> {
        let sql = "INSERT INTO received (order_id, kind, subject, body, first_at, arrivals)
                   VALUES (?1, ?2, ?3, ?4, ?5, 1)
                   ON CONFLICT DO UPDATE SET arrivals = arrivals + 1 RETURNING arrivals";
        let mut statement = self.tx.prepare_cached(sql)?;
        let params = params![order, kind.as_str(), subject, body, now];
        Ok(statement.query_row(params, |row| row.get(0))?)
    }

    /// Marks a received notification as acknowledged. The first time counts.
    pub fn acknowledge(
        &self,
        order: &str,
        kind: NotifyType,
        subject: &str,
        now: Millis,
    ) -> Result<(), StoreError> {
        self.write(
            "UPDATE received SET acknowledged_at = coalesce(acknowledged_at, ?4)
             WHERE order_id = ?1 AND kind = ?2 AND subject = ?3",
            params![order, kind.as_str(), subject, now],
        )
    }

    /// The notifications that came for an order, in order.
    pub fn received(&self, order: &str) -> Result<Vec<ReceivedNotification>, StoreError> {
        let sql = "SELECT kind, subject, first_at, arrivals, acknowledged_at, body FROM received
                   WHERE order_id = ?1 ORDER BY rowid";
        let mut statement = self.tx.prepare_cached(sql)?;
        let rows = statement.query_map([order], |row| {
            let body: String = row.get(5)?;
            let received = ReceivedNotification {
                notify_type: row.get(0)?,
                subject: row.get(1)?,
                first_at: row.get(2)?,
                arrivals: row.get(3)?,
                acknowledged_at: row.get(4)?,
                body: Value::Null,
            };
            Ok((received, body))
        })?;
        rows.map(|row| {
            let (received, body) = row?;
            Ok(ReceivedNotification { body: serde_json::from_str(&body)?, ..received })
        })
        .collect()
    }
}
