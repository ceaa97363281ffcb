//! The requests of the SDK. A gateway reads scalars that come as text, number or boolean.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error};

use crate::json::{FromJson, Json, ToJson, object};
use crate::object::optional;
use crate::scalar::optional_text;
use crate::{PaymentMethodType, ThreeDsCompInd};

object! {
    /// Any request of the client protocol: members that an operation does not use are absent.
    Request {
        /// Id of the session: three parts joined by `&&`.
        #[serde(deserialize_with = "optional_text")]
        payment_session_data: Option<String> = "paymentSessionData",
        /// Query and submit: `paymentSessionConfig` of the session's metadata, unchanged.
        payment_session_config: Option<Json> = "paymentSessionConfig",
        /// Query: whether the buyer stays on the page after the payment.
        #[serde(skip_deserializing)]
        not_redirect_after_complete: Option<bool> = "notRedirectAfterComplete",
        /// Query: the merchant's parameters for the gateway, unchanged.
        merchant_appoint_param: Option<Json> = "merchantAppointParam",
        /// Query of a card session: `CARD`, as the original SDK sends it.
        payment_method_type: Option<PaymentMethodType> = "paymentMethodType",
        /// Submit: how the buyer pays.
        #[serde(deserialize_with = "optional")]
        payment_method: Option<ChosenMethod> = "paymentMethod",
        /// Submit: the card token, or the values of the form.
        #[serde(deserialize_with = "optional")]
        payment_factors: Option<PaymentFactors> = "paymentFactors",
        /// The buyer's terminal.
        #[serde(deserialize_with = "optional")]
        env_info: Option<EnvInfo> = "envInfo",
        /// Extras.
        #[serde(deserialize_with = "optional")]
        ext_params: Option<ExtParams> = "extParams",
    }

    /// The method that the buyer pays with.
    ChosenMethod {
        /// Name of the method.
        payment_method_type: Option<PaymentMethodType> = "paymentMethodType",
        /// Id of the stored card.
        #[serde(deserialize_with = "optional_text")]
        payment_method_id: Option<String> = "paymentMethodId",
    }

    /// The buyer's input.
    PaymentFactors {
        /// One-time token from the card form. Ours.
        #[serde(deserialize_with = "optional_text")]
        card_token: Option<String> = "cardToken",
        /// From the merchant's `submit()`.
        #[serde(deserialize_with = "optional")]
        billing_address: Option<BillingAddress> = "billingAddress",
    } + {
        /// The values of the form, by `paymentElementKey`.
        values: FormValues,
    }

    /// A billing address. Lengths are the gateway's limits, in characters.
    BillingAddress {
        /// ISO 3166 alpha-2 code of the country.
        #[serde(deserialize_with = "optional_text")]
        region: Option<String> = "region",
        /// ISO 3166-2 part or name, at most 8.
        #[serde(deserialize_with = "optional_text")]
        state: Option<String> = "state",
        /// At most 32.
        #[serde(deserialize_with = "optional_text")]
        city: Option<String> = "city",
        /// At most 256.
        #[serde(deserialize_with = "optional_text")]
        address1: Option<String> = "address1",
        /// At most 256.
        #[serde(deserialize_with = "optional_text")]
        address2: Option<String> = "address2",
        /// At most 32.
        #[serde(deserialize_with = "optional_text")]
        zip_code: Option<String> = "zipCode",
    }

    /// The buyer's terminal: the data that payment methods and 3DS require, and no fingerprint.
    EnvInfo {
        /// `WEB` or `WAP`.
        #[serde(deserialize_with = "optional_text")]
        terminal_type: Option<String> = "terminalType",
        /// `IOS` or `ANDROID`, with `WAP` only.
        #[serde(deserialize_with = "optional_text")]
        os_type: Option<String> = "osType",
        /// The browser.
        #[serde(skip_deserializing)]
        browser_info: Option<BrowserInfo> = "browserInfo",
        /// `navigator.language`.
        #[serde(deserialize_with = "optional_text")]
        device_language: Option<String> = "deviceLanguage",
        /// `screen.width`, CSS pixels.
        #[serde(skip_deserializing)]
        screen_width: i32 = "screenWidth",
        /// `screen.height`, CSS pixels.
        #[serde(skip_deserializing)]
        screen_height: i32 = "screenHeight",
        /// `new Date().getTimezoneOffset()`, minutes with the sign that JavaScript gives them.
        #[serde(skip_deserializing)]
        time_zone_offset: i32 = "timeZoneOffset",
        /// Locale of the component, such as `en_US`.
        #[serde(deserialize_with = "optional_text")]
        locale: Option<String> = "locale",
        /// Facts that only some terminals have.
        #[serde(skip_deserializing)]
        extend_info: Option<ExtendInfo> = "extendInfo",
    }

