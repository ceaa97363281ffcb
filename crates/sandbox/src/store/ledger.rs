//! Rows of what happens to money after it was paid.

use rusqlite::{OptionalExtension, params};
use serde::de::DeserializeOwned;

use super::{Rows, StoreError};
use crate::domain::ledger::{Cancellation, Capture, Refund};

impl Rows<'_> {
    /// Closes a session for good.
    ///
    /// # Errors
    /// Those of the file; also when it is closed already.
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

    /// When and how the merchant closed a session.
    ///
    /// # Errors
    /// Those of the file.
    pub fn cancellation(&self, session_id: &str) -> Result<Option<Cancellation>, StoreError> {
        let sql = "SELECT at, paid FROM cancellations WHERE session_id = ?1";
        Ok(self
            .0
            .prepare_cached(sql)?
            .query_row([session_id], |row| Ok(Cancellation { at: row.get(0)?, paid: row.get(1)? }))
            .optional()?)
    }

    /// Keeps a capture; `content` is the digest of the request.
    ///
    /// # Errors
    /// Those of the file; also when the merchant used the request id before.
    pub fn add_capture(
        &self,
        client_id: &str,
        capture: &Capture,
        content: &str,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO captures (id, payment_id, client_id, request_id, content, body)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let body = serde_json::to_string(capture)?;
        self.write(
            sql,
            params![capture.id, capture.payment_id, client_id, capture.request_id, content, body],
        )
    }

    /// The capture of a merchant's request id, and the digest of that request.
    ///
    /// # Errors
    /// Those of the file.
    pub fn capture_of_request(
        &self,
        client_id: &str,
        request_id: &str,
    ) -> Result<Option<(Capture, String)>, StoreError> {
        let sql = "SELECT body, content FROM captures WHERE client_id = ?1 AND request_id = ?2";
        self.with_content(sql, client_id, request_id)
    }

    /// What was captured of a payment, in order.
    ///
    /// # Errors
    /// Those of the file.
    pub fn captures(&self, payment_id: &str) -> Result<Vec<Capture>, StoreError> {
        self.read_all(
            "SELECT body FROM captures WHERE payment_id = ?1 ORDER BY number",
            [payment_id],
        )
    }

    /// Keeps a refund; `content` is the digest of the request.
    ///
    /// # Errors
    /// Those of the file; also when the merchant used the request id before.
    pub fn add_refund(
        &self,
        client_id: &str,
        refund: &Refund,
        content: &str,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO refunds (id, payment_id, client_id, request_id, content, body)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let body = serde_json::to_string(refund)?;
        self.write(
            sql,
            params![refund.id, refund.payment_id, client_id, refund.request_id, content, body],
        )
    }

    /// The refund of a merchant's request id, and the digest of that request.
    ///
    /// # Errors
    /// Those of the file.
    pub fn refund_of_request(
        &self,
        client_id: &str,
        request_id: &str,
    ) -> Result<Option<(Refund, String)>, StoreError> {
        let sql = "SELECT body, content FROM refunds WHERE client_id = ?1 AND request_id = ?2";
        self.with_content(sql, client_id, request_id)
    }

    /// A merchant's refund by the gateway's id.
    ///
    /// # Errors
    /// Those of the file.
    pub fn refund(&self, client_id: &str, id: &str) -> Result<Option<Refund>, StoreError> {
        self.read("SELECT body FROM refunds WHERE client_id = ?1 AND id = ?2", [client_id, id])
    }

    /// What was given back of a payment, in order.
    ///
    /// # Errors
    /// Those of the file.
    pub fn refunds(&self, payment_id: &str) -> Result<Vec<Refund>, StoreError> {
        self.read_all(
            "SELECT body FROM refunds WHERE payment_id = ?1 ORDER BY number",
            [payment_id],
        )
    }

    fn with_content<T: DeserializeOwned>(
        &self,
        sql: &str,
        client_id: &str,
        request_id: &str,
    ) -> Result<Option<(T, String)>, StoreError> {
        let row: Option<(String, String)> = self
            .0
            .prepare_cached(sql)?
            .query_row([client_id, request_id], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        row.map(|(body, content)| Ok((serde_json::from_str(&body)?, content))).transpose()
    }
}
