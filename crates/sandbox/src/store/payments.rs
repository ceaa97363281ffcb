//! Rows of payments, as they were stored: [`crate::payments`] applies what time has changed since.

use rusqlite::params;

use super::{Rows, StoreError};
use crate::clock::Millis;
use crate::domain::notification::Notification;
use crate::domain::payment::Payment;

#[allow(clippy::missing_errors_doc, reason = "every method fails when the file cannot be used")]
impl Rows<'_> {
    /// Stores a new payment and queues the notification that it calls for.
    ///
    /// # Errors
    /// Also when the attempt has a payment already.
    pub fn add_payment(
        &self,
        payment: &Payment,
        notification: Option<&Notification>,
    ) -> Result<(), StoreError> {
        let body = serde_json::to_string(payment)?;
        self.write(
            "INSERT INTO payments (id, session_id, attempt_id, bank_id, body, due_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                payment.key(),
                payment.session_id,
                payment.attempt_id,
                payment.simulator_key,
                body,
                payment.changes_at()
            ],
        )?;
        self.due_changed.set(true);
        notification.map_or(Ok(()), |notification| self.queue(notification))
    }

    /// Stores a changed payment and queues the notification that the change calls for.
    pub fn change_payment(
        &self,
        payment: &Payment,
        notification: Option<&Notification>,
    ) -> Result<(), StoreError> {
        let body = serde_json::to_string(payment)?;
        self.write(
            "UPDATE payments SET body = ?2, due_at = ?3 WHERE id = ?1",
            params![payment.key(), body, payment.changes_at()],
        )?;
        self.due_changed.set(true);
        notification.map_or(Ok(()), |notification| self.queue(notification))
    }

    /// Takes a payment that is due and unchanged off the list of due ones.
    pub fn mark_payment_not_due(&self, payment: &Payment) -> Result<(), StoreError> {
        self.write("UPDATE payments SET due_at = NULL WHERE id = ?1", [payment.key()])
    }

    /// Payments that time changes until `now`, at most `limit`.
    pub fn due_payments(&self, now: Millis, limit: u32) -> Result<Vec<Payment>, StoreError> {
        let sql = "SELECT body FROM payments WHERE due_at <= ?1 ORDER BY due_at LIMIT ?2";
        self.read_all(sql, params![now, limit])
    }

    /// A payment by its `paymentId`: the last attempt at it.
    pub fn payment(&self, id: &str) -> Result<Option<Payment>, StoreError> {
        // The column has the keys of the attempts, and the first one's is the `paymentId`.
        let sql = "SELECT body FROM payments
                   WHERE session_id = (SELECT session_id FROM payments WHERE id = ?1)
                     AND json_extract(body, '$.id') = ?1
                   ORDER BY number DESC LIMIT 1";
        self.read(sql, [id])
    }

    /// A session's payment by the attempt that started it.
    pub fn payment_of_attempt(
        &self,
        session_id: &str,
        attempt_id: &str,
    ) -> Result<Option<Payment>, StoreError> {
        let sql = "SELECT body FROM payments WHERE session_id = ?1 AND attempt_id = ?2";
        self.read(sql, [session_id, attempt_id])
    }

    /// Every attempt of a session, in order.
    pub fn payments(&self, session_id: &str) -> Result<Vec<Payment>, StoreError> {
        let sql = "SELECT body FROM payments WHERE session_id = ?1 ORDER BY number";
        self.read_all(sql, [session_id])
    }

    /// The last attempt of a session.
    pub fn last_payment(&self, session_id: &str) -> Result<Option<Payment>, StoreError> {
        let sql = "SELECT body FROM payments WHERE session_id = ?1 ORDER BY number DESC LIMIT 1";
        self.read(sql, [session_id])
    }

    /// Payments that have not ended, the newest first, at most `limit`.
    pub fn open_payments(&self, limit: u32) -> Result<Vec<Payment>, StoreError> {
        let sql = "SELECT body FROM payments WHERE json_extract(body, '$.ended_at') IS NULL
                   ORDER BY number DESC LIMIT ?1";
        self.read_all(sql, [limit])
    }

    /// The last payment with this code.
    pub fn payment_of_code(&self, code: &str) -> Result<Option<Payment>, StoreError> {
        let sql = "SELECT body FROM payments WHERE EXISTS (
                       SELECT 1 FROM json_each(body, '$.codes')
                       WHERE json_extract(value, '$.text') = ?1)
                   ORDER BY number DESC LIMIT 1";
        self.read(sql, [code])
    }

    /// A payment by the key of its simulators.
    pub fn payment_of_simulator(&self, key: &str) -> Result<Option<Payment>, StoreError> {
        self.read("SELECT body FROM payments WHERE bank_id = ?1", [key])
    }

    /// Number of attempts of a session.
    pub fn count_payments(&self, session_id: &str) -> Result<u32, StoreError> {
        let sql = "SELECT count(*) FROM payments WHERE session_id = ?1";
        Ok(self.tx.query_row(sql, [session_id], |row| row.get(0))?)
    }
}
