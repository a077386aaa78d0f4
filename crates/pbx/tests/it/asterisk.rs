//! A real Asterisk 22, where `scripts/asterisk.sh prepare` made one.

use crate::house::{House, extension, prompt, tape};
use huiyin_telephony::{By, CallControl, Cause, Command, Monitoring, RoomId, Signal};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::Duration;

/// An Asterisk of this test alone, in its root folder.
struct Asterisk {
    child: Child,
    root: PathBuf,
    /// Its folder, as it sees it and as we do.
    inside: String,
    here: PathBuf,
    _folder: tempfile::TempDir,
    port: u16,
}

fn root() -> Option<PathBuf> {
    let given = std::env::var_os("HUIYIN_ASTERISK_ROOT").map(PathBuf::from);
    let root = given.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/asterisk"));
    let ready = root.join(".ready").exists() && root.join("usr/sbin/asterisk").exists();
    let may =
        std::process::Command::new("chroot").arg(&root).arg("true").status().is_ok_and(|done| done.success());
    if ready && may {
        return root.canonicalize().ok();
    }
    eprintln!("SKIPPED: no real Asterisk here; `scripts/asterisk.sh prepare` makes one (as root)");
    None
}

/// Phones and lines without SIP: `Local` channels that a dialplan plays.
const DIALPLAN: &str = "\
[incoming]
exten => _X.,1,Stasis(huiyin,line,carrier)
exten => _X.,n,Hangup()
[phones]
exten => 1001,1,Ringing()
exten => 1001,n,Wait(0.3)
exten => 1001,n,Answer()
exten => 1001,n,Playtones(1900)
exten => 1001,n,Wait(60)
exten => 1002,1,Busy(1)
exten => 1003,1,Ringing()
exten => 1003,n,Wait(60)
[caller]
exten => s,1,Wait(1)
exten => s,n,SendDTMF(5)
exten => s,n,Playtones(440)
exten => s,n,Wait(60)
";

impl Asterisk {
    fn start() -> Option<Self> {
        let root = root()?;
        let folder = tempfile::tempdir_in(root.join("var")).unwrap();
        let here = folder.path().to_owned();
        let inside = format!("/{}", here.strip_prefix(&root).unwrap().display());
        for folder in ["etc", "run", "log", "spool/recording", "spool/tmp", "sounds"] {
            std::fs::create_dir_all(here.join(folder)).unwrap();
        }
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let write = |name: &str, text: &str| std::fs::write(here.join("etc").join(name), text).unwrap();
        write(
            "asterisk.conf",
            &format!(
                "[directories]\nastetcdir => {inside}/etc\nastrundir => {inside}/run\nastlogdir => {inside}/log\n\
                 astspooldir => {inside}/spool\nastdbdir => {inside}/run\n[options]\nhighpriority = no\n"
            ),
        );
        write(
            "modules.conf",
            "[modules]\nautoload=yes\nnoload=chan_iax2.so\nnoload=res_hep.so\nnoload=pbx_dundi.so\n",
        );
        write("http.conf", &format!("[general]\nenabled=yes\nbindaddr=127.0.0.1\nbindport={port}\n"));
        write("ari.conf", "[general]\nenabled=yes\n[huiyin]\ntype=user\nread_only=no\npassword=secret\n");
        write("extensions.conf", DIALPLAN);
        write("logger.conf", "[logfiles]\nfull => notice,warning,error,verbose\n");
        write("pjsip.conf", "");
        write("indications.conf", "[general]\ncountry=us\n[us]\ndescription=us\nringcadence=2000,4000\n");
        let config = format!("{inside}/etc/asterisk.conf");
        let child = std::process::Command::new("chroot")
            .arg(&root)
            .args(["asterisk", "-f", "-C", &config])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Some(Self { child, root, inside, here, _folder: folder, port })
    }

    fn settings(&self) -> String {
        format!(
            "kind = \"asterisk\"\nurl = \"http://127.0.0.1:{}\"\nuser = \"huiyin\"\nsecret_file = \"secret\"\n\
             phones = \"Local/{{}}@phones/n\"\nsounds = \"{}/sounds\"\nsounds_here = \"{}\"\n\
             [[line]]\nname = \"carrier\"\ndial = \"Local/{{}}@incoming/n\"\n",
            self.port,
            self.inside,
            self.here.join("sounds").display()
        )
    }

    fn console(&self, command: &str) -> String {
        let config = format!("{}/etc/asterisk.conf", self.inside);
        let mut asked = std::process::Command::new("chroot");
        let asked = asked.arg(&self.root).args(["asterisk", "-C", &config, "-rx", command]).output().unwrap();
        String::from_utf8_lossy(&asked.stdout).into_owned()
    }

    /// Somebody outside calls.
    fn call(&self, number: &str) {
        self.console(&format!("channel originate Local/{number}@incoming/n extension s@caller"));
    }
}

impl Drop for Asterisk {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            let log = std::fs::read_to_string(self.here.join("log/full")).unwrap_or_default();
            let last: Vec<&str> = log.lines().rev().take(40).collect();
            eprintln!("Asterisk said last:\n{}", last.into_iter().rev().collect::<Vec<_>>().join("\n"));
        }
    }
}

/// How strong a tone is on one side of a tape, per sample (Goertzel).
fn tone(frames: &[u8], side: usize, hertz: f64) -> f64 {
    let samples: Vec<f64> = frames.chunks_exact(2).map(|frame| linear(frame[side])).collect();
    let turn = 2.0 * (std::f64::consts::TAU * hertz / 8_000.0).cos();
    let (mut before, mut last) = (0.0, 0.0);
    for sample in &samples {
        (before, last) = (last, sample + turn * last - before);
    }
    let power = before * before + last * last - turn * before * last;
    power.max(0.0).sqrt() / samples.len().max(1) as f64
}

