//! Time limits and intervals, all in milliseconds.

/// How long a call may take, in milliseconds. The protocol's limit.
pub const CALL_LIMIT: u32 = 15_000;
/// How long a form may take to load, in milliseconds.
pub const FORM_LOAD_LIMIT: u32 = 15_000;
/// How long a form may take to answer, in milliseconds. Longer than the card form's own limit for
/// the exchange of a card, which is [`CALL_LIMIT`], so that the form reports it.
pub const FORM_ANSWER_LIMIT: u32 = 20_000;
/// Between two inquiries at first, in milliseconds.
pub const POLL_FAST: u32 = 2_000;
/// Between two inquiries after [`POLL_FAST_FOR`], in milliseconds.
pub const POLL_SLOW: u32 = 10_000;
/// How long inquiries are frequent, in milliseconds.
pub const POLL_FAST_FOR: u32 = 60_000;
/// How long the machine waits for a result before it leaves the rest to the merchant's server, in
/// milliseconds.
pub const CONFIRM_LIMIT: u32 = 300_000;
/// How long the machine waits after a code or an approval has expired, in milliseconds: money may
/// be on its way.
pub const LATE_LIMIT: u32 = 60_000;
/// How long the machine waits for a code without a time of expiry, in milliseconds. Sessions are
/// valid for an hour.
pub const CODE_LIMIT: u32 = 3_600_000;
/// How long a 3DS challenge may take, in milliseconds. EMVCo lets challenges last five minutes at
/// least.
pub const CHALLENGE_LIMIT: u32 = 600_000;
/// How long the 3DS method may take, in milliseconds. EMVCo's limit.
pub const THREE_DS_METHOD_LIMIT: u32 = 10_000;
/// How long an app may take to open, in milliseconds. The original's limit, which old phones need.
pub const APP_LIMIT: u32 = 5_000;
/// How long `onBeforeSubmit` may take, in milliseconds.
pub const BEFORE_SUBMIT_LIMIT: u32 = 30_000;
