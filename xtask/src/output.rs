//! Lines on the terminal.

use std::io::Write;
use std::time::Duration;

/// Prints one line. A closed pipe (`cargo xtask test | head`) is not an error.
pub(crate) fn line(text: &str) {
    let mut out = std::io::stdout().lock();
    let _closed = writeln!(out, "{text}").and_then(|()| out.flush());
}

/// Prints an error.
pub(crate) fn error(text: &str) {
    let mut out = std::io::stderr().lock();
    let _closed = writeln!(out, "error: {text}");
}

/// A duration in words: `0.4 s`, `12 s`, `2 min 05 s`.
pub(crate) fn duration(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..10 => format!("{}.{} s", seconds, time.subsec_millis() / 100),
        10..60 => format!("{seconds} s"),
        _ => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_units() {
        assert_eq!(duration(Duration::from_millis(430)), "0.4 s");
        assert_eq!(duration(Duration::from_secs(12)), "12 s");
        assert_eq!(duration(Duration::from_secs(125)), "2 min 05 s");
    }
}