fn linear(law: u8) -> f64 {
    let law = law ^ 0x55;
    let (segment, step) = ((law >> 4) & 7, f64::from(law & 15));
    let size = if segment == 0 {
        step * 16.0 + 8.0
    } else {
        (step * 16.0 + 264.0) * f64::from(1_u32 << (segment - 1))
    };
    if law & 0x80 == 0 { -size } else { size }
}

/// CALL-1, CALL-5, CALL-7: with a real Asterisk a call goes from the line
/// through prompt and digit to an agent; the recording has the customer's
/// tone on the left and the agent's on the right.
#[tokio::test(flavor = "multi_thread")]
async fn a_real_asterisk_does_it_too() {
    let Some(asterisk) = Asterisk::start() else { return };
    let mut house = House::open(&asterisk.settings(), "secret").await;
    house.connected().await;
    asterisk.call("4001");
    let customer = house.offered().await;
    house.send(Command::Ring { leg: customer });
    house.send(Command::Answer { leg: customer });
    house.hear_exactly(Signal::Answered { leg: customer }).await;
    house.send(Command::Play { leg: customer, prompts: vec![prompt("welcome")], token: 1, repeat: false });
    house.hear_exactly(Signal::Played { leg: customer, token: 1, all: true }).await;
    house.send(Command::Play { leg: customer, prompts: vec![prompt("music")], token: 2, repeat: true });
    house.hear_exactly(Signal::Digit { leg: customer, digit: '5' }).await;
    let busy = house.dial(extension("1002"));
    assert_eq!(house.hear_end(busy).await, (By::Peer, Cause::Busy));
    let agent = house.dial(extension("1001"));
    house.hear_exactly(Signal::Answered { leg: agent }).await;
    let room = house.bridge(customer, agent);
    house.hear_exactly(Signal::Played { leg: customer, token: 2, all: false }).await;
    let (tape, sound) = tape();
    house.send(Command::Record { room, token: 9, tape });
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    house.send(Command::EndRecording { room });
    house
        .hear(|signal| match signal {
            Signal::Taped { token: 9, whole, millis, .. } => {
                assert!(*whole && *millis > 1_500, "{signal:?}");
                Some(())
            }
            _ => None,
        })
        .await;
    {
        let sound = sound.lock().unwrap();
        let tones = [(0, 440.0), (1, 1_900.0), (0, 1_900.0), (1, 440.0)]
            .map(|(side, hertz)| tone(&sound, side, hertz));
        let [said, heard, crossed, back] = tones;
        assert!(said > 20.0 * crossed && heard > 20.0 * back && said > 100.0 && heard > 100.0, "{tones:?}");
    }
    listens_and_holds(&mut house, room, customer, agent).await;
    house.send(Command::Hangup { leg: agent, cause: Cause::Normal });
    assert_eq!(house.hear_end(agent).await, (By::Us, Cause::Normal));
    house.send(Command::Hangup { leg: customer, cause: Cause::Normal });
    assert_eq!(house.hear_end(customer).await, (By::Us, Cause::Normal));
    tokio::time::sleep(Duration::from_millis(500)).await;
    let channels = asterisk.console("core show channels count");
    assert!(channels.contains("0 active channels"), "{channels}");
    assert_eq!(house.pbx.standing().legs, 0);
}

async fn listens_and_holds(
    house: &mut House,
    room: RoomId,
    customer: huiyin_telephony::LegId,
    agent: huiyin_telephony::LegId,
) {
    let supervisor = house.dial(extension("1001"));
    house.hear_exactly(Signal::Answered { leg: supervisor }).await;
    for mode in [Monitoring::Listen, Monitoring::Whisper(agent), Monitoring::Barge] {
        house.send(Command::Monitor { room, leg: supervisor, mode });
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    house.send(Command::Hangup { leg: supervisor, cause: Cause::Normal });
    assert_eq!(house.hear_end(supervisor).await, (By::Us, Cause::Normal));
    house.send(Command::Hold { leg: customer, music: vec![prompt("music")] });
    tokio::time::sleep(Duration::from_millis(200)).await;
    house.send(Command::Unhold { leg: customer });
    tokio::time::sleep(Duration::from_millis(200)).await;
}

/// CALL-5: with a real Asterisk whoever hangs up first is told, and one who
/// is given up rings no longer.
#[tokio::test(flavor = "multi_thread")]
async fn a_real_asterisk_hangs_up_in_every_order() {
    let Some(asterisk) = Asterisk::start() else { return };
    let mut house = House::open(&asterisk.settings(), "secret").await;
    house.connected().await;
    asterisk.call("4002");
    let refused = house.offered().await;
    house.send(Command::Refuse { leg: refused, cause: Cause::Busy });
    assert_eq!(house.hear_end(refused).await, (By::Us, Cause::Busy));
    asterisk.call("4003");
    let gives_up = house.offered().await;
    asterisk.console("channel request hangup all");
    assert_eq!(house.hear_end(gives_up).await, (By::Peer, Cause::Cancelled));
    let rings = house.dial(extension("1003"));
    house.hear_exactly(Signal::Ringing { leg: rings }).await;
    house.send(Command::Hangup { leg: rings, cause: Cause::Cancelled });
    assert_eq!(house.hear_end(rings).await, (By::Us, Cause::Cancelled));
    let nobody = house.dial(extension("9999"));
    let (by, cause) = house.hear_end(nobody).await;
    // a Local channel does not tell that there is no such number
    assert!(by != By::Us && cause != Cause::Normal, "{by:?} {cause:?}");
    assert_eq!(house.pbx.standing().legs, 0);
}
