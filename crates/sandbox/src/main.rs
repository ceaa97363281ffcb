//! The program: command line in, two listeners out.
#![forbid(unsafe_code)]

use std::io::{ErrorKind, Write};
use std::process::ExitCode;

use clap::Parser;
use kassa_sandbox::app::{App, Config, StartError};
use kassa_sandbox::args::Args;
use kassa_sandbox::clock::Clock;
use kassa_sandbox::serve;
use tokio::net::TcpListener;

fn main() -> ExitCode {
    let args = Args::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return refuse(&format!("the system gives no threads: {error}")),
    };
    match runtime.block_on(run(args)) {
        Ok(()) => {
            // Calls that hang on order must not hold the program.
            runtime.shutdown_timeout(std::time::Duration::from_millis(200));
            ExitCode::SUCCESS
        }
        Err(error) => refuse(&error.to_string()),
    }
}

fn refuse(why: &str) -> ExitCode {
    eprintln!("kassa-sandbox: {}", why.replace('\n', " "));
    ExitCode::from(2)
}

async fn run(args: Args) -> Result<(), StartError> {
    let next = args.port.saturating_add(1);
    // Ports first: a second start must not touch the data of the first.
    let mut shop = vec![listen("127.0.0.1", args.port).await?];
    // `localhost` is the IPv6 loopback first on many systems. Where there is no IPv6, there is no
    // one to reach it by.
    if let Ok(listener) = TcpListener::bind(("::1", args.port)).await {
        shop.push(listener);
    }
    let gateway = vec![listen("127.0.0.1", next).await?];
    let config = Config {
        shop_origin: format!("http://localhost:{}", args.port),
        gateway_origin: format!("http://127.0.0.1:{next}"),
        data: args.data,
        web: args.web,
        templates: args.templates,
        dist: args.dist,
        test_clock: args.test_clock,
    };
    let ready = format!("ready shop={} gateway={}", config.shop_origin, config.gateway_origin);
    let app = App::open(config, Clock::default())?;
    // Nobody may be listening to the terminal any more; that is no reason not to serve.
    let _ = writeln!(std::io::stdout(), "{ready}");
    tokio::select! {
        () = serve::run(app, shop, gateway) => {}
        () = told_to_stop() => {}
    }
    Ok(())
}

async fn listen(host: &str, port: u16) -> Result<TcpListener, StartError> {
    TcpListener::bind((host, port)).await.map_err(|error| {
        let (what, advice) = if error.kind() == ErrorKind::AddrInUse {
            ("is in use", "stop what uses it (another sandbox?), or choose two free neighbours")
        } else if error.kind() == ErrorKind::PermissionDenied {
            ("is reserved by the system", "choose one above 1023")
        } else {
            return StartError(format!("port {port} on {host} cannot be opened: {error}"));
        };
        StartError(format!("port {port} {what}: {advice} with --port"))
    })
}

async fn told_to_stop() {
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
