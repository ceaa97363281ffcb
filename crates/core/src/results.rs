//! What payment result codes mean: for the merchant, for the machine and for the buyer.
//!
//! The codes are the 27 of the seeds ("Description of payment failure") and those that a session
//! or a form can run into besides. Which of them leave the session usable follows the list in the
//! official shop plug-in; where that list is silent, money decides: a code that leaves open whether
//! money moved does not invite a second payment.

use crate::text::Text;

/// One row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meaning {
    /// The code on the wire.
    pub code: &'static str,
    /// What it means, used when the gateway sent no words of its own.
    pub meaning: &'static str,
    /// Whether the same session may be paid again.
    pub retryable: bool,
    /// What the merchant can do.
    pub suggestion: &'static str,
    /// What the buyer is told.
    pub advice: Text,
}

const fn row(
    code: &'static str,
    retryable: bool,
    advice: Text,
    meaning: &'static str,
    suggestion: &'static str,
) -> Meaning {
    Meaning { code, meaning, retryable, suggestion, advice }
}

const ASK_SUPPORT: &str = "Ask your payment provider.";
const BUYERS_TURN: &str = "Let the buyer solve it or choose another method.";
/// Also said where the machine itself does not know how a payment ended.
pub(crate) const CHECK_SERVER: &str =
    "Ask inquiryPayment or wait for the notification; do not ask for a second payment.";
const FIX_FORM: &str = "Let the buyer correct the form, which is still open.";
const NEW_SESSION: &str = "Create a new session with a new paymentRequestId.";
const OTHER_CARD: &str = "Let the buyer use another card or ask its bank.";
const OTHER_METHOD: &str = "Offer another method.";
const TRY_LATER: &str = "Try again later.";

/// Every code that has a meaning of its own, in alphabetical order.
pub const TABLE: [Meaning; 35] = [
    row("ACCESS_DENIED", true, Text::TryLater, "The merchant may not make this call.", ASK_SUPPORT),
    row("CARD_EXPIRED", true, Text::TryOtherCard, "The card has expired.", OTHER_CARD),
    row("CARD_NOT_SUPPORTED", true, Text::TryOtherCard, "Such cards are not taken.", OTHER_CARD),
    row(
        "CURRENCY_NOT_SUPPORT",
        true,
        Text::TryOtherMethod,
        "The method does not take this currency.",
        OTHER_METHOD,
    ),
    row(
        "DO_NOT_HONOR",
        true,
        Text::TryOtherCard,
        "The card's bank refused without a reason.",
        OTHER_CARD,
    ),
    row(
        "FRAUD_REJECT",
        false,
        Text::Declined,
        "Stopped as fraud; money that moved is returned.",
        ASK_SUPPORT,
    ),
    row(
        "INQUIRY_PAYMENT_SESSION_FAILED",
        false,
        Text::Expired,
        "The session is unknown or has expired.",
        NEW_SESSION,
    ),
    row(
        "INVALID_CARD",
        true,
        Text::TryOtherCard,
        "The card is unknown or has no issuer.",
        OTHER_CARD,
    ),
    row("INVALID_CARD_NUMBER", true, Text::CheckCard, "The card number is wrong.", FIX_FORM),
    row("INVALID_CVV", true, Text::CheckCard, "The security code is wrong.", FIX_FORM),
    row("INVALID_EXPIRATION_DATE", true, Text::CheckCard, "The expiry date is wrong.", FIX_FORM),
    row("INVALID_EXPIRY_DATE_FORMAT", true, Text::CheckCard, "The expiry date is wrong.", FIX_FORM),
    row(
        "INVALID_MERCHANT_STATUS",
        false,
        Text::ShopProblem,
        "The merchant's account is restricted.",
        ASK_SUPPORT,
    ),
    row(
        "ISSUER_REJECTS_TRANSACTION",
        true,
        Text::TryOtherCard,
        "The card's bank refused.",
        OTHER_CARD,
    ),
    row(
        "MERCHANT_KYB_NOT_QUALIFIED",
        false,
        Text::ShopProblem,
        "The merchant is not verified.",
        ASK_SUPPORT,
    ),
    row(
        "NO_PAY_OPTIONS",
        false,
        Text::TryOtherMethod,
        "No method takes this currency.",
        ASK_SUPPORT,
    ),
    row("ORDER_IS_CANCELLED", false, Text::Expired, "The order was cancelled.", NEW_SESSION),
    row("ORDER_IS_CLOSED", false, Text::Expired, "The order was closed unpaid.", NEW_SESSION),
    row("ORDER_NOT_EXIST", true, Text::TryLater, "There is no such order.", NEW_SESSION),
    row(
        "PAYMENT_AMOUNT_EXCEED_LIMIT",
        false,
        Text::TryOtherMethod,
        "The amount is above the method's or the contract's limit.",
        OTHER_METHOD,
    ),
    row(
        "PAYMENT_COUNT_EXCEED_LIMIT",
        false,
        Text::TryOtherMethod,
        "The method was used too often.",
        OTHER_METHOD,
    ),
    row(
        "PAYMENT_IN_PROCESS",
        false,
        Text::StillChecking,
        "The payment is not decided yet.",
        CHECK_SERVER,
    ),
    row(
        "PAYMENT_NOT_QUALIFIED",
        false,
        Text::ShopProblem,
        "The merchant may not take this payment.",
        ASK_SUPPORT,
    ),
    row(
        "PROCESS_FAIL",
        true,
        Text::TryOtherMethod,
        "The payment failed for a general reason.",
        ASK_SUPPORT,
    ),
    row(
        "RISK_REJECT",
        true,
        Text::Declined,
        "Stopped as a risk; money that moved is returned within two weeks.",
        OTHER_CARD,
    ),
    row(
        "SELECTED_CARD_BRAND_NOT_AVAILABLE",
        true,
        Text::TryOtherCard,
        "The chosen card brand is not taken.",
        OTHER_CARD,
    ),
    row(
        "SUSPECTED_CARD",
        true,
        Text::TryOtherCard,
        "The card is restricted or suspected stolen.",
        OTHER_CARD,
    ),
    row(
        "SUSPECTED_RISK",
        false,
        Text::Declined,
        "Stopped as a risk until the next working day.",
        NEW_SESSION,
    ),
    row("SYSTEM_ERROR", true, Text::TryLater, "The gateway had a fault.", TRY_LATER),
    row(
        "UNKNOWN_EXCEPTION",
        true,
        Text::TryLater,
        "A call failed for an unknown reason.",
        CHECK_SERVER,
    ),
    row(
        "USER_AMOUNT_EXCEED_LIMIT",
        true,
        Text::TryOtherMethod,
        "The amount is above the buyer's limit.",
        OTHER_METHOD,
    ),
    row(
        "USER_BALANCE_NOT_ENOUGH",
        true,
        Text::TryOtherMethod,
        "The buyer's balance is too low.",
        BUYERS_TURN,
    ),
    row(
        "USER_KYC_NOT_QUALIFIED",
        true,
        Text::TryOtherMethod,
        "The buyer is not verified.",
        BUYERS_TURN,
    ),
    row(
        "USER_PAYMENT_VERIFICATION_FAILED",
        true,
        Text::NotVerified,
        "The buyer did not pass the check of the bank or wallet.",
        BUYERS_TURN,
    ),
    row(
        "USER_STATUS_ABNORMAL",
        true,
        Text::TryOtherMethod,
        "The buyer's account at the method is restricted.",
        BUYERS_TURN,
    ),
];

