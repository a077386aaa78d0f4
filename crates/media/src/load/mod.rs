//! Synthetic talkers: what a media engine loses, mixes up and delays, measured.
//!
//! *Invariants*: each end has one socket for all its talkers, so that the machine is asked
//! seldom; every packet carries who sent it, its number and when, so that whatever comes
//! back tells by itself what became of it.
//!
//! *Where to start*: [`Load::open`], [`Load::talk`] for each leg, [`Load::measure`].

mod heard;
mod report;
mod sending;
mod stamp;

pub use report::Report;

use heard::Heard;
use sending::Sending;
use socket2::{Domain, Protocol, Socket, Type};
use std::io;
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Bytes that the system keeps for the generator, so that it never loses.
const BUFFER: usize = 32 * 1024 * 1024;

/// How long a packet may be under way before it counts as lost.
const GRACE: Duration = Duration::from_secs(2);

/// At which end of the calls a talker sits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Those who call.
    Near,
    /// Those who are called.
    Far,
}

impl End {
    pub(crate) const BOTH: [Self; 2] = [Self::Near, Self::Far];

    pub(crate) const fn place(self) -> usize {
        match self {
            Self::Near => 0,
            Self::Far => 1,
        }
    }
}

/// Talkers at both ends, talking until dropped.
pub struct Load {
    at: [SocketAddr; 2],
    sockets: [UdpSocket; 2],
    sending: Arc<Mutex<Sending>>,
    heard: Arc<[Mutex<Heard>; 2]>,
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Load {
    /// Opens both ends for so many talkers each; they are silent until [`Load::talk`].
    ///
    /// # Errors
    /// When the machine gives no socket or thread.
    pub fn open(ip: IpAddr, talkers: usize) -> io::Result<Self> {
        let sockets = [socket(ip)?, socket(ip)?];
        let at = [sockets[0].local_addr()?, sockets[1].local_addr()?];
        let began = Instant::now();
        let heard = Arc::new([Mutex::new(Heard::of(talkers)), Mutex::new(Heard::of(talkers))]);
        let stop = Arc::new(AtomicBool::new(false));
        let mut threads = Vec::new();
        for end in End::BOTH {
            let socket = sockets[end.place()].try_clone()?;
            let (all, stop) = (Arc::clone(&heard), Arc::clone(&stop));
            let name = std::thread::Builder::new().name("load hears".into());
            threads.push(name.spawn(move || heard::listen(&socket, (&all[end.place()], began), &stop))?);
        }
        let sending = Arc::new(Mutex::new(Sending::of(talkers, began)));
        let (ours, stopped) = (Arc::clone(&sending), Arc::clone(&stop));
        let pressing = [sockets[0].try_clone()?, sockets[1].try_clone()?];
        let name = std::thread::Builder::new().name("load talks".into());
        threads.push(name.spawn(move || sending::talk(&sockets, &ours, &stopped))?);
        Ok(Self { at, sockets: pressing, sending, heard, stop, threads })
    }

    /// Gives where all talkers of an end hear.
    #[must_use]
    pub const fn at(&self, end: End) -> SocketAddr {
        match end {
            End::Near => self.at[0],
            End::Far => self.at[1],
        }
    }

    /// Lets a talker send 50 packets a second to an address, or be silent.
    pub fn talk(&self, end: End, talker: usize, to: Option<SocketAddr>) {
        lock(&self.sending).talk(end, talker, to);
    }

    /// Lets a talker press a key before it talks (RFC 4733, payload type 101).
    pub fn press(&self, end: End, talker: usize, key: char, to: SocketAddr) {
        if let Ok(talker) = u32::try_from(talker) {
            sending::press(&self.sockets[end.place()], (end, talker), key, to);
        }
    }

    /// Measures for a while, and hears for 2 s more what was sent in it.
    #[must_use]
    pub fn measure(&self, lasts: Duration) -> Report {
        self.heard.iter().for_each(|heard| lock(heard).begin());
        let from = lock(&self.sending).begin();
        pass(lasts);
        let (until, behind) = lock(&self.sending).end();
        let patience = Instant::now() + GRACE;
        loop {
            let report =
                Report::of((&from, &until), [&*lock(&self.heard[0]), &*lock(&self.heard[1])], behind);
            if report.lost() == 0 || Instant::now() > patience {
                return report;
            }
            pass(Duration::from_millis(50));
        }
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a generator keeps the time itself")]
fn pass(time: Duration) {
    std::thread::sleep(time);
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

fn socket(ip: IpAddr) -> io::Result<UdpSocket> {
    let domain = if ip.is_ipv4() { Domain::IPV4 } else { Domain::IPV6 };
    let socket = Socket::new(domain, Type::DGRAM, Some(Protocol::UDP))?;
    #[cfg(target_os = "linux")]
    let forced = rustix::net::sockopt::set_socket_recv_buffer_size_force(&socket, BUFFER).is_ok();
    #[cfg(not(target_os = "linux"))]
    let forced = false;
    if !forced {
        // as much as somebody without rights may have
        let _ = socket.set_recv_buffer_size(BUFFER);
    }
    let _ = socket.set_send_buffer_size(BUFFER);
    socket.bind(&SocketAddr::new(ip, 0).into())?;
    socket.set_read_timeout(Some(Duration::from_millis(50)))?;
    Ok(socket.into())
}
