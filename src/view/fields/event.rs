//! What the buyer does in the form, read from the browser's events.

use kassa_core::card::Change;
use wasm_bindgen::prelude::*;
use web_sys::Event;

/// The events that a form listens to. All of them bubble to it.
pub(super) const NAMES: [&str; 8] =
    ["change", "click", "compositionend", "focusout", "input", "keydown", "mousedown", "submit"];

/// `keyCode` of a key that an input method processes (UI Events, appendix A).
const PROCESSED: u32 = 229;

#[wasm_bindgen]
extern "C" {
    // Not web-sys, where these members are never absent: browsers that fill a form in make up
    // `keydown` events without a key and `change` events without a type of input, and old engines
    // know no such types.
    #[wasm_bindgen(extends = Event)]
    type Lenient;

    #[wasm_bindgen(method, getter, structural, js_name = altKey)]
    fn alt_key(this: &Lenient) -> Option<bool>;

    #[wasm_bindgen(method, getter, structural, js_name = inputType)]
    fn input_type(this: &Lenient) -> Option<String>;

    #[wasm_bindgen(method, getter, structural, js_name = isComposing)]
    fn is_composing(this: &Lenient) -> Option<bool>;

    #[wasm_bindgen(method, getter, structural)]
    fn key(this: &Lenient) -> Option<String>;

    #[wasm_bindgen(method, getter, structural, js_name = keyCode)]
    fn key_code(this: &Lenient) -> Option<u32>;
}

/// What the buyer does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    /// Clicks or taps.
    Click,
    /// Changes a value.
    Edit(Change),
    /// Presses a key.
    Key(Key),
    /// Leaves a field.
    Leave,
    /// Presses the button of a mouse, which would move the focus.
    Press,
    /// The browser wants to send the form.
    Submit,
}

/// Keys, by what they mean in a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    /// To another option.
    Arrow(Direction),
    Enter,
    Escape,
    /// An arrow with the Alt key: opens a list of options.
    Open,
    Other,
    Tab,
}

/// Of an arrow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Down,
    Up,
}

impl Action {
    /// Reads an event. `None` while an input method composes, because text and keys are its own
    /// then, and for keys that were used already.
    pub(super) fn read(event: &Event) -> Option<Self> {
        let event: &Lenient = event.unchecked_ref();
        let name = event.type_();
        // Safari tells only by the code of the key that an Enter ended a composition.
        let is_composing =
            event.is_composing() == Some(true) || event.key_code() == Some(PROCESSED);
        if is_composing && name != "submit" {
            return None;
        }
        Some(match name.as_str() {
            "click" => Self::Click,
            "focusout" => Self::Leave,
            "keydown" if event.default_prevented() => return None,
            "keydown" => Self::Key(Key::read(event)),
            "mousedown" => Self::Press,
            "submit" => Self::Submit,
            _ => Self::Edit(change(&event.input_type().unwrap_or_default())),
        })
    }
}

impl Key {
    fn read(event: &Lenient) -> Self {
        let has_alt = event.alt_key() == Some(true);
        match event.key().unwrap_or_default().as_str() {
            "ArrowDown" | "ArrowUp" if has_alt => Self::Open,
            "ArrowDown" => Self::Arrow(Direction::Down),
            "ArrowUp" => Self::Arrow(Direction::Up),
            "Enter" => Self::Enter,
            "Escape" => Self::Escape,
            "Tab" => Self::Tab,
            _ => Self::Other,
        }
    }
}

/// Types of input that delete begin with `delete` (W3C Input Events, section 4.1.2).
fn change(input_type: &str) -> Change {
    match input_type {
        deleted if !deleted.starts_with("delete") => Change::Entered,
        deleted if deleted.ends_with("Forward") => Change::DeletedForward,
        _ => Change::DeletedBack,
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    #[test]
    fn deletions_have_a_direction() {
        for (input_type, expected) in [
            ("", Change::Entered),
            ("insertText", Change::Entered),
            ("historyUndo", Change::Entered),
            ("deleteContentBackward", Change::DeletedBack),
            ("deleteWordBackward", Change::DeletedBack),
            ("deleteByCut", Change::DeletedBack),
            ("deleteContentForward", Change::DeletedForward),
            ("deleteWordForward", Change::DeletedForward),
        ] {
            assert_eq!(change(input_type), expected, "{input_type}");
        }
    }
}
