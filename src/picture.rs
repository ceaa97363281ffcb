//! What the machine wants to be seen, for `js/src/view/canvas.ts`.

use kassa_core::machine::{Button, Millis, Screen, Tone, View};
use kassa_core::outgoing::{Outgoing, Sink};
use kassa_core::text::Text;

/// A view on its way out, and when it is drawn.
pub(crate) struct Picture<'a>(pub(crate) View<'a>, pub(crate) Millis);

impl Outgoing for Picture<'_> {
    fn write(&self, sink: &mut dyn Sink) {
        let view = &self.0;
        let screen = match view.screen {
            Screen::Challenge => "challenge",
            Screen::Choice => "choice",
            Screen::Codes => "codes",
            Screen::Ended => "ended",
            Screen::Form => "form",
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
        for (button, name, words) in
            [(view.button, "button", "label"), (view.second, "second", "secondLabel")]
        {
            let Some(button) = button else { continue };
            let (kind, label) = match button {
                Button::App => ("app", Text::OpenApp),
                Button::Check => ("check", Text::HavePaid),
                Button::Close => ("close", Text::Close),
                Button::Continue => ("continue", Text::Continue),
                Button::ContinueInBrowser => ("continue", Text::ContinueInBrowser),
                Button::Pay => ("pay", Text::Pay),
                Button::Paying => ("paying", Text::Paying),
            };
            sink.text(name, kind);
            sink.text(words, label.english());
        }
        if !view.codes.is_empty() {
            sink.json("codes", view.codes);
            for (name, text) in
                [("scan", Text::ScanCode), ("copy", Text::Copy), ("copied", Text::Copied)]
            {
                sink.text(name, text.english());
            }
        }
        if let Some(until) = view.until {
            let left = until.0.saturating_sub(self.1.0);
            sink.whole("left", i32::try_from(left).unwrap_or(i32::MAX));
            sink.text("leftLabel", Text::TimeLeft.english());
        }
        sink.flag("closable", view.closable);
    }
}
