//! `huiyin check-config`: what would keep a server from starting.

use crate::command::serve::{Serve, Tls, address, warnings};
use crate::outcome::Found;
use crate::place::{self, Settled};
use crate::serve::phone::Carrier;
use crate::serve::settings::{Settings, Transport};
use crate::serve::telephone;
use crate::serve::ways_out::Ways;
use anyhow::{Context as _, bail};
use huiyin_store::migrate;
use std::io::{ErrorKind, Write as _};
use std::net::TcpListener;
use std::path::Path;

/// What was looked at, in the order of the start.
#[derive(Debug, Default)]
struct Seen {
    wrong: Vec<String>,
    warnings: Vec<String>,
    fine: Vec<String>,
}

impl Seen {
    /// Takes what one look found; nothing to say is fine too.
    fn take(&mut self, looked: anyhow::Result<Option<String>>) {
        match looked {
            Ok(said) => self.fine.extend(said),
            Err(error) => self.wrong.push(format!("{error:#}")),
        }
    }
}

/// Looks at settings, folders, database, certificate, mail and address, and
/// starts nothing.
///
/// # Errors
/// [`Found`] after naming everything that would keep the server from starting.
pub fn run(args: Serve) -> anyhow::Result<()> {
    let settings = args.settings.settle()?;
    let settled = settings.place.settle()?;
    let mut seen = Seen { warnings: warnings(&settings, settings.listen), ..Seen::default() };
    seen.take(settled.require_whole().map(|()| None));
    seen.take(folders(&settled));
    seen.take(database(&settled));
    seen.take(certificate(&settings, &settled));
    seen.take(Ways::new(settings.mail.as_ref(), "").map(|_| None));
    seen.take(backups(&settings, &settled));
    seen.take(beside_pbx(&settings));
    listener(&settings, &settled, &mut seen);
    let mut out = std::io::stdout().lock();
    seen.fine.iter().try_for_each(|said| writeln!(out, "{said}"))?;
    seen.warnings.iter().try_for_each(|said| writeln!(out, "warning: {said}"))?;
    if seen.wrong.is_empty() {
        writeln!(out, "settings are fine: {}", address(&settings, settings.listen))?;
        return Ok(());
    }
    let mut notes = std::io::stderr().lock();
    seen.wrong.iter().try_for_each(|said| writeln!(notes, "wrong: {said}"))?;
    Err(Found.into())
}

/// Looks whether a folder, or the next one above that is there, can be written.
fn writable(folder: &Path) -> anyhow::Result<()> {
    let there = folder.ancestors().find(|part| part.exists());
    let there = there.filter(|part| !part.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !there.is_dir() {
        bail!("{} is no folder", there.display());
    }
    use rustix::fs::{Access, access};
    access(there, Access::WRITE_OK | Access::EXEC_OK)
        .with_context(|| format!("cannot write to the folder {}", there.display()))
}

fn folders(settled: &Settled) -> anyhow::Result<Option<String>> {
    writable(settled.home())?;
    writable(&settled.files)?;
    let holder = settled.folder.as_deref().and_then(|folder| Some((folder, place::holder(folder)?)));
    Ok(holder.map(|(folder, holder)| format!("{} is in use by {holder}", folder.display())))
}

fn database(settled: &Settled) -> anyhow::Result<Option<String>> {
    if settled.database().is_some_and(|file| !file.exists()) {
        return Ok(Some("database: none yet, the first start makes one".to_owned()));
    }
    let store = settled.open_to_read()?;
    let state = migrate::state(&store);
    store.close();
    let state = state?;
    let todo = if state.version < state.latest { ", the start will upgrade it" } else { "" };
    Ok(Some(format!("database: schema version {} of {}{todo}", state.version, state.latest)))
}

/// A given certificate must be readable and fit its key; our own is made later.
fn certificate(settings: &Settings, settled: &Settled) -> anyhow::Result<Option<String>> {
    if !matches!(settings.transport, Transport::Given { .. }) {
        return Ok(None);
    }
    let tls = Tls::of(settings, settled, settings.listen)?;
    tokio::runtime::Builder::new_current_thread().build()?.block_on(tls.config())?;
    Ok(Some("certificate and key fit".to_owned()))
}

/// Whether the settings of a PBX can be read; the start tells if it is there.
fn beside_pbx(settings: &Settings) -> anyhow::Result<Option<String>> {
    let Some(Carrier::Pbx(path)) = &settings.phone.carrier else { return Ok(None) };
    let pbx = telephone::pbx(path)?;
    Ok(Some(format!("calls: by the PBX at {}", pbx.url)))
}

fn backups(settings: &Settings, settled: &Settled) -> anyhow::Result<Option<String>> {
    match settings.safety.schedule(settled)? {
        Some(schedule) => {
            writable(&schedule.folder)?;
            Ok(Some(format!("backups: to {}, {} are kept", schedule.folder.display(), schedule.keep)))
        }
        None => Ok(Some("backups: none by this server, see --backup-dir".to_owned())),
    }
}

/// Tries the address; that somebody listens there may be the server itself.
fn listener(settings: &Settings, settled: &Settled, seen: &mut Seen) {
    let Err(error) = TcpListener::bind(settings.listen) else { return };
    if error.kind() != ErrorKind::AddrInUse {
        seen.wrong.push(format!("cannot listen on {}: {error}", settings.listen));
        return;
    }
    let held = settled.folder.as_deref().and_then(place::holder);
    if held.is_none_or(|holder| !holder.ends_with(&address(settings, settings.listen))) {
        seen.warnings.push(format!("something listens on {} already", settings.listen));
    }
}
