//! The result table, compared with the three lists that are its sources.

use std::collections::BTreeSet;

use kassa_core::results::{TABLE, meaning};
use kassa_core::text::TextId;

/// The seeds, "Description of payment failure".
const SEEDS: [&str; 27] = [
    "ACCESS_DENIED",
    "CARD_NOT_SUPPORTED",
    "CURRENCY_NOT_SUPPORT",
    "FRAUD_REJECT",
    "INVALID_CARD",
    "INVALID_CARD_NUMBER",
    "INVALID_EXPIRATION_DATE",
    "INVALID_EXPIRY_DATE_FORMAT",
    "INVALID_MERCHANT_STATUS",
    "ISSUER_REJECTS_TRANSACTION",
    "MERCHANT_KYB_NOT_QUALIFIED",
    "NO_PAY_OPTIONS",
    "ORDER_IS_CLOSED",
    "PAYMENT_AMOUNT_EXCEED_LIMIT",
    "PAYMENT_COUNT_EXCEED_LIMIT",
    "PAYMENT_IN_PROCESS",
    "PAYMENT_NOT_QUALIFIED",
    "PROCESS_FAIL",
    "RISK_REJECT",
    "SUSPECTED_CARD",
    "SUSPECTED_RISK",
    "UNKNOWN_EXCEPTION",
    "USER_AMOUNT_EXCEED_LIMIT",
    "USER_BALANCE_NOT_ENOUGH",
    "USER_KYC_NOT_QUALIFIED",
    "USER_PAYMENT_VERIFICATION_FAILED",
    "USER_STATUS_ABNORMAL",
];

/// Codes of `createPaymentSession` and `inquiryPayment` with status `U`: retry or inquire later.
const UNDECIDED: [&str; 3] =
    ["PAYMENT_IN_PROCESS", "REQUEST_TRAFFIC_EXCEED_LIMIT", "UNKNOWN_EXCEPTION"];

/// Their codes with status `F`, faults of the signature included. Status `S` has one code, `SUCCESS`.
const FAILED: [&str; 38] = [
    "ACCESS_DENIED",
    "CARD_EXPIRED",
    "CARD_NOT_SUPPORTED",
    "CURRENCY_NOT_SUPPORT",
    "DO_NOT_HONOR",
    "FRAUD_REJECT",
    "INVALID_CARD",
    "INVALID_CARD_NUMBER",
    "INVALID_CVV",
    "INVALID_EXPIRATION_DATE",
    "INVALID_EXPIRY_DATE_FORMAT",
    "INVALID_MERCHANT_STATUS",
    "INVALID_SIGNATURE",
    "ISSUER_REJECTS_TRANSACTION",
    "KEY_NOT_FOUND",
    "MERCHANT_KYB_NOT_QUALIFIED",
    "NO_PAY_OPTIONS",
    "ORDER_IS_CANCELLED",
    "ORDER_IS_CLOSED",
    "ORDER_NOT_EXIST",
    "PARAM_ILLEGAL",
    "PAYMENT_AMOUNT_EXCEED_LIMIT",
    "PAYMENT_COUNT_EXCEED_LIMIT",
    "PAYMENT_NOT_QUALIFIED",
    "PROCESS_FAIL",
    "REPEAT_REQ_INCONSISTENT",
    "RISK_REJECT",
    "SELECTED_CARD_BRAND_NOT_AVAILABLE",
    "SETTLE_CONTRACT_NOT_MATCH",
    "SIGN_VERIFY_FAILURE",
    "SUSPECTED_CARD",
    "SUSPECTED_RISK",
    "SYSTEM_ERROR",
    "USER_AMOUNT_EXCEED_LIMIT",
    "USER_BALANCE_NOT_ENOUGH",
    "USER_KYC_NOT_QUALIFIED",
    "USER_PAYMENT_VERIFICATION_FAILED",
    "USER_STATUS_ABNORMAL",
];

/// The shop plug-in's list: a new session is needed.
const NEW_SESSION: [&str; 12] = [
    "ERR_DATA_STRUCT_UNRECOGNIZED",
    "INQUIRY_PAYMENT_SESSION_FAILED",
    "INVALID_MERCHANT_STATUS",
    "KEY_NOT_FOUND",
    "MERCHANT_KYB_NOT_QUALIFIED",
    "NO_PAY_OPTIONS",
    "ORDER_IS_CANCELLED",
    "ORDER_IS_CLOSED",
    "PARAM_ILLEGAL",
    "PAYMENT_AMOUNT_EXCEED_LIMIT",
    "PAYMENT_COUNT_EXCEED_LIMIT",
    "PAYMENT_NOT_QUALIFIED",
];

