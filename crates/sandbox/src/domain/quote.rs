//! Text of a caller inside a message.

use std::fmt;

/// The most characters that are repeated.
const LONGEST: usize = 32;

/// Prints text of a caller in quotation marks, escaped and cut after 32 characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quoted<'a>(pub &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let short: String = self.0.chars().take(LONGEST).collect();
        let dots = if short.len() < self.0.len() { "…" } else { "" };
        write!(out, "\"{}{dots}\"", short.escape_debug())
    }
}
