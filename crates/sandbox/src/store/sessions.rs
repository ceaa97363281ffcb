//! Rows of merchants, sessions, card tokens and counted faults.

use rusqlite::params;

use super::{Rows, StoreError};
use crate::clock::Millis;
use crate::domain::card::CardRecord;
use crate::domain::fault::FaultTarget;
use crate::domain::merchant::Merchant;
use crate::domain::session::Session;

#[allow(clippy::missing_errors_doc, reason = "every method fails when the file cannot be used")]
impl Rows<'_> {
    /// Stores a merchant, in place of an earlier one with this id.
    pub fn put_merchant(&self, client_id: &str, merchant: &Merchant) -> Result<(), StoreError> {
        let body = serde_json::to_string(merchant)?;
        self.write("INSERT OR REPLACE INTO merchants VALUES (?1, ?2)", params![client_id, body])
    }

    /// A merchant.
    pub fn merchant(&self, client_id: &str) -> Result<Option<Merchant>, StoreError> {
        self.read("SELECT body FROM merchants WHERE client_id = ?1", [client_id])
    }

    /// Every merchant.
    pub fn merchants(&self) -> Result<Vec<Merchant>, StoreError> {
        self.read_all("SELECT body FROM merchants ORDER BY client_id", [])
    }

    /// Stores a new session; `digest` is that of the request.
    pub fn add_session(&self, session: &Session, digest: &str) -> Result<(), StoreError> {
        let body = serde_json::to_string(session)?;
        self.write(
            "INSERT INTO sessions VALUES (?1, ?2, ?3, ?4, ?5)",
            params![session.id, session.client_id, session.request_id, digest, body],
        )
    }

    /// Stores a changed session.
    pub fn change_session(&self, session: &Session) -> Result<(), StoreError> {
        let body = serde_json::to_string(session)?;
        self.write("UPDATE sessions SET body = ?2 WHERE id = ?1", params![session.id, body])
    }

    /// A session by its key.
    pub fn session(&self, id: &str) -> Result<Option<Session>, StoreError> {
        self.read("SELECT body FROM sessions WHERE id = ?1", [id])
    }

    /// A merchant's session by its `paymentSessionId`.
    pub fn session_of_public_id(
        &self,
        client_id: &str,
        public_id: &str,
    ) -> Result<Option<Session>, StoreError> {
        let sql = "SELECT body FROM sessions
                   WHERE client_id = ?1 AND json_extract(body, '$.public_id') = ?2";
        self.read(sql, [client_id, public_id])
    }

    /// A merchant's session by its request id, and the digest of that request.
    pub fn session_of_request(
        &self,
        client_id: &str,
        request_id: &str,
    ) -> Result<Option<(Session, String)>, StoreError> {
        let sql = "SELECT body, content FROM sessions WHERE client_id = ?1 AND request_id = ?2";
        self.read_with_digest(sql, client_id, request_id)
    }

    /// Stores a new card token.
    pub fn add_card(
        &self,
        token: &str,
        session_id: &str,
        expires_at: Millis,
        card: &CardRecord,
    ) -> Result<(), StoreError> {
        let body = serde_json::to_string(card)?;
        self.write(
            "INSERT INTO card_tokens VALUES (?1, ?2, ?3, ?4)",
            params![token, session_id, expires_at, body],
        )?;
        self.due_changed.set(true);
        Ok(())
    }

    /// Removes the cards of expired tokens; gives their number.
    pub fn remove_expired_cards(&self, now: Millis) -> Result<usize, StoreError> {
        let sql = "DELETE FROM card_tokens WHERE expires_at <= ?1";
        Ok(self.tx.prepare_cached(sql)?.execute([now])?)
    }

    /// Removes a card token and gives its card: a token is valid once, for its session and until it
    /// expires.
    pub fn take_card(
        &self,
        token: &str,
        session_id: &str,
        now: Millis,
    ) -> Result<Option<CardRecord>, StoreError> {
        self.read(
            "DELETE FROM card_tokens WHERE token = ?1 AND session_id = ?2 AND expires_at > ?3
             RETURNING body",
            params![token, session_id, now],
        )
    }

    /// Counts a call of this kind; gives the number of earlier ones.
    pub fn count_call(&self, session_id: &str, target: FaultTarget) -> Result<usize, StoreError> {
        let sql = "INSERT INTO fault_uses VALUES (?1, ?2, 1)
                   ON CONFLICT DO UPDATE SET uses = uses + 1 RETURNING uses - 1";
        Ok(self.tx.query_row(sql, [session_id, target.name()], |row| row.get(0))?)
    }
}
