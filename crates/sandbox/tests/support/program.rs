//! The program itself, in a process of its own.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use kassa_sandbox::app::DEMO_CLIENT;
use kassa_sandbox::keys::PrivateKey;
use kassa_sandbox::signature::Envelope;
use serde_json::Value;
use ureq::Agent;

use super::{now, vector};

/// Two free ports next to each other. Another process may take them before the program does; the
/// window is a few milliseconds.
pub(crate) fn ports() -> u16 {
    loop {
        let first = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = first.local_addr().unwrap().port();
        if port < 65_000 && TcpListener::bind(("127.0.0.1", port + 1)).is_ok() {
            return port;
        }
    }
}

/// The program with the folders that `prepare` made.
pub(crate) fn command(folder: &Path, port: u16) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kassa-sandbox"));
    command
        .args(["--port", &port.to_string()])
        .arg("--data")
        .arg(folder.join("data"))
        .arg("--web")
        .arg(folder.join("web"))
        .arg("--templates")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../www"))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// A signed call as the sandbox's own merchant; an error when the program does not answer.
pub(crate) fn signed(
    agent: &Agent,
    gateway: &str,
    operation: &str,
    body: &Value,
) -> Result<Value, ureq::Error> {
    let path = format!("/ams/api/v1/payments/{operation}");
    let (body, time) = (body.to_string(), now());
    let key = PrivateKey::from_pem(&vector("privateKeyPem")).unwrap();
    let envelope = Envelope { method: "POST", path: &path, client_id: DEMO_CLIENT, time: &time };
    let mut answer = agent
        .post(format!("{gateway}{path}"))
        .header("client-id", DEMO_CLIENT)
        .header("request-time", &time)
        .header("signature", envelope.sign(body.as_bytes(), &key).unwrap())
        .send(body)?;
    let text = answer.body_mut().read_to_string()?;
    Ok(serde_json::from_str(&text).unwrap())
}

/// The running program, which is killed with this value.
pub(crate) struct Started {
    child: Option<Child>,
    /// The lines that it printed until it was ready.
    pub(crate) lines: Vec<String>,
}

impl Started {
    /// Starts the program and waits until it is ready.
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command.spawn().unwrap();
        let mut lines = Vec::new();
        for line in BufReader::new(child.stdout.as_mut().unwrap()).lines() {
            lines.push(line.unwrap());
            if lines.last().unwrap().starts_with("ready ") {
                break;
            }
        }
        Self { child: Some(child), lines }
    }

    /// The variables of the printed lines, by name.
    pub(crate) fn environment(&self) -> Vec<(String, String)> {
        let lines = self.lines.iter().filter_map(|line| line.strip_prefix("export "));
        let pairs = lines.map(|line| line.split_once('=').unwrap());
        pairs.map(|(name, value)| (name.to_owned(), value.trim_matches('\'').to_owned())).collect()
    }

    /// The process, which the caller ends.
    pub(crate) fn into_child(mut self) -> Child {
        self.child.take().unwrap()
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            // It may have ended by itself.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
