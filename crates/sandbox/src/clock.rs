//! The clock, which tests can move forward.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jiff::Timestamp;
use kassa_protocol::EpochMillis;
use tokio::sync::Notify;

/// The system's clock plus an offset that tests set. Clones share the offset.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    ahead: Arc<AtomicI64>,
    moved: Arc<Notify>,
}

/// Milliseconds since 1970-01-01T00:00:00Z.
pub type Millis = i64;

impl Clock {
    /// Moves this clock and its clones forward.
    pub fn advance(&self, by: Duration) {
        self.ahead.fetch_add(whole_millis(by), Ordering::SeqCst);
        self.moved.notify_one();
    }

    /// Waits until a test moves this clock or a clone. A task that sleeps until a moment has to wait
    /// for this too. Only one task may: the notification worker.
    pub(crate) async fn moved(&self) {
        self.moved.notified().await;
    }

    /// The current time.
    #[must_use]
    pub fn now(&self) -> Millis {
        Self::system_now().saturating_add(self.ahead.load(Ordering::SeqCst))
    }

    /// The time of the system's clock, which no test moves.
    #[must_use]
    pub fn system_now() -> Millis {
        whole_millis(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default())
    }
}

/// ISO 8601 in UTC, whole seconds, as the server API prints times.
#[must_use]
pub fn iso(at: Millis) -> String {
    let seconds = Timestamp::from_second(at.div_euclid(1000)).unwrap_or(Timestamp::UNIX_EPOCH);
    seconds.to_string()
}

/// Reads ISO 8601 with an offset, also with numbers of one digit where the standard has two, which
/// merchants' servers write; `None` for anything else.
#[must_use]
pub fn parse_iso(text: &str) -> Option<Millis> {
    let parsed = text.parse().or_else(|_| padded(text).parse::<Timestamp>());
    parsed.ok().map(Timestamp::as_millisecond)
}

/// The text with a zero before each number of one digit. Fractions of a second stay as they are.
fn padded(text: &str) -> String {
    let mut padded = String::with_capacity(text.len().saturating_mul(2));
    let mut before = None;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let is_alone = c.is_ascii_digit()
            && !rest.peek().is_some_and(char::is_ascii_digit)
            && !before.is_some_and(|b: char| b.is_ascii_digit() || matches!(b, '.' | ','));
        if is_alone {
            padded.push('0');
        }
        padded.push(c);
        before = Some(c);
    }
    padded
}

/// A moment as it is sent to pages. The clock of the sandbox starts in this century and only moves
/// forward.
#[must_use]
pub fn epoch_millis(at: Millis) -> EpochMillis {
    EpochMillis(u64::try_from(at).unwrap_or_default())
}

fn whole_millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_print_and_read() {
        assert_eq!(iso(1_795_000_000_000), "2026-11-18T11:06:40Z");
        assert_eq!(parse_iso("2026-11-18T11:06:40Z"), Some(1_795_000_000_000));
        assert_eq!(parse_iso("2026-11-18T19:06:40+08:00"), Some(1_795_000_000_000));
        assert_eq!(parse_iso("2026-11-18T19:06:40+0800"), Some(1_795_000_000_000));
        assert_eq!(parse_iso("2026-11-18T11:06:40"), None, "no offset");
        assert_eq!(parse_iso("tomorrow"), None);
    }

    #[test]
    fn numbers_of_one_digit_are_read_too() {
        let padded = parse_iso("2026-01-05T03:04:05+08:00");
        assert!(padded.is_some());
        for text in [
            "2026-1-5T3:4:5+08:00",
            "2026-1-05T03:4:05+8:00",
            "2026-1-5T3:4:5+8",
            "2026-1-5T3:4:5+0800",
            "2026-1-4T19:4:5Z",
            "2026-1-5t3:4:5+08:00",
            "2026-1-5 3:4:5+08:00",
        ] {
            assert_eq!(parse_iso(text), padded, "{text}");
        }
        let fraction = padded.map(|at| at + 700);
        assert_eq!(parse_iso("2026-1-5T3:4:5.7+08:00"), fraction);
        assert_eq!(parse_iso("2026-1-5T3:4:5,70+08:00"), fraction);
        for text in [
            "2026-1-5T3:4:5",
            "2026-1-5",
            "2026-13-5T3:4:5Z",
            "2026-2-30T3:4:5Z",
            "2026-1-5T24:4:5Z",
            "2026-001-5T3:4:5Z",
            "26-1-5T3:4:5Z",
            "2026-1-5T3:4:5+99:00",
            "5/1/2026 3:4:5Z",
            "",
        ] {
            assert_eq!(parse_iso(text), None, "{text}");
        }
    }

    #[test]
    fn clones_move_together() {
        let clock = Clock::default();
        let before = clock.now();
        let other = clock.clone();
        other.advance(Duration::from_secs(3600));
        assert!(clock.now() >= before + 3_600_000);
    }
}
