//! How values leave for JavaScript: member by member into whatever builds the object. Serde would
//! do it in less of our code and four times the bytes (`docs/adr/0001-size.md`).

/// Something that builds a JSON object.
pub trait Sink {
    /// A member that is text.
    fn text(&mut self, name: &str, value: &str);
    /// A member that is true or false.
    fn flag(&mut self, name: &str, value: bool);
    /// A member that is a whole number.
    fn whole(&mut self, name: &str, value: i32);
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

/// A member that is there only when it has a value.
pub(crate) fn maybe(sink: &mut dyn Sink, name: &str, value: Option<&str>) {
    if let Some(value) = value {
        sink.text(name, value);
    }
}
