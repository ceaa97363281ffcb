//! The state that every handler shares.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use minijinja::Environment as Templates;
use thiserror::Error;

use crate::clock::{Clock, Millis};
use crate::domain::merchant::Merchant;
use crate::domain::method::{self, TableError};
use crate::domain::notify_hosts::NotifyHosts;
use crate::domain::web_url::Origin;
use crate::ids;
use crate::keys::{KeyError, PrivateKey, PublicKey};
use crate::store::{Rows, Store, StoreError};

/// Client id of the sandbox's own merchant in the sandbox environment. The demo shop uses it, and so
/// does a developer's own server.
pub const DEMO_CLIENT: &str = "SANDBOX_KASSA_DEMO";
/// Client id of the same merchant in the production environment, in which no real money moves either.
pub const DEMO_PROD_CLIENT: &str = "KASSA_DEMO";

/// Addresses and folders.
#[derive(Debug, Clone)]
pub struct Config {
    /// Origin of the demo shop; none when only the gateway is served.
    pub shop_origin: Option<Origin>,
    /// Origin of the gateway.
    pub gateway_origin: Origin,
    /// Folder of the database and the keys.
    pub data: PathBuf,
    /// Folder of the built pages: `frame/` and `shop/`.
    pub web: PathBuf,
    /// Folder of the page templates: `shop/`, `bank/` and `sim/`.
    pub templates: PathBuf,
    /// Folder of the built package, for assets that `web` does not have.
    pub dist: Option<PathBuf>,
    /// Origins of merchants' pages besides that of the demo shop.
    pub origins: Vec<Origin>,
    /// Hosts that notifications may be sent to besides this machine.
    pub notify_hosts: NotifyHosts,
    /// Whether the shop's test tools may move the clock.
    pub test_clock: bool,
}

/// The reason why the program cannot start. Every message contains the remedy.
#[derive(Debug, Error)]
pub enum StartError {
    /// No folder of built pages.
    #[error(
        "there is no folder {}: build the pages first (cargo xtask build), or name their folder \
         with --web",
        .0.display()
    )]
    NoPages(PathBuf),
    /// No page templates.
    #[error(
        "there are no page templates in {}: run from the project's folder, or name the folder www \
         with --templates",
        .0.display()
    )]
    NoTemplates(PathBuf),
    /// The table of methods that was compiled in is wrong.
    #[error("{0}")]
    Methods(&'static TableError),
    /// The data folder cannot be used.
    #[error(
        "the data folder {} cannot be used ({error}): make it writable, or name another one with \
         --data",
        .folder.display()
    )]
    Data {
        /// The folder.
        folder: PathBuf,
        /// The reason.
        error: DataError,
    },
}

