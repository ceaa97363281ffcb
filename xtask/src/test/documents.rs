//! Checks of the documents: relative links lead somewhere, the files that they name exist, and each
//! code block of README.md is compiled or run by a test.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::cli;
use crate::layout::Layout;

/// Folders whose files are generated or belong to others.
const SKIPPED: [&str; 3] = ["dist", "node_modules", "target"];

/// Folders of the checkout whose files the documents name by their path.
const FOLDERS: [&str; 7] = ["crates", "docs", "js", "src", "tests", "www", "xtask"];

/// The test that runs code blocks in a browser and in Node.
const SPEC: &str = "tests/e2e/readme.spec.ts";

/// The program that the TypeScript blocks are, for `js/tsconfig.readme.json`.
const PROGRAM: &str = "readme/readme.ts";

/// A code block between two fences.
#[derive(Debug, PartialEq, Eq)]
struct Block {
    /// Of its first line, counted from 1.
    line: usize,
    /// The text behind the opening fence: the language, then a name.
    info: String,
    lines: Vec<String>,
}

/// Links and paths of all documents that do not exist, one line for each.
pub(crate) fn broken_references(layout: &Layout) -> Result<Vec<String>> {
    let mut documents = BTreeMap::new();
    read_documents(layout.root(), &mut documents)?;
    let mut faults = Vec::new();
    for (file, text) in &documents {
        let mut fault = |line: usize, target: &str, fault: &str| {
            faults.push(format!("{}:{line}: {target}: {fault}", layout.short(file)));
        };
        for (line, target) in links(text) {
            if let Some(reason) = fault_of_link(file, &target, &documents) {
                fault(line, &target, reason);
            }
        }
        for (line, path) in paths(text) {
            if !layout.source(path).exists() {
                fault(line, path, "there is no such file");
            }
        }
    }
    Ok(faults)
}

/// The code blocks of README.md that no test compiles or runs, one line for each.
pub(crate) fn unchecked_blocks(layout: &Layout) -> Result<Vec<String>> {
    let spec = read(&layout.source(SPEC))?;
    Ok(faults_of_blocks(&blocks(&read(&layout.source("README.md"))?), &spec))
}

/// Writes the TypeScript blocks of README.md as one program, so that each block can use the names of
/// those before it. A line of the program has the number that it has in README.md.
pub(crate) fn write_program(layout: &Layout) -> Result<()> {
    let program = layout.target(PROGRAM);
    if let Some(folder) = program.parent() {
        fs::create_dir_all(folder)?;
    }
    let text = program_of(&blocks(&read(&layout.source("README.md"))?));
    fs::write(&program, text).with_context(|| format!("could not write {}", program.display()))
}

fn read(file: &Path) -> Result<String> {
    fs::read_to_string(file).with_context(|| format!("could not read {}", file.display()))
}

fn read_documents(folder: &Path, documents: &mut BTreeMap<PathBuf, String>) -> Result<()> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("could not list {}", folder.display()))?;
    for entry in entries {
        let (path, name) = entry.map(|entry| (entry.path(), entry.file_name()))?;
        let name = name.to_string_lossy();
        if path.is_dir() {
            if !name.starts_with('.') && !SKIPPED.contains(&&*name) {
                read_documents(&path, documents)?;
            }
        } else if name.ends_with(".md") {
            let text = read(&path)?;
            documents.insert(path, text);
        }
    }
    Ok(())
}

fn fault_of_link(
    file: &Path,
    target: &str,
    documents: &BTreeMap<PathBuf, String>,
) -> Option<&'static str> {
    if target.starts_with("https://") || target.starts_with("http://") {
        return None;
    }
    let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
    let path = if path.is_empty() { file.to_path_buf() } else { beside(file, path) };
    if !path.exists() {
        return Some("there is no such file");
    }
    if anchor.is_empty() {
        return None;
    }
    match documents.get(&path) {
        None => Some("a file without headings has no anchors"),
        Some(text) if anchors(text).iter().any(|own| own == anchor) => None,
        Some(_) => Some("there is no such heading"),
    }
}

/// A path relative to the folder of a file, without `..` in it.
fn beside(file: &Path, path: &str) -> PathBuf {
    let mut joined = file.parent().unwrap_or(file).to_path_buf();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(joined.pop()),
            _ => joined.push(part),
        }
    }
    joined
}

