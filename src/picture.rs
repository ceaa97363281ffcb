//! What the machine wants to be seen, for `js/src/view/canvas.ts`.

use kassa_core::machine::{Button, Screen, Tone, View};
use kassa_core::outgoing::{Outgoing, Sink};
use kassa_core::text::Text;

/// A view on its way out.
pub(crate) struct Picture<'a>(pub(crate) View<'a>);

impl Outgoing for Picture<'_> {
    fn write(&self, sink: &mut dyn Sink) {
        let view = &self.0;
        let screen = match view.screen {
            Screen::Card => "card",
            Screen::Ended => "ended",
            Screen::Hidden => "hidden",
            Screen::Loading => "loading",
            Screen::Waiting => "waiting",
        };
        sink.text("screen", screen);
        sink.text("theme", view.theme);
        sink.text("title", Text::Payment.english());
        sink.text("dismiss", Text::Close.english());
        sink.text("merchant", view.merchant);
        if let Some(amount) = &view.amount {
            sink.text("currency", &amount.currency);
            sink.text("decimal", &amount.decimal);
            sink.whole("digits", amount.digits.into());
        }
        let (alert, status) = match &view.message {
            Some(message) if message.tone == Tone::Bad => (message.text.english(), ""),
            Some(message) => ("", message.text.english()),
            None => ("", ""),
        };
        sink.text("alert", alert);
        sink.text("status", status);
        if let Some(button) = view.button {
            let (kind, label) = match button {
                Button::Close => ("close", Text::Close),
                Button::Continue => ("continue", Text::Continue),
                Button::Pay => ("pay", Text::Pay),
                Button::Paying => ("paying", Text::Paying),
            };
            sink.text("button", kind);
            sink.text("label", label.english());
        }
        sink.flag("closable", view.closable);
    }
}
