//! The tables, and how a file of an earlier version gets them.

/// The migrations, in order. A file's version is the number of those that it has been through. A
/// published migration stays as it is; a change of the tables is a new one at the end.
pub(super) const MIGRATIONS: [&str; 3] = [FIRST, MERCHANT_SIDE, CARD_TOKENS_BY_TIME];

/// The version of a file that has been through all migrations.
pub(super) const VERSION: i64 = MIGRATIONS.len() as i64;

pub(super) const FIRST: &str = "
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

/// `received` belongs to the demo shop, the rest to the gateway. A notification without `due_at` was
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

const CARD_TOKENS_BY_TIME: &str = "CREATE INDEX card_tokens_expiry ON card_tokens (expires_at);";
