//! Rows of movements of money after it was paid.

use rusqlite::{OptionalExtension, params};

use super::{Rows, StoreError};
use crate::domain::ledger::{Cancellation, Capture, Refund};
use crate::domain::notification::Notification;

#[allow(clippy::missing_errors_doc, reason = "every method fails when the file cannot be used")]
impl Rows<'_> {
    /// Stores the cancellation of a session.
    ///
    /// # Errors
    /// Also when it is cancelled already.
    pub fn add_cancellation(
        &self,
        session_id: &str,
        cancellation: &Cancellation,
    ) -> Result<(), StoreError> {
        self.write(
            "INSERT INTO cancellations VALUES (?1, ?2, ?3)",
            params![session_id, cancellation.at, cancellation.paid],
        )
    }

    /// The cancellation of a session.
    pub fn cancellation(&self, session_id: &str) -> Result<Option<Cancellation>, StoreError> {
        let sql = "SELECT at, paid FROM cancellations WHERE session_id = ?1";
        Ok(self
            .tx
            .prepare_cached(sql)?
            .query_row([session_id], |row| Ok(Cancellation { at: row.get(0)?, paid: row.get(1)? }))
            .optional()?)
    }

    /// Stores a capture, also one that failed, and queues its notification; `digest` is that of the request.
    ///
    /// # Errors
    /// Also when the merchant used the request id before.
    pub fn add_capture(
        &self,
        client_id: &str,
        capture: &Capture,
        digest: &str,
        notification: Option<&Notification>,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO captures (id, payment_id, client_id, request_id, content, body)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let body = serde_json::to_string(capture)?;
        self.write(
            sql,
            params![capture.id, capture.payment_id, client_id, capture.request_id, digest, body],
        )?;
        notification.map_or(Ok(()), |notification| self.queue(notification))
    }

    /// A merchant's capture by its request id, and the digest of that request.
    pub fn capture_of_request(
        &self,
        client_id: &str,
        request_id: &str,
    ) -> Result<Option<(Capture, String)>, StoreError> {
        let sql = "SELECT body, content FROM captures WHERE client_id = ?1 AND request_id = ?2";
        self.read_with_digest(sql, client_id, request_id)
    }

    /// The captures of a payment that succeeded, in order.
    pub fn captures(&self, payment_id: &str) -> Result<Vec<Capture>, StoreError> {
        self.read_all(
            "SELECT body FROM captures
             WHERE payment_id = ?1 AND json_extract(body, '$.failure') IS NULL ORDER BY number",
            [payment_id],
        )
    }

    /// Stores a refund, also one that failed, and queues its notification; `digest` is that of the request.
    ///
    /// # Errors
    /// Also when the merchant used the request id before.
    pub fn add_refund(
        &self,
        client_id: &str,
        refund: &Refund,
        digest: &str,
        notification: Option<&Notification>,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO refunds (id, payment_id, client_id, request_id, content, body)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let body = serde_json::to_string(refund)?;
        self.write(
            sql,
            params![refund.id, refund.payment_id, client_id, refund.request_id, digest, body],
        )?;
        notification.map_or(Ok(()), |notification| self.queue(notification))
    }

    /// A merchant's refund by its request id, and the digest of that request.
    pub fn refund_of_request(
        &self,
        client_id: &str,
        request_id: &str,
    ) -> Result<Option<(Refund, String)>, StoreError> {
        let sql = "SELECT body, content FROM refunds WHERE client_id = ?1 AND request_id = ?2";
        self.read_with_digest(sql, client_id, request_id)
    }

    /// A merchant's refund by its `refundId`.
    pub fn refund(&self, client_id: &str, id: &str) -> Result<Option<Refund>, StoreError> {
        self.read("SELECT body FROM refunds WHERE client_id = ?1 AND id = ?2", [client_id, id])
    }

    /// The refunds of a payment that succeeded, in order.
    pub fn refunds(&self, payment_id: &str) -> Result<Vec<Refund>, StoreError> {
        self.read_all(
            "SELECT body FROM refunds
             WHERE payment_id = ?1 AND json_extract(body, '$.failure') IS NULL ORDER BY number",
            [payment_id],
        )
    }
}
