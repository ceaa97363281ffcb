//! The machine agrees with its published descriptions: the types, the page of the events, and the
//! samples of the original's documentation.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "in a test, a panic with a message is the report"
)]

#[path = "contract/page.rs"]
mod page;
#[path = "contract/samples.rs"]
mod samples;
mod support;
#[path = "contract/texts.rs"]
mod texts;

use std::collections::BTreeSet;
use std::{env, fs, path::Path};

use kassa_core::events::EventCode;
use serde_json::Value;
use texts::{Again, ClassCode, Last, Payload};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(ROOT).join(path)).unwrap_or_default()
}

#[test]
fn the_published_event_codes_are_those_that_can_be_emitted() {
    let types = read("js/src/kassa.d.ts");
    let union = types.split("export type EventCode =").nth(1).expect("the type is there");
    let union = union.split(';').next().expect("the type ends");
    let published: BTreeSet<&str> =
        union.split('"').filter(|piece| piece.starts_with("SDK_")).collect();
    let class = ClassCode::ALL.map(ClassCode::name);
    let emitted: BTreeSet<&str> =
        EventCode::ALL.into_iter().map(EventCode::name).chain(class).collect();
    assert_eq!(published, emitted);
    assert_eq!(emitted.len(), EventCode::ALL.len() + class.len(), "no code occurs twice");
    assert!(emitted.iter().all(|code| code.to_ascii_uppercase() == *code), "upper case always");
    let sources = typescript();
    for code in class {
        let is_emitted = sources.iter().any(|source| source.contains(&format!("\"{code}\"")));
        assert!(is_emitted, "the JavaScript class no longer emits {code}");
    }
}

/// The sources of the JavaScript class.
fn typescript() -> Vec<String> {
    let files = fs::read_dir(Path::new(ROOT).join("js/src")).unwrap();
    let paths = files.map(|file| file.unwrap().path());
    let sources = paths.filter(|path| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        name.ends_with(".ts") && !name.ends_with(".d.ts")
    });
    sources.map(|path| fs::read_to_string(path).unwrap()).collect()
}

#[test]
fn events_page_matches_the_code() {
    let page = page::write();
    if read("docs/events.md") != page {
        assert!(
            env::var_os("UPDATE_EXPECT").is_some(),
            "docs/events.md is out of date: run with UPDATE_EXPECT=1 and read the difference"
        );
        fs::write(Path::new(ROOT).join("docs/events.md"), page).unwrap();
    }
    assert!(read("README.md").contains("(docs/events.md)"), "the README links the page");
}

/// The texts of the page are written by hand; the transcripts are compared with them.
#[test]
fn transcripts_match_the_events_page() {
    let page = read("docs/events.md");
    let mut seen = BTreeSet::new();
    for file in fs::read_dir(Path::new(ROOT).join("tests/golden")).unwrap() {
        let path = file.unwrap().path();
        let mut over = None;
        for line in fs::read_to_string(&path).unwrap().lines() {
            if line.starts_with("> open") {
                over = None;
            }
            let Some(event) = line.trim().strip_prefix("emit ") else { continue };
            let event: Value = serde_json::from_str(event).unwrap();
            let name = event["code"].as_str().unwrap();
            let at = format!("{}: {event}", path.display());
            assert_eq!(over, None, "an event after the last one, {at}");
            let code = EventCode::ALL.into_iter().find(|code| code.name() == name).expect(&at);
            let row = texts::event_row(code);
            let has = |member| !event[member].is_null();
            let payload = match row.payload {
                Payload::Code => [false, false],
                Payload::Message => [true, false],
                Payload::Result => [true, true],
            };
            assert_eq!([has("message"), has("result")], payload, "{at}");
            let retryable = event["result"]["retryable"].as_bool();
            if !matches!(row.again, Again::AsTheResultSays | Again::Yes) {
                assert_ne!(retryable, Some(true), "{at}");
            }
            if let Some(reason) = event["result"]["reason"].as_str() {
                assert!(page.contains(&format!("`{reason}`")), "{at}");
            }
            let last = match row.last {
                Last::Always => true,
                Last::UnlessRetryable => retryable == Some(false),
                Last::Never | Last::UnlessSecond | Last::WhenClosed => false,
            };
            over = last.then_some(code);
            seen.insert(code);
        }
    }
    assert!(seen.len() > 12, "too few to mean anything: {seen:?}");
}
