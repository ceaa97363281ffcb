//! An open component, and the attempt to pay in it.
//!
//! *Architecture invariant:* data of one attempt to pay is in its [`Attempt`], and the next press of
//! the pay button begins with a new one.

use kassa_protocol::client::{BillingAddress, FormValues, GatewayAnswer, Offer};
use kassa_protocol::{PaymentMethodType, ThreeDsCompInd};

use super::effect::{FormId, PromiseId, TimerId};
use super::input::OpenRequest;
use crate::events::Reason;
use crate::money::Amount;
use crate::text_tools::{digits, fill};

/// An open component: the parameters of its opening, and the gateway's offer.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Checkout {
    pub(super) request: OpenRequest,
    /// Id of the session on the wire.
    pub(super) session_id: String,
    /// Base address of the gateway, without a slash at its end.
    pub(super) gateway: String,
    /// From the answer to the query; empty before it.
    pub(super) offer: Offer,
    /// The amount of the offer, when it is one without doubt.
    pub(super) amount: Option<Amount>,
    /// The form, once it is being loaded.
    pub(super) form: Option<Form>,
}

/// A card form, or the fields of another payment method.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Form {
    pub(super) id: FormId,
    /// The calls of `validateFields()` that the form has not answered.
    pub(super) checks: Vec<Check>,
}

/// A `validateFields()` that waits for the form.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Check {
    pub(super) id: u32,
    pub(super) promise: PromiseId,
    pub(super) limit: TimerId,
}

/// One attempt to pay, from the press of the pay button to the gateway's verdict.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Attempt {
    /// Counts from 1. An attempt keeps its number until it is answered, so that a repetition after
    /// silence is the same attempt to the gateway.
    pub(super) number: u32,
    /// Whether an attempt of this session had failed before.
    pub(super) has_predecessor: bool,
    /// The promise of the merchant's `submit()` that started the attempt.
    pub(super) promise: Option<PromiseId>,
    pub(super) billing_address: Option<BillingAddress>,
    /// `processType` of the answer of `onBeforeSubmit`.
    pub(super) process_type: Option<String>,
    pub(super) factors: Factors,
    /// Whether a submit was not answered, and nothing has shown since that it arrived.
    pub(super) is_unanswered: bool,
    /// Whether the buyer has done something that may have paid: sent a form, been on another page
    /// or in the app, or seen a code.
    pub(super) may_have_paid: bool,
    /// Whether the last answer was `PENDING`: the money may take days.
    pub(super) is_pending: bool,
    /// The result of the 3DS method, once it ran.
    pub(super) three_ds_comp_ind: Option<ThreeDsCompInd>,
    /// Path of the challenge that was shown last: the same challenge is not shown twice.
    pub(super) challenge: Option<String>,
    /// What in the page led to the outcome, if anything did.
    pub(super) reason: Option<Reason>,
}

/// What the buyer pays with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Factors {
    /// Nothing: the method has no form.
    Nothing,
    /// One-time token of a card.
    CardToken(String),
    /// Values of the fields.
    Values(FormValues),
}

/// An open component with its current attempt.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Payment {
    pub(super) checkout: Checkout,
    pub(super) attempt: Attempt,
}

impl Checkout {
    /// The session's method, when the gateway named one.
    pub(super) fn method(&self) -> Option<&PaymentMethodType> {
        self.offer.payment_methods.first()?.payment_method_type.as_ref()
    }

    /// Keeps the merchant's page for the buyer after the payment, as the first answer names it that
    /// has it.
    pub(super) fn keep_return_page(&mut self, answer: &mut GatewayAnswer) {
        if self.offer.payment_redirect_url.is_none() {
            let info = answer.payment.extend_info.take();
            let named = answer.offer.payment_redirect_url.take();
            self.offer.payment_redirect_url = named.or_else(|| info?.payment_redirect_url);
        }
    }

    /// Whether apps can be opened from a page on this device.
    pub(super) fn is_phone(&self) -> bool {
        self.request.browser.terminal().is_phone()
    }
}

impl Attempt {
    pub(super) fn first() -> Self {
        Self {
            number: 1,
            has_predecessor: false,
            promise: None,
            billing_address: None,
            process_type: None,
            factors: Factors::Nothing,
            is_unanswered: false,
            may_have_paid: false,
            is_pending: false,
            three_ds_comp_ind: None,
            challenge: None,
            reason: None,
        }
    }

    /// The next press of the pay button: the same attempt, to the gateway, until it was answered.
    pub(super) fn press(&mut self, promise: Option<PromiseId>, address: Option<BillingAddress>) {
        let Self { number, has_predecessor, is_unanswered, .. } = *self;
        *self = Self {
            number,
            has_predecessor,
            is_unanswered,
            promise,
            billing_address: address,
            ..Self::first()
        };
    }

    /// The attempt after one that failed for certain.
    pub(super) fn next(&mut self) {
        *self = Self { number: self.number + 1, has_predecessor: true, ..Self::first() };
    }
}

impl Payment {
    pub(super) fn attempt_id(&self) -> String {
        let seed = self.checkout.request.attempt_seed.as_str();
        fill("{}-{}", &[seed, &digits(self.attempt.number)])
    }
}
