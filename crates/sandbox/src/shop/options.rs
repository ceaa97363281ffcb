//! How the checkout page uses the SDK.

use serde::{Deserialize, Serialize};

use super::form::{Fields, FormError};

/// The form's choices about the SDK. Names are those of the form and of the checkout's template.
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

/// How the page gets the SDK.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Integration {
    /// As a module of the npm package.
    #[default]
    Package,
    /// By a script tag.
    Cdn,
}

/// Where the payment component is shown.
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
    /// Not given: the theme of the buyer's system.
    #[default]
    System,
    /// Light.
    Default,
    /// Dark.
    Night,
}

/// The shop's `onBeforeSubmit`.
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
    /// Reads the form. A missing field has its default.
    ///
    /// # Errors
    /// The field whose text is none of its choices.
    pub(super) fn read(fields: Fields<'_>) -> Result<Self, FormError> {
        Ok(Self {
            integration: fields.choice("integration", Integration::default())?,
            display: fields.choice("display", Display::default())?,
            stay: fields.is_ticked("stay"),
            own_button: fields.is_ticked("own_button"),
            no_loading: fields.is_ticked("no_loading"),
            theme: fields.choice("theme", Theme::default())?,
            webview: fields.is_ticked("webview"),
            before_submit: fields.choice("before_submit", BeforeSubmit::default())?,
            preload: fields.is_ticked("preload"),
        })
    }
}
