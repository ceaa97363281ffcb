//! What the gateway answers.

use crate::json::object;
use crate::{
    ChallengeWindowSize, DisplayType, ElementType, EpochMillis, ErrorStatus, PaymentMethodType,
    PaymentStatus, WaitsFor,
};

use super::Element;

object! {
    /// The answer to any operation: members that an operation does not use are absent.
    GatewayAnswer {
        /// Whether the gateway did what was asked.
        success: bool = "success",
    } + {
        /// Why not.
        refusal: Refusal,
        /// What is to be paid and how. Part of the answer to a query.
        offer: Offer,
        /// How the session's payment stands. Empty without a payment.
        payment: PaymentState,
    }

    /// Why the gateway did not do what was asked.
    Refusal {
        /// The reason as a code.
        error_code: Option<String> = "errorCode",
        /// The reason for an engineer.
        error_message: Option<String> = "errorMessage",
        /// Whether the gateway knows what became of the call.
        error_status: Option<ErrorStatus> = "errorStatus",
        /// The environment that the session was made in. Ours.
        environment: Option<String> = "environment",
    }

    /// What is to be paid and how.
    Offer {
        /// What the session is for.
        payment_session_config: Option<SessionConfig> = "paymentSessionConfig",
        /// What the buyer pays.
        payment_amount_view: Option<AmountView> = "paymentAmountView",
        /// What the order costs.
        order_amount_view: Option<AmountView> = "orderAmountView",
        /// The methods on offer. The first one is the session's.
        payment_methods: Vec<MethodView> = "paymentMethods",
        /// Stored cards that the session was created for.
        saved_payment_methods: Vec<SavedMethodView> = "savedPaymentMethods",
        /// Name of the shop, for the buyer. Ours.
        merchant_name: Option<String> = "merchantName",
        /// The merchant's page for the buyer after the payment. Ours.
        payment_redirect_url: Option<String> = "paymentRedirectUrl",
        /// When the session expires, ISO 8601. Ours.
        payment_session_expiry_time: Option<String> = "paymentSessionExpiryTime",
        /// Path of the card form on the gateway. Ours.
        frame_url: Option<String> = "frameUrl",
    }

    /// What the session is for.
    SessionConfig {
        /// `CASHIER_PAYMENT`.
        product_scene: String = "productScene",
        /// `CARD`, `BANK` or `APM`.
        payment_method_category_type: String = "paymentMethodCategoryType",
    }

    /// An amount of money.
    AmountView {
        /// ISO 4217 code.
        currency: String = "currency",
        /// Minor units, decimal digits.
        value: String = "value",
        /// Grouped and with its decimals, without the currency.
        formatted_value: Option<String> = "formattedValue",
        /// What is written for the currency.
        currency_label: Option<String> = "currencyLabel",
        /// What stands between label and number.
        currency_divider: Option<String> = "currencyDivider",
        /// `L` or `R` of the number.
        currency_symbol_position: Option<String> = "currencySymbolPosition",
    }

    /// A method that the buyer may use.
    MethodView {
        /// Name of the method on the wire.
        payment_method_type: Option<PaymentMethodType> = "paymentMethodType",
        /// Name of the method for the buyer, English.
        payment_method_name: Option<String> = "paymentMethodName",
        /// Such as `CARD` or `ONLINE_BANKING`.
        category: Option<String> = "category",
        /// `COLLECT`: a form first; `REDIRECT`: straight to another page; `SHOW_CODE`: a code in
        /// the page; `COLLECT_REDIRECT` and `COLLECT_SHOW_CODE`: after a form.
        inter_action_type: Option<String> = "interActionType",
        /// Fields to collect. A card's fields are in the card form.
        payment_elements: Vec<Element> = "paymentElements",
    }

    /// A stored card that the session was created for.
    SavedMethodView {
        /// `CARD`.
        payment_method_type: Option<PaymentMethodType> = "paymentMethodType",
        /// The merchant's id of the card.
        payment_method_id: Option<String> = "paymentMethodId",
        /// What may be shown of the card.
        payment_method_detail: Option<SavedMethodDetail> = "paymentMethodDetail",
    }

    /// What may be shown of a stored card.
    SavedMethodDetail {
        /// Such as `VISA`.
        brand: String = "brand",
        /// Last four digits.
        last4: String = "last4",
    }

