//! The same calls through an Asterisk, which records them with `MixMonitor`.

use super::load::{LOOPBACK, Loaded, Ringing, Used, control};
use super::peer::{Callers, DeskPhones, Extension};
use crate::bench::machine;
use anyhow::{Context as _, bail};
use huiyin_media::load::{End, Load};
use std::net::{SocketAddr, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long it may take to start.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running Asterisk.
struct Asterisk {
    child: Child,
    folder: PathBuf,
    sip: SocketAddr,
}

impl Asterisk {
    fn started(root: &Path, phones: SocketAddr) -> anyhow::Result<Self> {
        let root = root.canonicalize().with_context(|| root.display().to_string())?;
        let name = format!("huiyin-bench-{}", std::process::id());
        let (inside, here) = (format!("/var/{name}"), root.join("var").join(name));
        for folder in ["etc", "run", "log", "spool/monitor", "spool/tmp"] {
            std::fs::create_dir_all(here.join(folder))?;
        }
        let sip = UdpSocket::bind((LOOPBACK, 0))?.local_addr()?;
        for (name, text) in settings(&inside, sip, phones) {
            std::fs::write(here.join("etc").join(name), text)?;
        }
        let mut command = Command::new("chroot");
        command.arg(&root).args(["asterisk", "-f", "-C", &format!("{inside}/etc/asterisk.conf")]);
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        let asterisk = Self { child, folder: here, sip };
        asterisk.await_ready()?;
        Ok(asterisk)
    }

    fn await_ready(&self) -> anyhow::Result<()> {
        let asks = UdpSocket::bind((LOOPBACK, 0))?;
        asks.set_read_timeout(Some(Duration::from_millis(200)))?;
        let ours = asks.local_addr()?;
        let text = format!(
            "OPTIONS sip:ready@{sip} SIP/2.0\r\nVia: SIP/2.0/UDP {ours};branch=z9hG4bKready;rport\r\n\
             Max-Forwards: 70\r\nFrom: <sip:bench@{ours}>;tag=1\r\nTo: <sip:ready@{sip}>\r\n\
             Call-ID: ready@{ours}\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n",
            sip = self.sip
        );
        let began = Instant::now();
        let mut bytes = [0; 2048];
        while began.elapsed() < PATIENCE {
            let _ = asks.send_to(text.as_bytes(), self.sip);
            if asks.recv_from(&mut bytes).is_ok() {
                return Ok(());
            }
        }
        bail!("Asterisk does not answer on {}; its log is in {}", self.sip, self.folder.join("log").display())
    }
}

impl Drop for Asterisk {
    fn drop(&mut self) {
        let ended = self.child.kill().and_then(|()| self.child.wait().map(drop));
        if let Err(error) = ended.and_then(|()| std::fs::remove_dir_all(&self.folder)) {
            tracing::warn!(%error, "Asterisk was not cleared away");
        }
    }
}

/// Its settings: everybody on loopback may call, and is recorded.
fn settings(inside: &str, sip: SocketAddr, phones: SocketAddr) -> [(&'static str, String); 6] {
    let folders =
        ["etc", "run", "log", "spool"].map(|name| format!("ast{name}dir => {inside}/{name}\n")).concat();
    [
        (
            "asterisk.conf",
            format!("[directories]\n{folders}astdbdir => {inside}/run\n[options]\nmaxfiles = 65536\n"),
        ),
        (
            "modules.conf",
            "[modules]\nautoload=yes\nnoload=chan_iax2.so\nnoload=res_hep.so\nnoload=pbx_dundi.so\n".into(),
        ),
        ("logger.conf", "[logfiles]\nfull => warning,error\n".into()),
        ("rtp.conf", "[general]\nrtpstart=40000\nrtpend=49999\n".into()),
        (
            "pjsip.conf",
            format!(
                "[global]\ntype=global\ntaskprocessor_overload_trigger=none\n[udp]\ntype=transport\nprotocol=udp\nbind={sip}\n\
                 [line]\ntype=endpoint\ncontext=calls\ndisallow=all\nallow=alaw\ndirect_media=no\n\
                 [line]\ntype=identify\nendpoint=line\nmatch=127.0.0.1\n"
            ),
        ),
        (
            "extensions.conf",
            format!(
                "[calls]\nexten => _9X.,1,Answer()\n\
                 same => n,MixMonitor({inside}/spool/monitor/${{UNIQUEID}}.wav)\n\
                 same => n,Dial(PJSIP/line/sip:${{EXTEN:1}}@{phones})\n"
            ),
        ),
    ]
}

/// Measures so many calls.
///
/// # Errors
/// When Asterisk does not start or not every call comes about.
pub fn measured(root: &Path, (calls, rate): (u32, u32), lasts: Duration) -> anyhow::Result<Loaded> {
    let control = control(calls, lasts)?;
    let load = Arc::new(Load::open(LOOPBACK, usize::try_from(calls)?)?);
    let (far, sound) = (Arc::clone(&load), load.at(End::Far));
    let picked = move |place, remote, _: &str| far.talk(End::Far, place, Some(remote));
    let all = (0..calls).map(|place| Extension { user: format!("8{place}"), password: String::new(), sound });
    let phones = DeskPhones::standing(SocketAddr::new(LOOPBACK, 0), all.collect(), Arc::new(picked))?;
    let asterisk = Asterisk::started(root, phones.at)?;
    let process = asterisk.child.id();
    let before_mib = machine::memory(process)?;
    let mut callers = Callers::of(asterisk.sip, "98*", "beside")?;
    let mut ringing = Ringing { callers: &mut callers, load: &load, key: None, to: asterisk.sip };
    ringing.ring((calls, rate), || phones.answered() >= calls)?;
    let _ = load.measure(Duration::from_secs(2));
    let (began, before) = (Instant::now(), machine::processor_seconds(process)?);
    let heard = load.measure(lasts);
    let core = (machine::processor_seconds(process)? - before) / began.elapsed().as_secs_f64();
    let used = Used { core, before_mib, memory_mib: machine::memory(process)? };
    callers.hang_up()?;
    Ok(Loaded::of(("asterisk", calls), (&heard, &control), &used))
}