/// Why the data folder cannot be used.
#[derive(Debug, Error)]
pub enum DataError {
    /// A folder cannot be made.
    #[error(transparent)]
    Folder(#[from] std::io::Error),
    /// The database cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A key cannot be read or made.
    #[error(transparent)]
    Key(#[from] KeyError),
}

/// The state of the program.
pub struct App {
    /// Addresses and folders.
    pub config: Config,
    /// The data file.
    pub store: Store,
    /// The clock.
    pub clock: Clock,
    /// Signs the gateway's answers and notifications.
    pub gateway_key: PrivateKey,
    /// Signs the requests of the sandbox's own merchant.
    pub merchant_key: PrivateKey,
    /// Keys the fingerprints of cards.
    pub fingerprint_secret: Vec<u8>,
    /// The page templates.
    pub templates: Templates<'static>,
}

impl App {
    /// Opens the data folder and everything in it.
    ///
    /// # Errors
    /// [`StartError`], whose message contains the remedy.
    pub fn open(config: Config, clock: Clock) -> Result<Arc<Self>, StartError> {
        if !config.web.is_dir() {
            return Err(StartError::NoPages(config.web));
        }
        if !config.templates.join("shop").is_dir() {
            return Err(StartError::NoTemplates(config.templates));
        }
        method::all().map(drop).map_err(StartError::Methods)?;
        let data = Data::open(&config)
            .map_err(|error| StartError::Data { folder: config.data.clone(), error })?;
        let mut templates = Templates::new();
        templates.set_loader(minijinja::path_loader(&config.templates));
        Ok(Arc::new(Self {
            config,
            store: data.store,
            clock,
            gateway_key: data.gateway_key,
            merchant_key: data.merchant_key,
            fingerprint_secret: data.fingerprint_secret,
            templates,
        }))
    }

    /// What a developer's own server needs for calls as the sandbox's own merchant, as lines for the
    /// shell that starts it. Keys are in the base64 that the public documentation requires.
    ///
    /// # Errors
    /// When the library cannot encode a key.
    pub fn merchant_environment(&self) -> Result<String, KeyError> {
        let key_file = self.config.data.join("keys").join(PrivateKey::file_name(DEMO_CLIENT));
        // The server may be started in another folder.
        let key_file = fs::canonicalize(&key_file).unwrap_or(key_file);
        Ok(format!(
            "export KASSA_GATEWAY={}\nexport KASSA_CLIENT_ID={DEMO_CLIENT}\n\
             export KASSA_PRIVATE_KEY={}\nexport KASSA_PRIVATE_KEY_FILE='{}'\n\
             export KASSA_GATEWAY_PUBLIC_KEY={}\n",
            self.config.gateway_origin,
            self.merchant_key.to_base64()?,
            key_file.display().to_string().replace('\'', r"'\''"),
            self.gateway_key.public()?.to_base64(),
        ))
    }

    /// Registers another merchant. Blocks.
    ///
    /// # Errors
    /// Those of the data file.
    pub fn register(&self, client_id: &str, merchant: &Merchant) -> Result<(), StoreError> {
        self.store.run(|rows| rows.put_merchant(client_id, merchant))
    }

    /// A merchant and its key. Blocks.
    ///
    /// # Errors
    /// Those of the data file.
    pub fn merchant(&self, client_id: &str) -> Result<Option<(Merchant, PublicKey)>, StoreError> {
        let found = self.store.run(|rows| rows.merchant(client_id))?;
        Ok(found.and_then(|merchant| {
            let key = PublicKey::from_pem(&merchant.public_key).ok()?;
            Some((merchant, key))
        }))
    }

    /// Runs a transaction at the current time, on a thread that may block.
    ///
    /// # Errors
    /// Those of `work` and of the data file.
    pub(crate) async fn transaction<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Rows<'_>, Millis) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let app = self.clone();
        let work = move || {
            let now = app.clock.now();
            app.store.run(|rows| work(rows, now))
        };
        let outcome = tokio::task::spawn_blocking(work).await;
        outcome.unwrap_or(Err(StoreError::Interrupted)).inspect_err(log_store_error)
    }
}

/// Every failure of the data file is logged where it reaches a handler.
pub(crate) fn log_store_error(error: &StoreError) {
    tracing::error!(%error, "the data file could not be used");
}

/// The contents of the data folder.
struct Data {
    store: Store,
    gateway_key: PrivateKey,
    merchant_key: PrivateKey,
    fingerprint_secret: Vec<u8>,
}

impl Data {
    fn open(config: &Config) -> Result<Self, DataError> {
        let keys = config.data.join("keys");
        fs::create_dir_all(&keys)?;
        let store = Store::open(&config.data.join("kassa-sandbox.db"))?;
        let gateway_key = PrivateKey::open(&keys, "gateway")?;
        let merchant_key = PrivateKey::open(&keys, DEMO_CLIENT)?;
        let name =
            if config.shop_origin.is_some() { "Kassa Demo Shop" } else { "Sandbox Merchant" };
        let demo = Merchant {
            name: name.to_owned(),
            public_key: merchant_key.public()?.to_pem(),
            origins: config.shop_origin.iter().chain(&config.origins).cloned().collect(),
        };
        let fingerprint_secret = store.run(|rows| {
            rows.put_merchant(DEMO_CLIENT, &demo)?;
            rows.put_merchant(DEMO_PROD_CLIENT, &demo)?;
            rows.secret("fingerprint", || Ok(ids::secret::<32>()?.to_vec()))
        })?;
        Ok(Self { store, gateway_key, merchant_key, fingerprint_secret })
    }
}
