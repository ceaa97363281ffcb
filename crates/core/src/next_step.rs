//! The next step of a payment under way: the table of `docs/protocol.md`.

use kassa_protocol::client::{PaymentState, Refusal};
use kassa_protocol::{ErrorStatus, WaitsFor};

/// The next step of a payment under way: the first row of the table that fits. The same table holds
/// for the answers to a query, a submit and an inquiry, so that reloading the page in the middle of a
/// payment is no special case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextStep<'a> {
    /// The buyer opens an app.
    App,
    /// The buyer approves outside of the page.
    Approval,
    /// A 3DS challenge in a frame: a path on the gateway.
    Challenge(&'a str),
    /// The buyer uses codes.
    Codes,
    /// Nothing: the buyer's part is complete.
    Nothing,
    /// The whole page goes to this address.
    Page(&'a str),
    /// The 3DS method in a hidden frame: a path on the gateway.
    ThreeDsMethod(&'a str),
}

/// The next step of a payment. `phone`: whether the device has apps that a page can open.
#[must_use]
pub fn next_step(payment: &PaymentState, phone: bool) -> NextStep<'_> {
    let page = page_url(payment);
    let challenge = payment.challenge == Some(true);
    if let Some(path) = &payment.three_ds_method_url {
        return NextStep::ThreeDsMethod(path);
    }
    if challenge {
        if let Some(path) = &payment.challenge_url {
            return NextStep::Challenge(path);
        }
        if let Some(page) = page {
            return NextStep::Page(page);
        }
    }
    if !payment.code_form_views.is_empty() {
        return NextStep::Codes;
    }
    // A gateway that is newer than this code may have a payment wait for something else: inquiries
    // are right for that, too.
    if let Some(WaitsFor::Approval | WaitsFor::Other(_)) = payment.waits_for {
        return NextStep::Approval;
    }
    if (phone || page.is_none()) && app_urls(payment).next().is_some() {
        return NextStep::App;
    }
    page.map_or(NextStep::Nothing, NextStep::Page)
}

/// The page on which the buyer goes on.
#[must_use]
pub fn page_url(payment: &PaymentState) -> Option<&str> {
    let form = payment.action_form.as_ref();
    let form = || form.and_then(|form| form.redirect_url.as_deref());
    payment.normal_url.as_deref().or_else(form)
}

/// Links that open an app: first the app's own web address, then its scheme.
pub fn app_urls(payment: &PaymentState) -> impl Iterator<Item = &str> {
    [&payment.applink_url, &payment.scheme_url].into_iter().filter_map(|url| url.as_deref())
}

/// Whether a refusal leaves open what became of the payment.
#[must_use]
pub fn leaves_payment_open(refusal: &Refusal) -> bool {
    refusal.error_status == Some(ErrorStatus::Unknown)
        || matches!(
            refusal.error_code.as_deref(),
            Some("UNKNOWN_EXCEPTION" | "PAYMENT_IN_PROCESS" | "REQUEST_TRAFFIC_EXCEED_LIMIT")
        )
}

/// How long the buyer can still pay or approve, in milliseconds by the gateway's own clock. `None`
/// where the gateway gives no time.
#[must_use]
pub fn time_left(payment: &PaymentState) -> Option<u32> {
    let first_code = payment.code_form_views.first();
    let until = first_code.and_then(|code| code.code_expire_time).or(payment.expire_time)?;
    Some(until.since(payment.server_time?))
}
