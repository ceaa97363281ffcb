//! What every handler needs.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use minijinja::Environment as Templates;
use serde::{Deserialize, Serialize};

use crate::clock::Clock;
use crate::keys::{PrivateKey, PublicKey};
use crate::store::{Store, StoreError};
use crate::{domain::address, ids};

/// Client id of the demo shop in the sandbox world.
pub const DEMO_CLIENT: &str = "SANDBOX_KASSA_DEMO";
/// Client id of the demo shop in the production world, which is a game here too.
pub const DEMO_PROD_CLIENT: &str = "KASSA_DEMO";

/// Where things are.
#[derive(Debug, Clone)]
pub struct Config {
    /// `http://localhost:<port>`.
    pub shop_origin: String,
    /// `http://127.0.0.1:<port + 1>`.
    pub gateway_origin: String,
    /// Folder of the database and the keys.
    pub data: PathBuf,
    /// Folder of what xtask built: `frame/` and `shop/`.
    pub web: PathBuf,
    /// Folder of the page templates: `shop/`, `bank/` and `sim/`.
    pub templates: PathBuf,
    /// Folder of the package, looked at for assets that `web` does not have.
    pub dist: Option<PathBuf>,
    /// Whether the shop's test tools may move the clock.
    pub test_clock: bool,
}

/// Someone who may create sessions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merchant {
    /// Shown to buyers.
    pub name: String,
    /// PEM of the key that the merchant signs with.
    pub public_key: String,
    /// Origins of pages that may embed the card frame.
    pub origins: Vec<String>,
}

impl Merchant {
    /// The origins as they stand in `frame-ancestors`. A registered text that is more than an origin
    /// could add directives of its own, so it is left out.
    #[must_use]
    pub fn framing_origins(&self) -> Vec<String> {
        let is_origin = |text: &&String| address::origin_of_page(text) == Some(text.as_str());
        self.origins.iter().filter(is_origin).cloned().collect()
    }
}

/// Why the program cannot start. The words say what to do.
#[derive(Debug)]
pub struct StartError(pub String);

impl std::fmt::Display for StartError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.0)
    }
}

impl std::error::Error for StartError {}

/// The state of the program.
pub struct App {
    /// Where things are.
    pub config: Config,
    /// What survives.
    pub store: Store,
    /// What time it is.
    pub clock: Clock,
    /// Signs the gateway's answers.
    pub gateway_key: PrivateKey,
    /// Signs the demo shop's requests.
    pub merchant_key: PrivateKey,
    /// Keys the fingerprints of cards.
    pub fingerprint_secret: Vec<u8>,
    /// The pages.
    pub templates: Templates<'static>,
}

impl App {
    /// Opens the data folder and everything in it.
    ///
    /// # Errors
    /// With a line that says what to do.
    pub fn open(config: Config, clock: Clock) -> Result<Arc<Self>, StartError> {
        let data = config.data.display();
        if !config.web.is_dir() {
            return Err(StartError(format!(
                "there is no folder {}: build the pages first (cargo xtask build), or name their \
                 folder with --web",
                config.web.display()
            )));
        }
        if !config.templates.join("shop").is_dir() {
            return Err(StartError(format!(
                "there are no page templates in {}: run from the project's folder, or name the \
                 folder www with --templates",
                config.templates.display()
            )));
        }
        crate::domain::method::all().map(drop).map_err(StartError)?;
        let cannot = |error: &dyn std::fmt::Display| {
            StartError(format!(
                "the data folder {data} cannot be used ({error}): make it writable, or name \
                 another one with --data"
            ))
        };
        let keys = config.data.join("keys");
        fs::create_dir_all(&keys).map_err(|error| cannot(&error))?;
        let store =
            Store::open(&config.data.join("kassa-sandbox.db")).map_err(|error| cannot(&error))?;
        let gateway_key = PrivateKey::open(&keys, "gateway").map_err(|error| cannot(&error))?;
        let merchant_key = PrivateKey::open(&keys, DEMO_CLIENT).map_err(|error| cannot(&error))?;
        let demo = Merchant {
            name: "Kassa Demo Shop".to_owned(),
            public_key: merchant_key.public().map_err(|error| cannot(&error))?.to_pem(),
            origins: vec![config.shop_origin.clone()],
        };
        let fingerprint_secret = store
            .run(|rows| {
                rows.put_merchant(DEMO_CLIENT, &demo)?;
                rows.put_merchant(DEMO_PROD_CLIENT, &demo)?;
                rows.secret("fingerprint", || Ok(ids::secret::<32>()?.to_vec()))
            })
            .map_err(|error| cannot(&error))?;
        let mut templates = Templates::new();
        templates.set_loader(minijinja::path_loader(&config.templates));
        Ok(Arc::new(Self {
            config,
            store,
            clock,
            gateway_key,
            merchant_key,
            fingerprint_secret,
            templates,
        }))
    }

    /// Lets another merchant in.
    ///
    /// # Errors
    /// Those of the file.
    pub fn register(&self, client_id: &str, merchant: &Merchant) -> Result<(), StoreError> {
        self.store.run(|rows| rows.put_merchant(client_id, merchant))
    }

    /// A merchant and its key.
    ///
    /// # Errors
    /// Those of the file.
    pub fn merchant(&self, client_id: &str) -> Result<Option<(Merchant, PublicKey)>, StoreError> {
        let found: Option<Merchant> = self.store.run(|rows| rows.merchant(client_id))?;
        Ok(found.and_then(|merchant| {
            let key = PublicKey::from_pem(&merchant.public_key).ok()?;
            Some((merchant, key))
        }))
    }
}
