//! Result codes that the sandbox itself gives, and their messages. A scenario or a decision may give
//! any other code.

/// `paymentResultCode` of a payment that is paid.
pub const SUCCESS: &str = "SUCCESS";

/// `paymentResultCode` of a payment that is under way.
pub const IN_PROCESS: &str = "PAYMENT_IN_PROCESS";

/// `paymentResultCode` of a payment or session that the merchant cancelled.
pub const CANCELLED: &str = "ORDER_IS_CANCELLED";

/// `paymentResultCode` of a payment whose time was over.
pub const CLOSED: &str = "ORDER_IS_CLOSED";

/// `paymentResultCode` of a payment that the buyer declined or did not approve in time.
pub const NOT_APPROVED: &str = "USER_PAYMENT_VERIFICATION_FAILED";

/// `paymentResultCode` of a payment that risk control refused.
pub const RISK_REJECT: &str = "RISK_REJECT";

/// `paymentResultCode` of an attempt in a session that has had as many as it may.
pub(super) const OVER_LIMIT: &str = "PAYMENT_COUNT_EXCEED_LIMIT";

/// `paymentResultCode` of a card that the issuer declined.
pub(super) const ISSUER_REJECTS: &str = "ISSUER_REJECTS_TRANSACTION";

/// `paymentResultMessage` of a code.
#[must_use]
pub fn message_of(code: &str) -> &'static str {
    match code {
        SUCCESS => "Paid",
        IN_PROCESS => "The payment is under way",
        CANCELLED => "The merchant cancelled the order",
        CLOSED => "The time for paying the order is over",
        RISK_REJECT => "Risk control refused the payment",
        OVER_LIMIT => "The session has had as many attempts as it may",
        ISSUER_REJECTS => "The card's bank refused the payment",
        NOT_APPROVED => "The buyer did not confirm the payment",
        _ => "The scenario or the simulator asked for this result",
    }
}

pub(super) fn message_of_closing(code: &str) -> &'static str {
    if code == CLOSED { message_of(CLOSED) } else { "The buyer did not approve in time" }
}
