//! `huiyin serve`: the product over HTTP.

use crate::command::migrate::open_current;
use crate::demo;
use crate::logs::{self, LogArgs};
use crate::outcome::Usage;
use crate::place::Settled;
use crate::serve::index::Indexing;
use crate::serve::settings::{SettingArgs, Settings, Transport};
use crate::serve::strongbox::KeyFile;
use crate::serve::telephone::{Start, Telephone};
use crate::serve::ways_out::Ways;
use crate::serve::{authority, figures, files, index, listen};
use crate::vault::backup::Noted;
use crate::vault::mark;
use anyhow::Context as _;
use axum_server::tls_rustls::RustlsConfig;
use clap::Args;
use huiyin_api::{Edge, Outside, router_with};
use huiyin_app::attachment::Files;
use huiyin_app::work::{self, Runner};
use huiyin_app::{App, Clock as _, SystemClock, SystemIds, session};
use huiyin_search::Index;
use huiyin_store::Store;
use huiyin_telephony::TlsIdentity;
use std::io::Write as _;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;

/// How to serve.
#[derive(Debug, Args)]
pub struct Serve {
    #[command(flatten)]
    pub settings: SettingArgs,
    /// Make a fictional company with its history on an empty folder or database
    #[arg(long)]
    demo: bool,
    /// Telephones of the demo's agents
    #[arg(long, value_name = "N", requires = "demo", default_value_t = demo::phones::USUAL,
        value_parser = clap::value_parser!(u32).range(1..=1000))]
    demo_extensions: u32,
}

/// Serves until told to end.
///
/// # Errors
/// When the settings are wrong, the folder is in use, or the database or the
/// address cannot be had.
pub fn run(args: Serve, logs: &LogArgs) -> anyhow::Result<()> {
    logs::start(logs).map_err(Usage)?;
    files::allow_many();
    let settings = args.settings.clone().settle()?;
    let settled = settings.place.settle()?;
    settings.safety.schedule(&settled)?;
    let claim = settled.claim()?;
    let listener = TcpListener::bind(settings.listen)
        .with_context(|| format!("cannot listen on {}", settings.listen))?;
    listener.set_nonblocking(true)?;
    let bound = listener.local_addr()?;
    let address = address(&settings, bound);
    if let Some(claim) = &claim {
        claim.announce(Some(&address))?;
    }
    let tls = Tls::of(&settings, &settled, bound)?;
    let figures = figures::collect()?;
    let store = open_current(&settled)?;
    mark::require(&settled, &store)?;
    let ways = Ways::new(settings.mail.as_ref(), &address)?;
    let seat = index::Seat::take(&settled)?;
    let found = Arc::new(Index::at(&seat.folder));
    let app = at_home(app(&store)?, &settled)?.with_index(found.clone()).with_ways(Arc::new(ways));
    let logins = if args.demo { Some(show_demo(&app, &settled, &address)?) } else { None };
    let mut outside = outside(&settings, &tls);
    outside.demo = demo::is_demo(&app)?;
    begin_rhythms(&app)?;
    let runtime = tokio::runtime::Runtime::new()?;
    let telephone = runtime.block_on(Telephone::start(&app, starting(&args, &settings, &settled, &tls)?))?;
    if let (Some(logins), Some(listen)) = (logins, telephone.listen()) {
        connect_demo(&app, &settled, logins, (&args, listen, &address))?;
    }
    let app = telephone.wired(app);
    let edge = Edge::new(app, outside).with_metrics(figures);
    let mut orders = runtime.block_on(async { listen::Orders::new() })?;
    say_where(&settings, &edge.outside, &address, bound)?;
    offer_setup(&edge.app, &address)?;
    let keeping = settings.safety.start(&edge.app, &settled)?;
    let indexing = Indexing::start(&edge.app, found, seat)?;
    let relay = edge.app.relay()?;
    let served = runtime.block_on(async {
        let config = tls.config().await?;
        let (handlers, ticks) = work::everything(&edge.app);
        let runner = Runner::new(edge.app.clone(), handlers, ticks).start();
        edge.set_ready(true);
        let router = telephone.routed(router_with(edge.clone(), huiyin_web::page));
        let served = listen::serve(listener, config, router, (&edge, &mut orders)).await;
        telephone.stop().await;
        runner.stop().await;
        served
    });
    runtime.shutdown_timeout(std::time::Duration::from_secs(5));
    keeping.end();
    indexing.end();
    drop(relay);
    store.close();
    tracing::info!("ended");
    served
}

