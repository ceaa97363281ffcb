//! How values leave for JavaScript: member by member into whatever builds the object. Serde would
//! do it in less of our code and four times the bytes (`docs/adr/0001-size.md`).

use crate::events::Facts;

/// Something that builds a JSON object.
pub trait Sink {
    /// A member that is text.
    fn text(&mut self, name: &str, value: &str);
    /// A member that is true or false.
    fn flag(&mut self, name: &str, value: bool);
    /// A member that is a whole number.
    fn whole(&mut self, name: &str, value: i32);
    /// A member that is JSON already.
    fn json(&mut self, name: &str, json: &str);
    /// Begins a member that is an object.
    fn open(&mut self, name: &str);
    /// Ends the object begun last.
    fn close(&mut self);
}

/// Something that can leave.
pub trait Outgoing {
    /// Writes the members.
    fn write(&self, sink: &mut dyn Sink);
}

/// A text that is there only when it is not empty.
#[inline(never)]
pub(crate) fn maybe(sink: &mut dyn Sink, name: &str, value: &str) {
    if !value.is_empty() {
        sink.text(name, value);
    }
}

/// An object that is there only when it is not empty.
#[inline(never)]
pub(crate) fn object(sink: &mut dyn Sink, name: &str, facts: &Facts) {
    if !facts.0.is_empty() {
        sink.open(name);
        for (name, value) in &facts.0 {
            sink.text(name, value);
        }
        sink.close();
    }
}