    /// The browser, as 3DS describes it.
    BrowserInfo {
        /// True: the SDK is JavaScript.
        browser_java_script_enabled: bool = "browserJavaScriptEnabled",
        /// False: no browser of today runs Java.
        browser_java_enabled: bool = "browserJavaEnabled",
        /// `navigator.language`.
        browser_language: String = "browserLanguage",
        /// `navigator.userAgent`.
        browser_user_agent: String = "browserUserAgent",
        /// `screen.colorDepth`, bits per pixel.
        browser_color_depth: i32 = "browserColorDepth",
    }

    /// Facts that only some terminals have.
    ExtendInfo {
        /// `WECHAT_MINI_PROGRAM`.
        wap_sub_type: String = "WAP_SUB_TYPE",
    }

    /// Extras of a request.
    ExtParams {
        /// Origin and path of the merchant's page. Never the query, in which shops keep secrets.
        #[serde(deserialize_with = "optional_text")]
        ref_url: Option<String> = "refUrl",
        /// Submit: makes the call idempotent; at most 64 characters. Ours.
        #[serde(deserialize_with = "optional_text")]
        attempt_id: Option<String> = "attemptId",
        /// Submit: `processType` of the merchant's answer in `onBeforeSubmit`.
        #[serde(deserialize_with = "optional_text")]
        process_type: Option<String> = "processType",
        /// Inquiry: the result of the 3DS method. Ours.
        three_ds_comp_ind: Option<ThreeDsCompInd> = "threeDSCompInd",
    }
}

impl Request {
    /// `merchantAppointParam.storedCard.needCVV`: whether the CVC of a stored card is required.
    #[must_use]
    pub fn needs_cvc(&self) -> bool {
        let param = self.merchant_appoint_param.as_ref();
        match param.and_then(|param| param.member("storedCard")?.member("needCVV")) {
            Some(Json::Flag(flag)) => *flag,
            Some(Json::Text(text)) => text.eq_ignore_ascii_case("true"),
            Some(Json::Null | Json::Number(_) | Json::List(_) | Json::Object(_)) | None => false,
        }
    }
}

/// Values of a form by `paymentElementKey`, in the order of the form.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct FormValues(pub Vec<(String, String)>);

impl FormValues {
    /// The value of a field.
    #[must_use]
    pub fn value(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }
}

/// Values are personal data: only the keys are printed.
impl fmt::Debug for FormValues {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_list().entries(self.0.iter().map(|(key, _)| key)).finish()
    }
}

impl FromJson for FormValues {
    fn from_json(json: &Json) -> Option<Self> {
        let Json::Object(members) = json else { return None };
        let texts = members
            .iter()
            .filter_map(|(key, value)| Some((key.clone(), String::from_json(value)?)));
        Some(Self(texts.collect()))
    }
}

impl ToJson for FormValues {
    fn to_json(&self) -> Option<Json> {
        let mut members = Vec::new();
        for (key, value) in &self.0 {
            members.push((key.clone(), Json::Text(value.clone())));
        }
        Some(Json::Object(members))
    }
}

impl<'de> Deserialize<'de> for FormValues {
    /// As [`FromJson`] reads it: of `paymentFactors`, the members that are not text are no values
    /// of a form.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Json::deserialize(deserializer)?;
        Self::from_json(&json).ok_or_else(|| D::Error::custom("expected an object"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{from_value, json};

    use super::*;

    #[test]
    fn values_of_a_form_are_the_members_that_are_text() {
        let factors: PaymentFactors = from_value(json!({
            "billingAddress": { "city": "Kuala Lumpur", "zipCode": 50_450 },
            "blikCode": "123456", "name": "", "branch": 7, "consent": true, "contact": { "a": 1 },
            "list": ["x"], "nothing": null,
        }))
        .unwrap();
        let text = |text: &str| Some(text.to_owned());
        let address = factors.billing_address.unwrap();
        assert_eq!((address.city, address.zip_code), (text("Kuala Lumpur"), text("50450")));
        let values = [("blikCode", "123456"), ("branch", "7")];
        assert_eq!(factors.values.0, values.map(|(key, value)| (key.to_owned(), value.to_owned())));
        assert_eq!(format!("{:?}", factors.values), r#"["blikCode", "branch"]"#);
    }

    #[test]
    fn members_of_another_kind_are_errors() {
        for request in [
            json!({ "paymentSessionData": {} }),
            json!({ "paymentMethod": "CARD" }),
            json!({ "paymentFactors": [] }),
            json!({ "paymentFactors": { "cardToken": ["t"] } }),
            json!({ "paymentFactors": { "billingAddress": { "city": {} } } }),
            json!({ "extParams": { "attemptId": {} } }),
        ] {
            assert!(from_value::<Request>(request.clone()).is_err(), "{request}");
        }
    }
}
