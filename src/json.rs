//! Writes our values as JSON. Building objects member by member through imports costs more, both
//! in the module and at run time.

use kassa_core::outgoing::{Outgoing, Sink};
use kassa_core::small::digits;

/// A value as JSON.
pub(crate) fn write(value: &dyn Outgoing) -> String {
    object(|sink| value.write(sink))
}

/// An object whose members are text.
pub(crate) fn members(members: &[(&str, &str)]) -> String {
    object(|sink| {
        for (name, value) in members {
            sink.text(name, value);
        }
    })
}

fn object(fill: impl FnOnce(&mut dyn Sink)) -> String {
    let mut json = Json(String::from("{"));
    fill(&mut json);
    json.close();
    json.0
}

struct Json(String);

impl Json {
    fn name(&mut self, name: &str) {
        if !self.0.ends_with('{') {
            self.0.push(',');
        }
        self.quote(name);
        self.0.push(':');
    }

    fn quote(&mut self, text: &str) {
        self.0.push('"');
        for character in text.chars() {
            // JSON refuses control characters as they are, and none of ours means anything.
            match character {
                '"' | '\\' => self.0.push('\\'),
                '\0'..' ' => {
                    self.0.push(' ');
                    continue;
                }
                _ => {}
            }
            self.0.push(character);
        }
        self.0.push('"');
    }
}

impl Sink for Json {
    fn text(&mut self, name: &str, value: &str) {
        self.name(name);
        self.quote(value);
    }

    fn flag(&mut self, name: &str, value: bool) {
        self.name(name);
        self.0.push_str(if value { "true" } else { "false" });
    }

    fn whole(&mut self, name: &str, value: i32) {
        self.name(name);
        if value < 0 {
            self.0.push('-');
        }
        self.0.push_str(&digits(value.unsigned_abs().into()));
    }

    fn json(&mut self, name: &str, json: &str) {
        self.name(name);
        self.0.push_str(json);
    }

    fn open(&mut self, name: &str) {
        self.name(name);
        self.0.push('{');
    }

    fn close(&mut self) {
        self.0.push('}');
    }
}