    /// How a session's payment stands; part of every answer that knows of a payment.
    PaymentState {
        /// The attempt that started this payment. Ours: an inquiry after an unanswered submit must
        /// not take an earlier attempt's failure for the unanswered one's.
        attempt_id: Option<String> = "attemptId",
        /// State of the payment.
        payment_status: Option<PaymentStatus> = "paymentStatus",
        /// Why the payment is in that state, as a code.
        payment_result_code: Option<String> = "paymentResultCode",
        /// The same for people.
        payment_result_message: Option<String> = "paymentResultMessage",
        /// The page on which the buyer goes on.
        normal_url: Option<String> = "normalUrl",
        /// The same as a form.
        action_form: Option<ActionForm> = "actionForm",
        /// Opens the app by the app's own scheme.
        scheme_url: Option<String> = "schemeUrl",
        /// Opens the app by a web address that the app has claimed.
        applink_url: Option<String> = "applinkUrl",
        /// Codes that the buyer pays with.
        code_form_views: Vec<CodeView> = "codeFormViews",
        /// What the payment waits for outside of the page. Ours.
        waits_for: Option<WaitsFor> = "waitsFor",
        /// Until when that is awaited. Ours.
        expire_time: Option<EpochMillis> = "expireTime",
        /// Path of the 3DS method's page on the gateway. Ours.
        three_ds_method_url: Option<String> = "threeDSMethodUrl",
        /// Whether `challenge_url`, `normal_url` or `action_form` is a 3DS challenge. Ours.
        challenge: Option<bool> = "challenge",
        /// Path of the 3DS challenge on the gateway, for a frame. Ours.
        challenge_url: Option<String> = "challengeUrl",
        /// Size of that frame. Ours.
        challenge_window_size: Option<ChallengeWindowSize> = "challengeWindowSize",
        /// Facts about the card, once the payment is over.
        card_payment_result_info: Option<CardPaymentResultInfo> = "cardPaymentResultInfo",
        /// Decisions of the risk service, once the payment is over.
        pop_risk_decision_result_info: Option<RiskDecision> = "popRiskDecisionResultInfo",
        /// The gateway's time, against which the other times are measured.
        server_time: Option<EpochMillis> = "serverTime",
    }

    /// A page that the buyer must go to.
    ActionForm {
        /// `RedirectActionForm`.
        action_form_type: Option<String> = "actionFormType",
        /// `GET` or `POST`.
        method: Option<String> = "method",
        /// The address.
        redirect_url: Option<String> = "redirectUrl",
        /// JSON text of the fields of a `POST`.
        parameters: Option<String> = "parameters",
    }

    /// A code that the buyer pays with.
    CodeView {
        /// The contents of the code.
        code: String = "code",
        /// Until when the code is valid.
        code_expire_time: Option<EpochMillis> = "codeExpireTime",
        /// What the buyer does with the code.
        display_type: Option<DisplayType> = "displayType",
    }

    /// Facts about a card that may be shown or kept. Raw values are the acquirer's own, passed on
    /// as text.
    CardPaymentResultInfo {
        /// Masked number.
        card_no: Option<String> = "cardNo",
        /// Such as `VISA`.
        card_brand: Option<String> = "cardBrand",
        /// First six digits.
        card_bin: Option<String> = "cardBin",
        /// Last four digits.
        last_four: Option<String> = "lastFour",
        /// The issuer.
        issuer_name: Option<String> = "issuerName",
        /// ISO 3166 alpha-2.
        issuing_country: Option<String> = "issuingCountry",
        /// `CREDIT`, `DEBIT`, `PREPAID`, `CHARGE` or `DEFERRED_DEBIT`.
        funding: Option<String> = "funding",
        /// Raw result of the address check.
        avs_result_raw: Option<String> = "avsResultRaw",
        /// Raw result of the CVC check.
        cvv_result_raw: Option<String> = "cvvResultRaw",
        /// The holder's name.
        hold_name: Option<String> = "holdName",
        /// The same text for the same PAN.
        fingerprint: Option<String> = "fingerprint",
        /// Two digits.
        expiry_month: Option<String> = "expiryMonth",
        /// Two digits.
        expiry_year: Option<String> = "expiryYear",
    }

    /// Decisions of the risk service.
    RiskDecision {
        /// `ACCEPT` or `REJECT`.
        risk_decision: Option<String> = "riskDecision",
        /// `3D` or `NON_3D`.
        risk_auth_decision: Option<String> = "riskAuthDecision",
    }
}

impl CodeView {
    /// How the code is shown; text where the gateway says nothing that this version knows.
    #[must_use]
    pub fn display(&self) -> DisplayType {
        match &self.display_type {
            Some(known @ (DisplayType::QrCode | DisplayType::Barcode)) => known.clone(),
            Some(DisplayType::Text | DisplayType::Other(_)) | None => DisplayType::Text,
        }
    }
}

impl Element {
    /// Kind of the field; text where the gateway says nothing that this version knows.
    #[must_use]
    pub fn kind(&self) -> ElementType {
        match &self.element_type {
            Some(ElementType::Other(_)) | None => ElementType::Text,
            Some(known) => known.clone(),
        }
    }
}
