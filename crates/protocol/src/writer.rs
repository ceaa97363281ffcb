//! A tree as JSON text.

use crate::digits;
use crate::json::Json;

/// Writes the text of a tree. Not by `JSON.stringify`, which has values written by whatever the
/// page's libraries have added to prototypes as `toJSON`.
///
/// `fraction` writes a number that is not whole: formatting one weighs 3 KB in a module, and a
/// browser can.
#[must_use]
pub fn write(json: &Json, fraction: fn(f64) -> String) -> String {
    let mut out = String::new();
    write_value(json, fraction, &mut out);
    out
}

fn write_value(json: &Json, fraction: fn(f64) -> String, out: &mut String) {
    match json {
        Json::Null => out.push_str("null"),
        Json::Flag(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Json::Number(number) => {
            #[expect(clippy::cast_possible_truncation, reason = "compared below")]
            let whole = *number as i32;
            if f64::from(whole) == *number {
                out.push_str(if whole < 0 { "-" } else { "" });
                out.push_str(&digits(whole.unsigned_abs().into()));
            } else {
                out.push_str(&fraction(*number));
            }
        }
        Json::Text(text) => write_text(text, out),
        Json::List(items) => {
            out.push('[');
            for item in items {
                write_value(item, fraction, out);
                out.push(',');
            }
            close(']', out);
        }
        Json::Object(members) => {
            out.push('{');
            for (name, value) in members {
                write_text(name, out);
                out.push(':');
                write_value(value, fraction, out);
                out.push(',');
            }
            close('}', out);
        }
    }
}

fn close(end: char, out: &mut String) {
    if out.ends_with(',') {
        out.pop();
    }
    out.push(end);
}

fn write_text(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        if character < ' ' {
            // From `\u0000` to `\u001f`.
            out.push_str(if character < '\u{10}' { "\\u000" } else { "\\u001" });
            out.extend(char::from_digit(u32::from(character) & 15, 16));
            continue;
        }
        if matches!(character, '"' | '\\') {
            out.push('\\');
        }
        out.push(character);
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_json() -> impl Strategy<Value = Json> {
        let leaf = prop_oneof![
            Just(Json::Null),
            any::<bool>().prop_map(Json::Flag),
            any::<i32>().prop_map(|number| Json::Number(number.into())),
            any::<i32>().prop_map(|number| Json::Number(f64::from(number) / 4.0)),
            "\\PC{0,8}|[\\x00-\\x7f]{0,8}".prop_map(Json::Text),
        ];
        leaf.prop_recursive(4, 40, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Json::List),
                prop::collection::vec(("[\\x00-\\x7f]{0,4}", inner), 0..5).prop_map(Json::Object),
            ]
        })
    }

    proptest! {
        #[test]
        fn another_parser_reads_the_same_tree(json in any_json()) {
            let text = write(&json, |number| number.to_string());
            let read: Json = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(read, json);
        }
    }

    #[test]
    fn the_text_is_the_shortest() {
        let members = vec![
            ("a\"\\\u{1}\n".to_owned(), Json::List(Vec::new())),
            (String::new(), Json::List(vec![Json::object(), Json::Null, Json::Number(-1.5)])),
        ];
        let text = write(&Json::Object(members), |number| number.to_string());
        assert_eq!(text, r#"{"a\"\\\u0001\u000a":[],"":[{},null,-1.5]}"#);
    }
}
