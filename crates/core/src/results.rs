//! The payment result codes: their meaning for the merchant, the machine and the buyer.
//!
//! The codes are the 27 of the seeds ("Description of payment failure"), those of
//! `createPaymentSession`, and those of the official shop plug-in, whose list names the codes that
//! leave the session usable. A code that is not in that list, or that leaves open whether money
//! moved, is not retryable: it must not lead to a second payment.
//!
//! `SUCCESS` has no row, because it must not be shown as the reason of a failure.

use crate::text::Text;

/// One row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meaning {
    /// The code on the wire.
    pub code: &'static str,
    /// The meaning, used when the gateway sent no message of its own.
    pub meaning: &'static str,
    /// Whether the same session may be paid again.
    pub retryable: bool,
    /// The suggestion for the merchant.
    pub suggestion: &'static str,
    /// The text for the buyer.
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
const BAD_EXPIRY: &str = "The expiry date is wrong.";
const BAD_SIGNATURE: &str = "The request's signature is wrong.";
const BUYERS_TURN: &str = "Let the buyer solve it or choose another method.";
const CHECK_CALL: &str = "Correct your server's call, then create a new session.";
/// Also used where the machine has no result of a payment.
pub(crate) const CHECK_SERVER: &str =
    "Call inquiryPayment or wait for the notification; do not request a second payment.";
const FIX_FORM: &str = "Let the buyer correct the form, which is still open.";
const NEW_SESSION: &str = "Create a new session with a new paymentRequestId.";
const NOT_UNDERSTOOD: &str = "The gateway did not understand the request.";
const NO_ANSWER: &str = "The answer did not come in time.";
const OTHER_CARD: &str = "Let the buyer use another card or ask its bank.";
const OTHER_METHOD: &str = "Offer another method.";
const TRY_LATER: &str = "Try again later.";

/// Every code that has a meaning of its own, in alphabetical order.
pub const TABLE: [Meaning; 49] = [
    row("ACCESS_DENIED", true, Text::TryLater, "The merchant may not make this call.", ASK_SUPPORT),
    row(
        "CARD_BIN_QUERY_ERROR",
        true,
        Text::TryLater,
        "The card's issuer could not be looked up.",
        TRY_LATER,
    ),
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
    row("ERR_DATA_STRUCT_UNRECOGNIZED", false, Text::ShopProblem, NOT_UNDERSTOOD, NEW_SESSION),
    row(
        "EXTERNAL_RESOURCE_LOAD_FAILED",
        true,
        Text::TryLater,
        "A part of the page did not load.",
        TRY_LATER,
    ),
    row("FORM_INVALID", true, Text::CheckCard, "The form has mistakes.", FIX_FORM),
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
    row("INVALID_EXPIRATION_DATE", true, Text::CheckCard, BAD_EXPIRY, FIX_FORM),
    row("INVALID_EXPIRY_DATE_FORMAT", true, Text::CheckCard, BAD_EXPIRY, FIX_FORM),
    row(
        "INVALID_MERCHANT_STATUS",
        false,
        Text::ShopProblem,
        "The merchant's account is restricted.",
        ASK_SUPPORT,
    ),
    row("INVALID_SIGNATURE", false, Text::ShopProblem, BAD_SIGNATURE, CHECK_CALL),
    row(
        "ISSUER_REJECTS_TRANSACTION",
        true,
        Text::TryOtherCard,
        "The card's bank refused.",
        OTHER_CARD,
    ),
    row(
        "KEY_NOT_FOUND",
        false,
        Text::ShopProblem,
        "The merchant's key is not registered.",
        CHECK_CALL,
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
    row("ORDER_NOT_EXIST", true, Text::TryLater, "There is no such order.", TRY_LATER),
    row("PARAM_ILLEGAL", false, Text::ShopProblem, NOT_UNDERSTOOD, CHECK_CALL),
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
        Text::OutcomeUnknown,
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
    row("PAYMENT_RESULT_TIMEOUT", false, Text::OutcomeUnknown, NO_ANSWER, CHECK_SERVER),
    row(
        "PROCESS_FAIL",
        true,
        Text::TryOtherMethod,
        "The payment failed for a general reason.",
        ASK_SUPPORT,
    ),
    row(
        "REPEAT_REQ_INCONSISTENT",
        false,
        Text::ShopProblem,
        "The paymentRequestId was used before for something else.",
        NEW_SESSION,
    ),
    row(
        "REQUEST_TRAFFIC_EXCEED_LIMIT",
        false,
        Text::OutcomeUnknown,
        "There were too many requests.",
        CHECK_SERVER,
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
        "SETTLE_CONTRACT_NOT_MATCH",
        false,
        Text::ShopProblem,
        "The settlement currency is not in the contract.",
        ASK_SUPPORT,
    ),
    row("SIGN_VERIFY_FAILURE", false, Text::ShopProblem, BAD_SIGNATURE, CHECK_CALL),
    row("SUBMIT_PAYMENT_TIMEOUT", false, Text::OutcomeUnknown, NO_ANSWER, CHECK_SERVER),
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
        false,
        Text::OutcomeUnknown,
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
    row("USER_CANCELED", true, Text::TryOtherMethod, "The buyer stopped the payment.", BUYERS_TURN),
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

/// The row of a code that is not in the table: not retryable.
const UNKNOWN: Meaning =
    row("", false, Text::Declined, "", "Look the payment up by its paymentRequestId.");

/// The row of a code; for an unknown code, a row that is not retryable.
#[must_use]
pub fn meaning(code: &str) -> &'static Meaning {
    TABLE.iter().find(|row| row.code == code).unwrap_or(&UNKNOWN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_has_no_doubles() {
        assert!(TABLE.windows(2).all(|pair| pair[0].code < pair[1].code));
    }

    #[test]
    fn an_unknown_code_is_not_retryable() {
        let row = meaning("BRAND_NEW_CODE");
        assert!(!row.retryable && row.code.is_empty());
    }
}
