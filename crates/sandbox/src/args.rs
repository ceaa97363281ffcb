//! The command line.

use std::path::PathBuf;

use clap::Parser;
use tracing::level_filters::LevelFilter;

use crate::domain::notify_hosts::NotifyHost;
use crate::domain::web_url::Origin;

const DEFAULT_SHOP_PORT: u16 = 4310;

/// A payment gateway and a demo shop for your own machine. No real money, no real cards.
#[derive(Debug, Parser)]
#[command(name = "kassa-sandbox", version)]
pub struct Args {
    /// Port of the shop on localhost, 4310 by default; the gateway takes the next one on 127.0.0.1. With
    /// --no-shop the port of the gateway, 4311 by default.
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=65534))]
    pub port: Option<u16>,
    /// Serve the gateway only, without the demo shop.
    #[arg(long)]
    pub no_shop: bool,
    /// Folder of the database and the keys; created when it is missing.
    #[arg(long)]
    pub data: PathBuf,
    /// Folder of the built pages, with `frame` and `shop` in it.
    #[arg(long)]
    pub web: PathBuf,
    /// Folder of the page templates.
    #[arg(long, default_value = "www")]
    pub templates: PathBuf,
    /// Folder of the built package, for assets that the folder of pages does not have.
    #[arg(long)]
    pub dist: Option<PathBuf>,
    /// Origin of a page that may show the card form, such as https://shop.example, besides those of the
    /// demo shop and of this machine (localhost and 127.0.0.1 at any port). May be repeated.
    #[arg(long = "origin", value_name = "ORIGIN")]
    pub origins: Vec<Origin>,
    /// Host that notifications may be sent to, such as shop.example, besides this machine. May be
    /// repeated. Names must resolve to public addresses; an address of an inner network is another host.
    #[arg(long = "allow-notify-host", value_name = "HOST")]
    pub notify_hosts: Vec<NotifyHost>,
    /// Let tests move the clock, by POST /api/clock on the shop.
    #[arg(long)]
    pub test_clock: bool,
    /// Level of the log on stderr: off, error, warn, info, debug or trace.
    #[arg(long, default_value = "info")]
    pub log: LevelFilter,
}

/// The ports that are served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ports {
    /// Of the demo shop, when it is served.
    pub shop: Option<u16>,
    /// Of the gateway.
    pub gateway: u16,
}

impl Args {
    /// The ports. By default the gateway has the same one with and without the shop.
    #[must_use]
    pub fn ports(&self) -> Ports {
        if self.no_shop {
            return Ports { shop: None, gateway: self.port.unwrap_or(DEFAULT_SHOP_PORT + 1) };
        }
        let shop = self.port.unwrap_or(DEFAULT_SHOP_PORT);
        Ports { shop: Some(shop), gateway: shop.saturating_add(1) }
    }
}