/// The targets of a document's links and images, with their line.
fn links(text: &str) -> Vec<(usize, String)> {
    let mut links = Vec::new();
    for (line, text) in prose(text) {
        let mut rest = text.as_str();
        while let Some((_, after)) = rest.split_once("](") {
            let (target, after) = after.split_once(')').unwrap_or((after, ""));
            links.extend(target.split_whitespace().next().map(|target| (line, target.to_owned())));
            rest = after;
        }
        // `[label]: target`
        if let Some((_, target)) = text.strip_prefix('[').and_then(|rest| rest.split_once("]: ")) {
            links.push((line, target.trim().to_owned()));
        }
    }
    links
}

/// The paths of the checkout that stand in backticks.
fn paths(text: &str) -> Vec<(usize, &str)> {
    let mut paths = Vec::new();
    for (number, line) in outside_of_blocks(text) {
        for code in line.split('`').skip(1).step_by(2) {
            let is_path =
                code.bytes().all(|it| it.is_ascii_alphanumeric() || b"/._-".contains(&it));
            let folder = code.split_once('/').map(|(folder, _)| folder);
            if is_path && folder.is_some_and(|folder| FOLDERS.contains(&folder)) {
                paths.push((number, code));
            }
        }
    }
    paths
}

/// The anchors that GitHub gives to a document's headings.
fn anchors(text: &str) -> Vec<String> {
    let mut anchors: Vec<String> = Vec::new();
    for line in outside_of_blocks(text).map(|(_, line)| line) {
        let heading = line.trim_start_matches('#');
        if heading.len() == line.len() || !heading.starts_with(' ') {
            continue;
        }
        let slug: String = heading
            .trim()
            .to_lowercase()
            .chars()
            .filter(|it| it.is_alphanumeric() || matches!(it, ' ' | '-' | '_'))
            .map(|it| if it == ' ' { '-' } else { it })
            .collect();
        let numbered = (1..).map(|number| format!("{slug}-{number}"));
        let free = std::iter::once(slug.clone()).chain(numbered).find(|it| !anchors.contains(it));
        anchors.extend(free);
    }
    anchors
}

/// The lines outside of code blocks, without the code in them.
fn prose(text: &str) -> impl Iterator<Item = (usize, String)> {
    outside_of_blocks(text).map(|(number, line)| {
        // Every second piece is code.
        let pieces = line.split('`').step_by(2);
        (number, pieces.collect::<Vec<_>>().join("`"))
    })
}

fn outside_of_blocks(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut is_code = false;
    text.lines().zip(1..).filter_map(move |(line, number)| {
        let is_fence = line.trim_start().starts_with("```");
        is_code ^= is_fence;
        (!is_code && !is_fence).then_some((number, line))
    })
}

fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for (line, number) in text.lines().zip(1..) {
        let fence = line.trim_start().strip_prefix("```");
        match (open.take(), fence) {
            (None, None) => {}
            (None, Some(info)) => {
                let info = info.trim().to_owned();
                open = Some(Block { line: number + 1, info, lines: Vec::new() });
            }
            (Some(block), Some(_)) => blocks.push(block),
            (Some(mut block), None) => {
                block.lines.push(line.to_owned());
                open = Some(block);
            }
        }
    }
    blocks.extend(open);
    blocks
}

/// Blocks of TypeScript are compiled, those of commands are parsed, and a block with a name is run
/// by the specification, which names it.
fn faults_of_blocks(blocks: &[Block], spec: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for Block { line, info, lines } in blocks {
        let mut fault = |text: String| faults.push(format!("README.md:{line}: {text}"));
        match info.as_str() {
            "ts" => {}
            "sh" => {
                for command in lines {
                    if let Err(error) = check_command(command) {
                        fault(format!("{command}: {error}"));
                    }
                }
            }
            _ if !spec.contains(&format!("\"{info}\"")) => {
                fault(format!("no test compiles or runs a block \"{info}\""));
            }
            _ if blocks.iter().filter(|block| block.info == *info).count() > 1 => {
                fault(format!("more than one block is named \"{info}\""));
            }
            _ => {}
        }
    }
    faults
}