/// Gives the use cases what lies beside the data: files, keys, copies.
fn at_home(app: App, settled: &Settled) -> anyhow::Result<App> {
    Ok(app
        .with_files(Files::at(settled.files.clone()))
        .with_strongbox(Arc::new(KeyFile::at(settled.home())?))
        .with_copies(Arc::new(Noted(settled.home().to_owned()))))
}

/// What the call centre needs to start.
fn starting<'a>(
    args: &Serve,
    settings: &'a Settings,
    settled: &'a Settled,
    tls: &Tls,
) -> anyhow::Result<Start<'a>> {
    let demo = if args.demo { Some(demo::phones::numbers()?) } else { None };
    Ok(Start { phone: &settings.phone, settled, tls: tls.identity()?, demo })
}

/// Gives the demo its telephones, and tells them in the file of the logins.
fn connect_demo(
    app: &App,
    settled: &Settled,
    mut logins: demo::Logins,
    (args, listen, address): (&Serve, SocketAddr, &str),
) -> anyhow::Result<()> {
    let at = (listen.to_string(), format!("{}/sip", address.replacen("http", "ws", 1)));
    demo::phones::connect(app, &mut logins, args.demo_extensions, at)?;
    demo::keep_logins(settled.folder.as_deref().unwrap_or(&settled.files), &logins)
}

/// Wires the use cases to this machine.
pub fn app(store: &Store) -> anyhow::Result<App> {
    Ok(App::new(store.clone(), Arc::new(SystemClock), Arc::new(SystemIds))?)
}

/// Makes or finds the demo and tells its logins, before anything is answered.
fn show_demo(app: &App, settled: &Settled, address: &str) -> anyhow::Result<demo::Logins> {
    let folder = settled.folder.as_deref().unwrap_or(&settled.files);
    let logins = demo::prepare(app, folder)?;
    logins.tell(address, &demo::logins_file(folder), &mut std::io::stdout().lock())?;
    Ok(logins)
}

/// Lets every organisation take stock that never said when (PROP-16).
fn begin_rhythms(app: &App) -> anyhow::Result<()> {
    let inside = app.clone();
    let begun = app.store.write_blocking(move |tx| huiyin_app::paper::begin_rhythms(tx, &inside))?;
    if begun > 0 {
        tracing::info!(organisations = begun, "daily stock-take set up");
    }
    Ok(())
}

/// The address that people type.
pub fn address(settings: &Settings, bound: SocketAddr) -> String {
    let scheme = if settings.transport == Transport::Plain { "http" } else { "https" };
    settings.public_url.clone().unwrap_or_else(|| format!("{scheme}://{bound}"))
}

fn outside(settings: &Settings, tls: &Tls) -> Outside {
    Outside {
        public_url: settings.public_url.clone(),
        tls: settings.transport != Transport::Plain,
        trusted_proxies: settings.trusted_proxies.clone(),
        authority: tls.authority(),
        demo: false,
    }
}

/// What browsers will refuse with these settings, and how to mend it.
pub fn warnings(settings: &Settings, bound: SocketAddr) -> Vec<String> {
    let by_proxy = settings.public_url.as_deref().is_some_and(|url| url.starts_with("https://"));
    if settings.transport != Transport::Plain || bound.ip().is_loopback() || by_proxy {
        return Vec::new();
    }
    vec![
        "plain HTTP on a network: passwords can be read on the way, and browsers refuse the \
         microphone and mark the page as not secure"
            .to_owned(),
        "to mend it: --tls-self-signed, or --tls-cert with --tls-key, or a proxy with TLS and \
         --public-url https://…"
            .to_owned(),
    ]
}

