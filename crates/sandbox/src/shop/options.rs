//! How the checkout uses the SDK.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::catalog::Fields;

/// What the form says about the SDK. Names are those of the form and of the checkout's template.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Options {
    pub(super) integration: Integration,
    pub(super) display: Display,
    /// `notRedirectAfterComplete`.
    pub(super) stay: bool,
    /// `appearance.showSubmitButton: false`.
    pub(super) own_button: bool,
    /// `appearance.showLoading: false`.
    pub(super) no_loading: bool,
    pub(super) theme: Theme,
    /// `isAppWebview`.
    pub(super) webview: bool,
    pub(super) before_submit: BeforeSubmit,
    /// Calls `preload()` when the page opens.
    pub(super) preload: bool,
}

/// How the SDK comes into the page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Integration {
    /// As a module from the package.
    #[default]
    Package,
    /// As one script tag.
    Cdn,
}

/// Where the payment is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Display {
    /// Over the page.
    #[default]
    Popup,
    /// In the page.
    Inline,
}

/// `appearance.theme`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Theme {
    /// Not given: as the buyer's system.
    #[default]
    System,
    /// Light.
    Default,
    /// Dark.
    Night,
}

/// What the shop's `onBeforeSubmit` does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum BeforeSubmit {
    /// There is none.
    #[default]
    None,
    /// Answers `CONTINUE`.
    Continue,
    /// Answers `CONTINUE` after three seconds.
    Slow,
    /// Answers `CANCEL`.
    Cancel,
    /// Answers `ERROR`.
    Error,
}

impl Options {
    /// Reads the form. What is missing has its usual value.
    ///
    /// # Errors
    /// With words for the engineer.
    pub(super) fn read(fields: Fields<'_>) -> Result<Self, String> {
        Ok(Self {
            integration: one_of(fields, "integration")?,
            display: one_of(fields, "display")?,
            stay: fields.on("stay"),
            own_button: fields.on("own_button"),
            no_loading: fields.on("no_loading"),
            theme: one_of(fields, "theme")?,
            webview: fields.on("webview"),
            before_submit: one_of(fields, "before_submit")?,
            preload: fields.on("preload"),
        })
    }
}

fn one_of<'de, T: Default + Deserialize<'de>>(fields: Fields<'_>, name: &str) -> Result<T, String> {
    let Some(text) = fields.filled(name) else {
        return Ok(T::default());
    };
    T::deserialize(Value::from(text)).map_err(|error| format!("{name}: {error}"))
}
