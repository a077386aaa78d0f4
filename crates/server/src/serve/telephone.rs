//! The call centre of this process: lines, sound, live calls.

use crate::outcome::Usage;
use crate::place::Settled;
use crate::serve::phone::{Carrier, Phone};
use crate::serve::sip;
use crate::serve::voice::Speaker;
use anyhow::{Context as _, bail};
use axum::Router;
use huiyin_app::{App, call};
use huiyin_pbx::{Pbx, PbxSettings};
use huiyin_switchboard::{Board, Demo, Phones, Tapes, trunks};
use huiyin_telephony::{CallControl, Embedded, OwnVoice, Settings, Signal, TlsIdentity};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;

/// Signals that may wait.
const SIGNALS: usize = 8_192;

/// How long a leg may be silent before its line is dead; who is mute sends nothing.
const SILENCE: Duration = Duration::from_secs(300);

/// How long a PBX is waited for at the start; later it is tried again by itself.
const PBX_AT_ONCE: Duration = Duration::from_secs(3);

/// What was started.
pub struct Telephone {
    line: Option<Line>,
    board: Option<Board>,
    tapes: Arc<Tapes>,
    voice: Option<Arc<Speaker>>,
}

/// What carries the calls.
enum Line {
    /// Our own SIP.
    Own(Embedded),
    /// A PBX of the house.
    Pbx(Pbx),
}

impl Line {
    fn control(&self) -> Arc<dyn CallControl> {
        match self {
            Self::Own(own) => Arc::new(own.clone()),
            Self::Pbx(pbx) => Arc::new(pbx.clone()),
        }
    }

    const fn own(&self) -> Option<&Embedded> {
        match self {
            Self::Own(own) => Some(own),
            Self::Pbx(_) => None,
        }
    }
}

/// What it takes to start.
pub struct Start<'a> {
    /// How the call centre is reached.
    pub phone: &'a Phone,
    /// Where the data lie.
    pub settled: &'a Settled,
    /// The certificate for TLS, where there is one.
    pub tls: Option<TlsIdentity>,
    /// A demo's numbers, and whether this is one.
    pub demo: Option<Demo>,
}

impl Telephone {
    /// Starts what was asked for, within a runtime.
    ///
    /// # Errors
    /// When an address is taken, a key file or the settings of a PBX cannot be read.
    pub async fn start(app: &App, start: Start<'_>) -> anyhow::Result<Self> {
        let tapes = tapes(&start)?;
        let voice = start.phone.voice.clone().map(|voice| Arc::new(Speaker::of(voice)));
        let phones = Arc::new(Phones::of(app.clone()));
        let (told, signals) = mpsc::channel(SIGNALS);
        let line = match start.phone.carrier(start.demo.is_some())? {
            Carrier::Off => return Ok(Self { line: None, board: None, tapes, voice }),
            Carrier::Pbx(path) => Line::Pbx(beside(&path, told).await?),
            Carrier::Own { listen, movable, tls } => {
                // nobody named the port: a free one does as well (contracts §6)
                let listen =
                    if movable && !is_free(listen) { SocketAddr::new(listen.ip(), 0) } else { listen };
                Line::Own(own(app, &start, (listen, tls), (Arc::clone(&phones), told)).await?)
            }
        };
        let settings = huiyin_switchboard::Settings {
            node: "main".to_owned(),
            tapes: Arc::clone(&tapes),
            phones,
            beside_pbx: line.own().is_none(),
            demo: start.demo,
        };
        let board = Board::start(app.clone(), line.control(), signals, settings).await?;
        Ok(Self { line: Some(line), board: Some(board), tapes, voice })
    }

    /// Gives the use cases their telephone and their recordings.
    #[must_use]
    pub fn wired(&self, app: App) -> App {
        let app = app.with_recordings(self.tapes.clone());
        let app = match &self.voice {
            Some(voice) => app.with_voice(voice.clone()),
            None => app,
        };
        match &self.board {
            Some(board) => app.with_phone(Arc::new(board.clone())),
            None => app,
        }
    }

