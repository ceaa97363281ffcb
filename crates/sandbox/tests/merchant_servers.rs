//! The servers of `docs/sandbox.md`, as they stand there, against the sandbox: each creates a session,
//! with nothing but the lines that the sandbox printed. A language that is not installed is skipped.
// A test reports a wrong assumption by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};

use kassa_protocol::client::Operation::Query;
use libtest_mimic::{Arguments, Trial};
use serde_json::json;
use support::program::{Started, command, ports};
use support::{agent, json_of, prepare, raw, until};

/// A server of the document.
struct Server {
    /// Name of its file, which follows the language in the block's first line.
    file: &'static str,
    /// The program that runs the file.
    interpreter: &'static str,
    /// Calls that succeed where everything is installed that the server needs.
    needs: &'static [&'static [&'static str]],
}

const SERVERS: [Server; 3] = [
    Server { file: "server.mjs", interpreter: "node", needs: &[&["node", "--version"]] },
    Server {
        file: "server.py",
        interpreter: "python3",
        needs: &[&["python3", "--version"], &["openssl", "version"]],
    },
    Server {
        file: "Server.java",
        interpreter: "java",
        // A runtime environment without the compiler cannot run a source file.
        needs: &[&["java", "--describe-module", "jdk.compiler"]],
    },
];

fn main() -> ExitCode {
    let trials = SERVERS.iter().map(|server| {
        let missing = server.needs.iter().find(|call| !succeeds(call));
        let reason = missing.map(|call| format!("skipped, {} is not installed", call[0]));
        Trial::test(format!("{}_creates_a_session", server.file), || {
            creates_a_session(server);
            Ok(())
        })
        .with_ignored_flag(missing.is_some())
        .with_kind(reason.unwrap_or_default())
    });
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit_code()
}

fn succeeds(call: &[&str]) -> bool {
    let mut command = Command::new(call[0]);
    command.args(&call[1..]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// The code block with this file's name.
fn block(file: &str) -> String {
    let document = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/sandbox.md");
    let document = std::fs::read_to_string(document).unwrap();
    let mut lines = document.lines();
    lines.find(|line| line.starts_with("```") && line.ends_with(&format!(" {file}"))).expect(file);
    lines.take_while(|line| *line != "```").map(|line| format!("{line}\n")).collect()
}

/// Ends the server with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

fn creates_a_session(server: &Server) {
    let folder = tempfile::tempdir().unwrap();
    prepare(folder.path());
    let gateway_port = ports();
    let gateway = format!("http://127.0.0.1:{gateway_port}");
    let mut sandbox = command(folder.path(), gateway_port);
    sandbox.arg("--no-shop");
    let sandbox = Started::start(sandbox);
    std::fs::write(folder.path().join(server.file), block(server.file)).unwrap();
    let port = ports();
    let mut interpreter = Command::new(server.interpreter);
    interpreter
        .arg(server.file)
        .current_dir(folder.path())
        .env("PORT", port.to_string())
        .envs(sandbox.environment())
        .stdin(Stdio::null());
    let mut running = Running(interpreter.spawn().unwrap());
    until(&format!("{} to listen", server.file), || {
        assert_eq!(running.0.try_wait().unwrap(), None, "{} ended", server.file);
        std::net::TcpStream::connect(("localhost", port)).is_ok()
    });
    for _ in 0..2 {
        let mut answer = agent().post(format!("http://localhost:{port}/")).send("").unwrap();
        assert_eq!(answer.headers()["access-control-allow-origin"], "*");
        let answer = json_of(&mut answer);
        assert_eq!(answer["result"]["resultCode"], "SUCCESS", "{answer}");
        let query = json!({ "paymentSessionData": answer["paymentSessionData"] });
        let session = json_of(&mut raw(&agent(), &gateway, Query, &query).unwrap());
        assert_eq!(session["success"], true, "{session}");
    }
}
