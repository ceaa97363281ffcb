//! The requests of the SDK. A gateway reads scalars that come as text, number or boolean.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde::{Deserialize as DeriveDeserialize, Serialize as DeriveSerialize};

use crate::object::optional;
use crate::scalar::optional_text;
use crate::{PassThrough, PaymentMethodType, Text, ThreeDsCompInd};

/// Any request of the client protocol: members that an operation does not use are absent.
#[derive(Debug, Clone, PartialEq, Default, DeriveSerialize, DeriveDeserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    /// Id of the session: three parts joined by `&&`.
    #[serde(deserialize_with = "optional_text", skip_serializing_if = "Option::is_none")]
    pub payment_session_data: Option<String>,
    /// Query and submit: `paymentSessionConfig` of the session's metadata, unchanged.
    #[serde(skip_deserializing, skip_serializing_if = "Option::is_none")]
    pub payment_session_config: Option<PassThrough>,
    /// Query: whether the buyer stays on the page after the payment.
    #[serde(skip_deserializing, skip_serializing_if = "Option::is_none")]
    pub not_redirect_after_complete: Option<bool>,
    /// Query: the merchant's parameters for the gateway, unchanged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merchant_appoint_param: Option<PassThrough>,
    /// Query of a card session: `CARD`, as the original SDK sends it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_method_type: Option<PaymentMethodType>,
    /// Submit: how the buyer pays.
    #[serde(deserialize_with = "optional", skip_serializing_if = "Option::is_none")]
    pub payment_method: Option<ChosenMethod>,
    /// Submit: the card token, or the values of the form.
    #[serde(deserialize_with = "optional", skip_serializing_if = "Option::is_none")]
    pub payment_factors: Option<PaymentFactors>,
    /// The buyer's terminal.
    #[serde(deserialize_with = "optional", skip_serializing_if = "Option::is_none")]
    pub env_info: Option<EnvInfo>,
    /// Extras.
    #[serde(deserialize_with = "optional", skip_serializing_if = "Option::is_none")]
    pub ext_params: Option<ExtParams>,
}

impl Request {
    /// `merchantAppointParam.storedCard.needCVV`: whether the CVC of a stored card is required.
    #[must_use]
    pub fn needs_cvc(&self) -> bool {
        let param = self.merchant_appoint_param.as_ref();
        match param.and_then(|param| param.member("storedCard")?.member("needCVV")) {
            Some(PassThrough::Flag(flag)) => *flag,
            Some(PassThrough::Text(text)) => text.eq_ignore_ascii_case("true"),
            Some(
                PassThrough::Null
                | PassThrough::Number(_)
                | PassThrough::List(_)
                | PassThrough::Object(_),
            )
            | None => false,
        }
    }
}

/// The method that the buyer pays with.
#[derive(Debug, Clone, PartialEq, Eq, Default, DeriveSerialize, DeriveDeserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ChosenMethod {
    /// Name of the method.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_method_type: Option<PaymentMethodType>,
    /// Id of the stored card.
    #[serde(deserialize_with = "optional_text", skip_serializing_if = "Option::is_none")]
    pub payment_method_id: Option<String>,
}

/// The buyer's input.
#[derive(Debug, Clone, PartialEq, Eq, Default, DeriveSerialize, DeriveDeserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PaymentFactors {
    /// One-time token from the card form. Ours.
    #[serde(deserialize_with = "optional_text", skip_serializing_if = "Option::is_none")]
    pub card_token: Option<String>,
    /// From the merchant's `submit()`.
    #[serde(deserialize_with = "optional", skip_serializing_if = "Option::is_none")]
    pub billing_address: Option<BillingAddress>,
    /// The values of the form, by `paymentElementKey`.
    #[serde(flatten)]
    pub values: FormValues,
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

impl Serialize for FormValues {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (key, value) in &self.0 {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for FormValues {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Values;

        impl<'de> Visitor<'de> for Values {
            type Value = FormValues;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("an object whose members are text")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<FormValues, A::Error> {
                let mut values = Vec::new();
                while let Some((key, value)) = map.next_entry::<String, Option<Text>>()? {
                    values.extend(value.map(|value| (key, value.into())));
                }
                Ok(FormValues(values))
            }
        }