    /// Gives the address of our own SIP, where there is one.
    #[must_use]
    pub fn listen(&self) -> Option<SocketAddr> {
        self.line.as_ref().and_then(Line::own).map(Embedded::listen)
    }

    /// Adds the way of browsers to the telephone.
    pub fn routed(&self, router: Router) -> Router {
        match self.line.as_ref().and_then(Line::own) {
            Some(line) => Router::new()
                .route("/sip", axum::routing::any(sip::browser))
                .with_state(line.clone())
                .merge(router),
            None => router,
        }
    }

    /// Ends every call of our own; those of a PBX go on there.
    pub async fn stop(self) {
        if let Some(Line::Own(line)) = self.line {
            line.stop().await;
        }
    }
}

/// Starts our own SIP.
async fn own(
    app: &App,
    start: &Start<'_>,
    (listen, tls): (SocketAddr, Option<SocketAddr>),
    (phones, told): (Arc<Phones>, mpsc::Sender<Signal>),
) -> anyhow::Result<Embedded> {
    let (media, notices) = OwnVoice::start(huiyin_media::Settings {
        bind: listen.ip(),
        external_ip: start.phone.external_ip,
        ports: start.phone.ports.range(),
        silence: SILENCE,
    })?;
    let mut nonce_key = [0; 32];
    app.ids.fill(&mut nonce_key);
    let mut settings = Settings::new(listen, call::REALM, nonce_key, media);
    settings.external_ip = start.phone.external_ip;
    settings.trunks = trunks(app).await?;
    settings.demo = start.demo.is_some();
    settings.tls = match (tls, start.tls.clone()) {
        (Some(at), Some(identity)) => Some((at, identity)),
        (Some(_), None) => bail!(Usage("--sip-tls-listen needs --tls-cert or --tls-self-signed".into())),
        (None, _) => None,
    };
    let line = Embedded::start(settings, phones, told, notices).await;
    line.with_context(|| format!("cannot take calls on {listen}"))
}

/// Reads the settings of a PBX with its password.
///
/// # Errors
/// [`Usage`] with the file, and the field that cannot be meant.
pub fn pbx(path: &Path) -> anyhow::Result<PbxSettings> {
    let wrong = |fault| Usage(format!("--pbx {}: {fault}", path.display()));
    let settings = PbxSettings::load(path).map_err(wrong)?;
    settings.secret().map_err(wrong)?;
    Ok(settings)
}

/// Takes the calls of a PBX; one that is not there yet is tried again by itself.
async fn beside(path: &Path, told: mpsc::Sender<Signal>) -> anyhow::Result<Pbx> {
    let settings = pbx(path)?;
    let url = settings.url.clone();
    let pbx = Pbx::start(settings, told).with_context(|| format!("--pbx {}", path.display()))?;
    let connected = async {
        let mut look = tokio::time::interval(Duration::from_millis(20));
        while !pbx.connected() {
            look.tick().await;
        }
    };
    if tokio::time::timeout(PBX_AT_ONCE, connected).await.is_err() {
        tracing::error!(%url, "the PBX cannot be reached or refuses the account; it is tried again, no call comes in until then");
    }
    Ok(pbx)
}

fn is_free(listen: SocketAddr) -> bool {
    std::net::UdpSocket::bind(listen).is_ok() && std::net::TcpListener::bind(listen).is_ok()
}

fn tapes(start: &Start<'_>) -> anyhow::Result<Arc<Tapes>> {
    let home = start.settled.home();
    let keys = start.phone.keys.clone().unwrap_or_else(|| home.join("keys/recording.keys"));
    let tapes = Tapes::at(&home.join("recordings"), &keys);
    let tapes = tapes.with_context(|| format!("cannot use the recording keys in {}", keys.display()))?;
    Ok(Arc::new(tapes.archived_after(start.phone.archive_after)))
}

#[cfg(test)]
#[path = "telephone_tests.rs"]
mod tests;