fn check_command(command: &str) -> Result<(), String> {
    let arguments = command
        .strip_prefix("cargo xtask ")
        .ok_or("only commands of cargo xtask can be checked without running them")?;
    let parsed = cli::parse(arguments.split_whitespace().map(OsString::from));
    parsed.map(drop).map_err(|error| error.to_string())
}

fn program_of(blocks: &[Block]) -> String {
    let mut program = String::new();
    let mut written = 0;
    for block in blocks.iter().filter(|block| block.info == "ts") {
        program += &"\n".repeat(block.line - 1 - written);
        for line in &block.lines {
            program += line;
            program.push('\n');
        }
        written = block.line - 1 + block.lines.len();
    }
    program
}

#[cfg(test)]
mod tests {
    use super::*;

    fn documents() -> BTreeMap<PathBuf, String> {
        let text = "# One `two`, three\n```\n# no heading\n```\n## Same\n## Same\n#no heading\n";
        let here = concat!(env!("CARGO_MANIFEST_DIR"), "/src/main.rs");
        BTreeMap::from([(PathBuf::from(here), text.to_owned())])
    }

    fn fault(target: &str) -> Option<&'static str> {
        let documents = documents();
        let file = documents.keys().next().unwrap();
        fault_of_link(file, target, &documents)
    }

    #[test]
    fn links_that_lead_somewhere_are_accepted() {
        for target in [
            "https://shop.example/nowhere",
            "cli.rs",
            "../src/./test/mod.rs",
            "..",
            "#one-two-three",
            "#same",
            "main.rs#same-1",
        ] {
            assert_eq!(fault(target), None, "{target}");
        }
    }

    #[test]
    fn links_that_lead_nowhere_are_found() {
        for (target, expected) in [
            ("nowhere.md", "no such file"),
            ("../main.rs", "no such file"),
            ("#no-heading", "no such heading"),
            ("#same-2", "no such heading"),
            ("main.rs#Same", "no such heading"),
            ("cli.rs#same", "no anchors"),
        ] {
            assert!(fault(target).is_some_and(|fault| fault.contains(expected)), "{target}");
        }
    }

    #[test]
    fn links_are_found_in_prose_only() {
        let text = "[a](b.md) ![`c]`](d.png \"e\") `[f](g)` [h](#i)\n```\n[j](k)\n```\n[l]: m.md\n";
        let found: Vec<_> = links(text);
        let expected = [(1, "b.md"), (1, "d.png"), (1, "#i"), (5, "m.md")];
        assert_eq!(found, expected.map(|(line, target)| (line, target.to_owned())));
    }

    #[test]
    fn paths_of_the_checkout_are_found() {
        let text =
            "`src/lib.rs` src/a `dist/b` `js/{a,b}` `tests/`\n```\n`src/c`\n```\n`a/src/d` `src`";
        assert_eq!(paths(text), [(1, "src/lib.rs"), (1, "tests/")]);
    }

    #[test]
    fn a_block_that_no_test_runs_is_found() {
        let text = "```ts\nlet a;\n```\n```sh\ncargo xtask demo\ncargo xtask fly\nrm x\n```\n\
                    ```js server\n```\n```js page\n```\n```js page\n```\n```\n```\n";
        let faults = faults_of_blocks(&blocks(text), "block(\"js page\")");
        let expected = [
            "README.md:5: cargo xtask fly: there is no command `fly`",
            "README.md:5: rm x: only commands of cargo xtask",
            "README.md:10: no test compiles or runs a block \"js server\"",
            "README.md:12: more than one block is named \"js page\"",
            "README.md:14: more than one block is named \"js page\"",
            "README.md:16: no test compiles or runs a block \"\"",
        ];
        assert_eq!(faults.len(), expected.len(), "{faults:?}");
        for (fault, expected) in faults.iter().zip(expected) {
            assert!(fault.starts_with(expected), "{fault}");
        }
    }

    #[test]
    fn the_program_keeps_the_numbers_of_lines() {
        let text = "one\n```ts\ntwo\n```\n\n```sh\nno\n```\n```ts\nthree\nfour\n```\n";
        assert_eq!(program_of(&blocks(text)), "\n\ntwo\n\n\n\n\n\n\nthree\nfour\n");
    }
}