fn say_where(settings: &Settings, outside: &Outside, address: &str, bound: SocketAddr) -> anyhow::Result<()> {
    let mut notes = std::io::stderr().lock();
    for warning in warnings(settings, bound) {
        writeln!(notes, "warning: {warning}")?;
    }
    if let Some(authority) = &outside.authority {
        writeln!(notes, "install the authority on each machine: {address}/ca.pem")?;
        writeln!(notes, "its fingerprint (SHA-256): {}", authority::fingerprint(authority)?)?;
    }
    tracing::info!(%bound, "listening");
    writeln!(std::io::stdout().lock(), "huiyin is at {address}")?;
    Ok(())
}

/// Prints the one-time link of the first start, while nobody administers.
fn offer_setup(app: &App, address: &str) -> anyhow::Result<()> {
    let inside = app.clone();
    let link = app.store.write_blocking(move |tx| session::first_start_link(&inside, tx))?;
    if let Some(link) = link {
        let mut out = std::io::stdout().lock();
        writeln!(out, "make the first administrator here, once, within a day: {address}/setup/{link}")?;
    }
    Ok(())
}

/// Certificates for the listener, where there are any.
pub enum Tls {
    /// Plain HTTP.
    Plain,
    /// Brought from elsewhere.
    Files {
        /// The chain, PEM.
        cert: PathBuf,
        /// The private key, PEM.
        key: PathBuf,
    },
    /// Made by our own authority.
    Own(authority::Certificates),
}

impl Tls {
    /// Finds or makes the certificates that the settings name.
    ///
    /// # Errors
    /// When our own authority cannot be read or made.
    pub fn of(settings: &Settings, settled: &Settled, bound: SocketAddr) -> anyhow::Result<Self> {
        if settings.transport != Transport::Plain {
            // a second installation finds the same provider there already
            let _ = rustls::crypto::ring::default_provider().install_default();
        }
        match &settings.transport {
            Transport::Plain => Ok(Self::Plain),
            Transport::Given { cert, key } => Ok(Self::Files { cert: cert.clone(), key: key.clone() }),
            Transport::SelfSigned => {
                let folder = settled.keys();
                let names = authority::names(bound, settings.public_url.as_deref());
                authority::certificates(&folder, names, SystemClock.now()).map(Self::Own)
            }
        }
    }

    /// Reads the certificate for SIP, the same as that of the pages.
    ///
    /// # Errors
    /// When a file cannot be read.
    fn identity(&self) -> anyhow::Result<Option<TlsIdentity>> {
        let read =
            |path: &PathBuf| std::fs::read(path).with_context(|| format!("cannot read {}", path.display()));
        Ok(match self {
            Self::Plain => None,
            Self::Files { cert, key } => Some(TlsIdentity { chain: read(cert)?, key: read(key)? }),
            Self::Own(own) => {
                Some(TlsIdentity { chain: own.chain.clone().into_bytes(), key: own.key.clone().into_bytes() })
            }
        })
    }

    fn authority(&self) -> Option<Arc<str>> {
        match self {
            Self::Own(own) => Some(own.authority.as_str().into()),
            Self::Plain | Self::Files { .. } => None,
        }
    }

    /// Reads the certificates.
    ///
    /// # Errors
    /// When they cannot be read or do not fit together.
    pub async fn config(self) -> anyhow::Result<Option<RustlsConfig>> {
        match self {
            Self::Plain => Ok(None),
            Self::Files { cert, key } => RustlsConfig::from_pem_file(&cert, &key)
                .await
                .map(Some)
                .with_context(|| format!("cannot use {} with {}", cert.display(), key.display())),
            Self::Own(own) => {
                Ok(Some(RustlsConfig::from_pem(own.chain.into_bytes(), own.key.into_bytes()).await?))
            }
        }
    }
}