/// The shop plug-in's list: the same session may be paid again.
const SAME_SESSION: [&str; 25] = [
    "ACCESS_DENIED",
    "CARD_BIN_QUERY_ERROR",
    "CARD_EXPIRED",
    "CARD_NOT_SUPPORTED",
    "CURRENCY_NOT_SUPPORT",
    "DO_NOT_HONOR",
    "INVALID_CARD",
    "INVALID_CARD_NUMBER",
    "INVALID_CVV",
    "INVALID_EXPIRATION_DATE",
    "INVALID_EXPIRY_DATE_FORMAT",
    "ISSUER_REJECTS_TRANSACTION",
    "ORDER_NOT_EXIST",
    "PAYMENT_IN_PROCESS",
    "PROCESS_FAIL",
    "RISK_REJECT",
    "SELECTED_CARD_BRAND_NOT_AVAILABLE",
    "SUSPECTED_CARD",
    "SYSTEM_ERROR",
    "UNKNOWN_EXCEPTION",
    "USER_AMOUNT_EXCEED_LIMIT",
    "USER_BALANCE_NOT_ENOUGH",
    "USER_KYC_NOT_QUALIFIED",
    "USER_PAYMENT_VERIFICATION_FAILED",
    "USER_STATUS_ABNORMAL",
];

/// The shop plug-in's list: faults of the page itself.
const LOCAL: [&str; 5] = [
    "EXTERNAL_RESOURCE_LOAD_FAILED",
    "FORM_INVALID",
    "PAYMENT_RESULT_TIMEOUT",
    "SUBMIT_PAYMENT_TIMEOUT",
    "USER_CANCELED",
];

/// Codes for which the table differs from the shop plug-in, which lets both be paid again: their
/// status is `U`, so that money may have moved, and the buyer would pay twice.
const DEVIATIONS: [&str; 2] = ["PAYMENT_IN_PROCESS", "UNKNOWN_EXCEPTION"];

#[test]
fn the_table_has_each_code_of_the_lists_and_no_other() {
    let listed: BTreeSet<&str> =
        [SEEDS.as_slice(), &UNDECIDED, &FAILED, &NEW_SESSION, &SAME_SESSION, &LOCAL]
            .concat()
            .into_iter()
            .collect();
    let rows: BTreeSet<&str> = TABLE.iter().map(|row| row.code).collect();
    assert_eq!(rows, listed);
    for code in listed {
        assert_eq!(meaning(code).code, code);
    }
}

#[test]
fn success_is_not_among_the_failures() {
    assert!(meaning("SUCCESS").code.is_empty());
}

#[test]
fn each_row_has_a_meaning_and_a_suggestion() {
    for row in &TABLE {
        assert!(row.meaning.ends_with('.') && row.suggestion.ends_with('.'), "{}", row.code);
        assert!(!row.advice.english().is_empty(), "{}", row.code);
    }
}

#[test]
fn the_same_session_may_be_paid_again_where_the_plug_in_and_money_agree() {
    for code in NEW_SESSION {
        assert!(!meaning(code).retryable, "{code} needs a new session");
    }
    for code in SAME_SESSION {
        assert_eq!(meaning(code).retryable, !DEVIATIONS.contains(&code), "{code}");
    }
    // The plug-in has no such mark for its local codes. After two of them a payment may be under way.
    for (code, retryable) in LOCAL.into_iter().zip([true, true, false, false, true]) {
        assert_eq!(meaning(code).retryable, retryable, "{code}");
    }
}

/// Codes that the plug-in does not list.
#[test]
fn a_code_that_the_plug_in_does_not_list_is_not_retryable() {
    let listed = [NEW_SESSION.as_slice(), &SAME_SESSION, &LOCAL].concat();
    for row in TABLE.iter().filter(|row| !listed.contains(&row.code)) {
        assert!(!row.retryable, "{}", row.code);
    }
}

#[test]
fn a_code_after_which_money_may_have_moved_is_not_retryable() {
    for code in UNDECIDED.into_iter().chain(["PAYMENT_RESULT_TIMEOUT", "SUBMIT_PAYMENT_TIMEOUT"]) {
        let row = meaning(code);
        assert!(!row.retryable, "{code}");
        assert!(row.suggestion.contains("do not request a second payment"), "{code}");
        let advice = row.advice.english();
        assert!(
            !advice.contains("try") && !advice.contains("not been charged"),
            "{code}: {advice}"
        );
    }
    // The converse: nothing was paid where the same session may be paid again.
    for row in TABLE.iter().filter(|row| row.retryable) {
        assert!(!row.suggestion.contains("second payment"), "{}", row.code);
    }
}