        deserializer.deserialize_map(Values)
    }
}

/// A billing address. Lengths are the gateway's limits, in characters.
#[derive(Debug, Clone, PartialEq, Eq, Default, DeriveSerialize, DeriveDeserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct BillingAddress {
    /// ISO 3166 alpha-2 code of the country.
    #[serde(deserialize_with = "optional_text", skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// ISO 3166-2 part or name, at most 8.
    #[serde(deserialize_with = "optional_text", skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// At most 32.
    #[serde(deserialize_with = "optional_text", skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// At most 256.
    #[serde(deserialize_with = "optional_text", skip_serializing_if = "Option::is_none")]
    pub address1: Option<String>,
    /// At most 256.
    #[serde(deserialize_with = "optional_text", skip_serializing_if = "Option::is_none")]
    pub address2: Option<String>,
    /// At most 32.
    #[serde(deserialize_with = "optional_text", skip_serializing_if = "Option::is_none")]
    pub zip_code: Option<String>,
}

/// The buyer's terminal: the data that payment methods and 3DS require, and no fingerprint.
#[derive(Debug, Clone, PartialEq, Eq, Default, DeriveSerialize, DeriveDeserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct EnvInfo {
    /// `WEB` or `WAP`.
    #[serde(deserialize_with = "optional_text", skip_serializing_if = "Option::is_none")]
    pub terminal_type: Option<String>,
    /// `IOS` or `ANDROID`, with `WAP` only.
    #[serde(deserialize_with = "optional_text", skip_serializing_if = "Option::is_none")]
    pub os_type: Option<String>,
    /// The browser.
    #[serde(skip_deserializing, skip_serializing_if = "Option::is_none")]
    pub browser_info: Option<BrowserInfo>,
    /// `navigator.language`.
    #[serde(deserialize_with = "optional_text", skip_serializing_if = "Option::is_none")]
    pub device_language: Option<String>,
    /// `screen.width`, CSS pixels.
    #[serde(skip_deserializing)]
    pub screen_width: i32,
    /// `screen.height`, CSS pixels.
    #[serde(skip_deserializing)]
    pub screen_height: i32,
    /// `new Date().getTimezoneOffset()`, minutes with the sign that JavaScript gives them.
    #[serde(skip_deserializing)]
    pub time_zone_offset: i32,
    /// Locale of the component, such as `en_US`.
    #[serde(deserialize_with = "optional_text", skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// Facts that only some terminals have.
    #[serde(skip_deserializing, skip_serializing_if = "Option::is_none")]
    pub extend_info: Option<ExtendInfo>,
}

/// The browser, as 3DS describes it.
#[derive(Debug, Clone, PartialEq, Eq, Default, DeriveSerialize)]
#[serde(rename_all = "camelCase")]
pub struct BrowserInfo {
    /// True: the SDK is JavaScript.
    pub browser_java_script_enabled: bool,
    /// False: no browser of today runs Java.
    pub browser_java_enabled: bool,
    /// `navigator.language`.
    pub browser_language: String,
    /// `navigator.userAgent`.
    pub browser_user_agent: String,
    /// `screen.colorDepth`, bits per pixel.
    pub browser_color_depth: i32,
}

/// Facts that only some terminals have.
#[derive(Debug, Clone, PartialEq, Eq, Default, DeriveSerialize)]
pub struct ExtendInfo {
    /// `WECHAT_MINI_PROGRAM`.
    #[serde(rename = "WAP_SUB_TYPE")]
    pub wap_sub_type: &'static str,
}

/// Extras of a request.
#[derive(Debug, Clone, PartialEq, Eq, Default, DeriveSerialize, DeriveDeserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ExtParams {
    /// Origin and path of the merchant's page. Never the query, in which shops keep secrets.
    #[serde(deserialize_with = "optional_text", skip_serializing_if = "Option::is_none")]
    pub ref_url: Option<String>,
    /// Submit: makes the call idempotent; at most 64 characters. Ours.
    #[serde(deserialize_with = "optional_text", skip_serializing_if = "Option::is_none")]
    pub attempt_id: Option<String>,
    /// Inquiry: the result of the 3DS method. Ours.
    #[serde(rename = "threeDSCompInd", skip_serializing_if = "Option::is_none")]
    pub three_ds_comp_ind: Option<ThreeDsCompInd>,
}
