//! Programs that speak SIP: SIPp and baresip.

use std::net::{TcpListener, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

/// A run of SIPp.
pub(crate) struct Sipp {
    child: Child,
    name: String,
    folder: tempfile::TempDir,
}

fn scenario(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/sipp/{name}.xml"))
}

/// A port that nobody has; SIPp has no way to take a free one.
///
/// Below those that the system gives away by itself: until the program of the test takes
/// it, nobody else is given it.
pub(crate) fn free_port() -> u16 {
    static GIVEN: AtomicU16 = AtomicU16::new(0);
    let own = u16::try_from(std::process::id() % 700).unwrap() * 16;
    loop {
        let port = 20_100 + (own + GIVEN.fetch_add(1, Ordering::Relaxed)) % 12_000;
        let free =
            UdpSocket::bind(("127.0.0.1", port)).is_ok() && TcpListener::bind(("127.0.0.1", port)).is_ok();
        if free {
            return port;
        }
    }
}

/// Starts a scenario against `server`; `more` are further arguments.
pub(crate) fn sipp(name: &str, server: &str, service: &str, more: &[&str]) -> Sipp {
    sipp_at(free_port(), name, server, service, more)
}

/// The same at a port that is known beforehand.
pub(crate) fn sipp_at(port: u16, name: &str, server: &str, service: &str, more: &[&str]) -> Sipp {
    let folder = tempfile::tempdir().unwrap();
    let text = |number: u16| number.to_string();
    let child = Command::new("sipp")
        .current_dir(folder.path())
        .args(["-sf", scenario(name).to_str().unwrap(), "-s", service, "-i", "127.0.0.1"])
        .args(["-p", &text(port), "-au", service, "-ap", super::kit::PASSWORD, "-m", "1", "-nostdin"])
        .args(["-timeout", "45s", "-timeout_error", "-trace_err", "-error_file", "errors.txt"])
        .args(["-mi", "127.0.0.1"])
        .args(more)
        .arg(server)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("SIPp: scripts/setup installs it");
    Sipp { child, name: name.to_owned(), folder }
}

impl Sipp {
    /// Times in milliseconds that `-trace_rtt` wrote, sorted.
    pub(crate) fn times(&self) -> Vec<f64> {
        let files = std::fs::read_dir(self.folder.path()).unwrap().flatten();
        let wanted = files.filter(|file| file.file_name().to_string_lossy().ends_with("_rtt.csv"));
        let text: String = wanted.map(|file| std::fs::read_to_string(file.path()).unwrap()).collect();
        let second = |line: &str| line.split(';').nth(1).and_then(|time| time.parse().ok());
        let mut times: Vec<f64> = text.lines().filter_map(second).collect();
        times.sort_by(f64::total_cmp);
        times
    }

    /// Waits for its end, which must be a success.
    pub(crate) async fn passes(mut self) -> Self {
        loop {
            match self.child.try_wait().unwrap() {
                Some(status) if status.success() => return self,
                Some(status) => {
                    let errors = std::fs::read_to_string(self.folder.path().join("errors.txt"));
                    panic!("{} failed with {status}: {}", self.name, errors.unwrap_or_default());
                }
                None => tokio::time::sleep(Duration::from_millis(10)).await,
            }
        }
    }
}

impl Drop for Sipp {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// baresip as the desk phone of an extension.
pub(crate) struct Baresip {
    child: Child,
    _folder: tempfile::TempDir,
}

impl Baresip {
    pub(crate) fn start(extension: &str, server: &str, transport: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let modules = ["/usr/lib/baresip/modules", "/usr/lib/x86_64-linux-gnu/baresip/modules"];
        let modules = modules
            .iter()
            .find(|at| Path::new(at).exists())
            .expect("baresip-core: scripts/setup installs it");
        let config = format!(
            "module_path {modules}\nmodule g711.so\nmodule aubridge.so\nmodule ausine.so\n\
             module_app account.so\nmodule_app menu.so\nsip_listen 127.0.0.1:{}\n\
             audio_player aubridge,a\naudio_source aubridge,b\naudio_alert aubridge,c\n",
            free_port()
        );
        std::fs::write(folder.path().join("config"), config).unwrap();
        let account = format!(
            "<sip:{extension}@{server};transport={transport}>;auth_user={extension};auth_pass={};answermode=auto;regint=60\n",
            super::kit::PASSWORD
        );
        std::fs::write(folder.path().join("accounts"), account).unwrap();
        std::fs::write(folder.path().join("contacts"), "").unwrap();
        let child = Command::new("baresip")
            .args(["-f", folder.path().to_str().unwrap()])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("baresip: scripts/setup installs baresip-core");
        Self { child, _folder: folder }
    }
}

impl Drop for Baresip {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
