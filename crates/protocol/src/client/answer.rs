//! The gateway's answers.

use crate::json::object;
use crate::{
    ChallengeWindowSize, DisplayType, ElementType, EpochMillis, ErrorStatus, PaymentMethodType,
    PaymentStatus, WaitsFor,
};

use super::Element;

object! {
    /// An answer as a gateway writes it: with members that the original reads, and that Kassa's SDK
    /// does not know.
    PublishedAnswer {
        /// Kind of the session. Part of the answer to a query.
        payment_session_config: Option<SessionConfig> = "paymentSessionConfig",
        /// What the original does about an error; without members in an answer without error.
        error_actions: Option<ErrorActions> = "errorActions",
    } + {
        /// The other members.
        answer: GatewayAnswer,
    }

    /// Kind of a session.
    SessionConfig {
        /// `CASHIER_PAYMENT`.
        product_scene: String = "productScene",
        /// `1.0`.
        product_scene_version: String = "productSceneVersion",
        /// `CARD`, `BANK` or `APM`.
        payment_method_category_type: String = "paymentMethodCategoryType",
    }

    /// What the original does about an error.
    ErrorActions {
        /// `NONE`: it shows no error of its own, and rejects the opening of a card.
        show_type: Option<String> = "showType",
    }

    /// The answer to any operation: members that an operation does not use are absent.
    GatewayAnswer {
        /// Whether the operation was done.
        success: bool = "success",
    } + {
        /// The reason why it was not.
        refusal: Refusal,
        /// The amount and the payment methods. Part of the answer to a query.
        offer: Offer,
        /// State of the session's payment. Empty without a payment.
        payment: PaymentState,
    }

    /// The reason why the gateway did not do an operation.
    Refusal {
        /// The reason as a code.
        error_code: Option<String> = "errorCode",
        /// The reason for an engineer.
        error_message: Option<String> = "errorMessage",
        /// Whether the outcome of the operation is known.
        error_status: Option<ErrorStatus> = "errorStatus",
        /// The environment that the session was made in. Ours.
        environment: Option<String> = "environment",
    }

    /// The amount and the payment methods.
    Offer {
        /// The amount that the buyer pays.
        payment_amount_view: Option<AmountView> = "paymentAmountView",
        /// The same in minor units.
        payment_amount: Option<MinorAmount> = "paymentAmount",
        /// The amount of the order.
        order_amount_view: Option<AmountView> = "orderAmountView",
        /// The same in minor units.
        order_amount: Option<MinorAmount> = "orderAmount",
        /// The methods on offer. The first one is the session's.
        payment_methods: Vec<MethodView> = "paymentMethods",
        /// Stored cards that the session was created for.
        saved_payment_methods: Vec<SavedMethodView> = "savedPaymentMethods",
        /// Name of the shop, for the buyer. Ours.
        merchant_name: Option<String> = "merchantName",
        /// The merchant's page for the buyer after the payment. Ours.
        payment_redirect_url: Option<String> = "paymentRedirectUrl",
        /// The same in the answer to a query, under its published name.
        redirect_url: Option<String> = "redirectUrl",
        /// When the session expires, ISO 8601. Ours.
        payment_session_expiry_time: Option<String> = "paymentSessionExpiryTime",
        /// Path of the card form on the gateway. Ours.
        frame_url: Option<String> = "frameUrl",
    }

    /// An amount of money in minor units.
    MinorAmount {
        /// ISO 4217 code.
        currency: String = "currency",
        /// Label of the currency, such as `RM`.
        currency_label: Option<String> = "currencyLabel",
        /// Minor units, decimal digits.
        value: String = "value",
    }

    /// An amount of money as it is shown.
    AmountView {
        /// ISO 4217 code.
        currency: String = "currency",
        /// Major units with a point, such as `42.00`. Gateways for earlier versions of Kassa write
        /// minor units.
        value: String = "value",
        /// Grouped and with its decimals, in the style of some language, without the currency.
        formatted_value: Option<String> = "formattedValue",
        /// Label of the currency, such as `RM`.
        currency_label: Option<String> = "currencyLabel",
        /// Separator between label and number.
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
        /// `SHOW_CODE`: a code in the page; `REDIRECT`: another next step; `COLLECT_SHOW_CODE` and
        /// `COLLECT_REDIRECT`: the same after a form. A card has none.
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
        /// The part of the card's data that may be shown.
        payment_method_detail: Option<SavedMethodDetail> = "paymentMethodDetail",
    }

    /// The part of a stored card's data that may be shown.
    SavedMethodDetail {
        /// Such as `VISA`.
        brand: String = "brand",
        /// Last four digits.
        last4: String = "last4",
    }

    /// State of a session's payment; part of every answer about one.
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
        /// The event outside of the page that the payment waits for. Ours.
        waits_for: Option<WaitsFor> = "waitsFor",
        /// Until when the payment waits. Ours.
        expire_time: Option<EpochMillis> = "expireTime",
        /// Path of the 3DS method's page on the gateway. Ours.
        three_ds_method_url: Option<String> = "threeDSMethodUrl",
        /// Whether `challenge_url`, `normal_url` or `action_form` is a 3DS challenge. Ours.
        challenge: Option<bool> = "challenge",
        /// Path of the 3DS challenge on the gateway, for a frame. Ours.
        challenge_url: Option<String> = "challengeUrl",
        /// Size of that frame. Ours.
        challenge_window_size: Option<ChallengeWindowSize> = "challengeWindowSize",
        /// Data of the card, once the payment is over.
        card_payment_result_info: Option<CardPaymentResultInfo> = "cardPaymentResultInfo",
        /// Decisions of the risk service, once the payment is over.
        pop_risk_decision_result_info: Option<RiskDecision> = "popRiskDecisionResultInfo",
        /// Facts about the payment for the page.
        extend_info: Option<PaymentExtendInfo> = "extendInfo",
        /// The gateway's time, against which the other times are measured.
        server_time: Option<EpochMillis> = "serverTime",
    }

    /// Facts about a payment for the page.
    PaymentExtendInfo {
        /// The merchant's page for the buyer after the payment.
        payment_redirect_url: Option<String> = "paymentRedirectUrl",
    }

    /// A page that the buyer must go to.
    ActionForm {
        /// `RedirectActionForm`.
        action_form_type: Option<String> = "actionFormType",
        /// `GET` or `POST`.
        method: Option<String> = "method",
        /// The address.
        redirect_url: Option<String> = "redirectUrl",
    }

    /// A code that the buyer pays with.
    CodeView {
        /// The contents of the code.
        code: String = "code",
        /// Until when the code is valid.
        code_expire_time: Option<EpochMillis> = "codeExpireTime",
        /// How the buyer uses the code.
        display_type: Option<DisplayType> = "displayType",
    }

    /// Data of a card that may be shown or stored. Raw values are the acquirer's own, passed on as
    /// text.
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
    /// How the code is shown; text where the value is absent or unknown.
    #[must_use]
    pub fn display(&self) -> DisplayType {
        match &self.display_type {
            Some(known @ (DisplayType::QrCode | DisplayType::Barcode)) => known.clone(),
            Some(DisplayType::Text | DisplayType::Other(_)) | None => DisplayType::Text,
        }
    }
}

impl Element {
    /// Kind of the field; text where the value is absent or unknown.
    #[must_use]
    pub fn kind(&self) -> ElementType {
        match &self.element_type {
            Some(ElementType::Other(_)) | None => ElementType::Text,
            Some(known) => known.clone(),
        }
    }
}
