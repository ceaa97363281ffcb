//! The program: reads the command line, opens the listeners and serves.
#![forbid(unsafe_code)]

use std::io::{ErrorKind, Write};
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use kassa_sandbox::app::{App, Config, StartError};
use kassa_sandbox::args::Args;
use kassa_sandbox::clock::Clock;
use kassa_sandbox::domain::web_url::Origin;
use kassa_sandbox::keys::KeyError;
use kassa_sandbox::serve::{self, Limits};
use thiserror::Error;
use tokio::net::TcpListener;

/// How long calls that hang by a fault may delay the end of the program.
const SHUTDOWN_LIMIT: Duration = Duration::from_millis(200);

/// How many files the program wants to have open: more than the connections that it serves at most.
const WANTED_FILES: u64 = 8192;

/// Why the program cannot run.
#[derive(Debug, Error)]
enum RunError {
    #[error("the system gives no threads: {0}")]
    Runtime(#[source] std::io::Error),
    #[error(
        "port {0} is in use: stop the program that uses it (another sandbox?), or choose another one \
         with --port, whose next one is free too"
    )]
    PortInUse(u16),
    #[error("port {0} is reserved by the system: choose one above 1023 with --port")]
    PortReserved(u16),
    #[error("port {port} on {host} cannot be opened: {error}")]
    Port { port: u16, host: &'static str, error: std::io::Error },
    #[error(transparent)]
    Start(#[from] StartError),
    #[error("a key cannot be printed: {0}")]
    Key(#[from] KeyError),
}

fn main() -> ExitCode {
    let args = Args::parse();
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_max_level(args.log)
        .with_target(false)
        .with_ansi(false)
        .init();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let outcome = runtime.map_err(RunError::Runtime).and_then(|runtime| {
        let outcome = runtime.block_on(run(args));
        runtime.shutdown_timeout(SHUTDOWN_LIMIT);
        outcome
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{}", error.to_string().replace('\n', " "));
            ExitCode::from(2)
        }
    }
}

async fn run(args: Args) -> Result<(), RunError> {
    let ports = args.ports();
    // Ports first: a second start must not touch the data of the first.
    let mut shop = Vec::new();
    if let Some(port) = ports.shop {
        shop.push(listen("127.0.0.1", port).await?);
        // `localhost` is the IPv6 loopback first on many systems. Where there is no IPv6, no client
        // tries it.
        if let Ok(listener) = TcpListener::bind(("::1", port)).await {
            shop.push(listener);
        }
    }
    let gateway = vec![listen("127.0.0.1", ports.gateway).await?];
    let config = Config {
        shop_origin: ports.shop.map(Origin::localhost),
        gateway_origin: Origin::loopback(ports.gateway),
        data: args.data,
        web: args.web,
        templates: args.templates,
        dist: args.dist,
        origins: args.origins,
        notify_hosts: args.notify_hosts.into(),
        test_clock: args.test_clock,
    };
    let shop_address = config.shop_origin.as_ref().map(|shop| format!("shop={shop} "));
    let ready =
        format!("ready {}gateway={}", shop_address.unwrap_or_default(), config.gateway_origin);
    // Where the system does not give a number, the usual one of many systems is assumed.
    let limits = Limits::for_files(rlimit::increase_nofile_limit(WANTED_FILES).unwrap_or(1024));
    let app = App::open(config, Clock::default())?;
    let environment = app.merchant_environment()?;
    // A closed terminal is no reason not to serve.
    let _ = writeln!(std::io::stdout(), "{environment}{ready}");
    tokio::select! {
        () = serve::run(app, shop, gateway, limits) => {}
        () = stop_signal() => {}
    }
    Ok(())
}

async fn listen(host: &'static str, port: u16) -> Result<TcpListener, RunError> {
    TcpListener::bind((host, port)).await.map_err(|error| {
        if error.kind() == ErrorKind::AddrInUse {
            RunError::PortInUse(port)
        } else if error.kind() == ErrorKind::PermissionDenied {
            RunError::PortReserved(port)
        } else {
            RunError::Port { port, host, error }
        }
    })
}

async fn stop_signal() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut term) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = term.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