/// What is said of a code that the table does not know. It invites no retry.
const UNKNOWN: Meaning =
    row("", false, Text::Declined, "", "Look the payment up by its paymentRequestId.");

/// The row of a code, or a row that invites no retry for one that has none.
#[must_use]
pub fn meaning(code: &str) -> &'static Meaning {
    TABLE.iter().find(|row| row.code == code).unwrap_or(&UNKNOWN)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEEDS: [&str; 27] = [
        "ACCESS_DENIED",
        "CURRENCY_NOT_SUPPORT",
        "FRAUD_REJECT",
        "INVALID_CARD",
        "INVALID_EXPIRY_DATE_FORMAT",
        "ISSUER_REJECTS_TRANSACTION",
        "INVALID_MERCHANT_STATUS",
        "MERCHANT_KYB_NOT_QUALIFIED",
        "NO_PAY_OPTIONS",
        "ORDER_IS_CLOSED",
        "PAYMENT_AMOUNT_EXCEED_LIMIT",
        "PAYMENT_COUNT_EXCEED_LIMIT",
        "PAYMENT_NOT_QUALIFIED",
        "PROCESS_FAIL",
        "RISK_REJECT",
        "SUSPECTED_CARD",
        "SUSPECTED_RISK",
        "USER_AMOUNT_EXCEED_LIMIT",
        "USER_BALANCE_NOT_ENOUGH",
        "USER_KYC_NOT_QUALIFIED",
        "USER_PAYMENT_VERIFICATION_FAILED",
        "USER_STATUS_ABNORMAL",
        "PAYMENT_IN_PROCESS",
        "UNKNOWN_EXCEPTION",
        "CARD_NOT_SUPPORTED",
        "INVALID_EXPIRATION_DATE",
        "INVALID_CARD_NUMBER",
    ];

    #[test]
    fn every_code_of_the_seeds_has_meaning_suggestion_and_advice() {
        for code in SEEDS {
            let row = meaning(code);
            assert_eq!(row.code, code);
            assert!(row.meaning.ends_with('.') && row.suggestion.ends_with('.'), "{code}");
        }
    }

    #[test]
    fn the_table_is_sorted_and_has_no_doubles() {
        assert!(TABLE.windows(2).all(|pair| pair[0].code < pair[1].code));
    }

    #[test]
    fn an_unknown_code_invites_no_retry() {
        let row = meaning("BRAND_NEW_CODE");
        assert!(!row.retryable && row.code.is_empty());
    }

    #[test]
    fn an_open_payment_is_never_called_retryable() {
        assert!(!meaning("PAYMENT_IN_PROCESS").retryable);
    }
}
