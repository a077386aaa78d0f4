//! Desk phones that register and answer whatever rings, on one socket.

use super::message::{Message, Request, proof, sound_at};
use super::wire::{Wire, branch};
use anyhow::{Context as _, bail};
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How long all may take to register.
const PATIENCE: Duration = Duration::from_secs(60);

/// After how long without an answer a phone asks again.
const AGAIN: Duration = Duration::from_millis(500);

/// Phones that ask again at once.
const AT_ONCE: usize = 50;

/// One extension of the demo.
#[derive(Clone, Debug)]
pub struct Extension {
    /// Its name.
    pub user: String,
    /// Its password.
    pub password: String,
    /// Where its sound arrives.
    pub sound: SocketAddr,
}

/// Called when a phone is connected: which, where it talks to, who called.
pub type Picked = Arc<dyn Fn(usize, SocketAddr, &str) + Send + Sync>;

/// Registered phones, answering until dropped.
pub struct DeskPhones {
    /// Where they are called.
    pub at: SocketAddr,
    stop: Arc<AtomicBool>,
    answered: Arc<AtomicU32>,
    thread: Option<JoinHandle<()>>,
}

impl DeskPhones {
    /// Registers every extension, then answers in a thread of its own.
    ///
    /// # Errors
    /// When one cannot register within a minute.
    pub fn registered(
        server: SocketAddr,
        realm: &str,
        all: Vec<Extension>,
        picked: Picked,
    ) -> anyhow::Result<Self> {
        let wire = Wire::to(server)?;
        let mut waiting: HashMap<String, usize> = HashMap::new();
        for (place, extension) in all.iter().enumerate() {
            let call = format!("reg-{place}@{}", wire.ours);
            wire.send(&register(&wire, realm, extension, &call, (1, None)))?;
            waiting.insert(call, place);
        }
        let until = Instant::now() + PATIENCE;
        let mut again = Instant::now() + AGAIN;
        while !waiting.is_empty() {
            if Instant::now() > until {
                bail!("{} phones did not register", waiting.len());
            }
            if Instant::now() > again {
                // what was lost on the way is said again, as every telephone does
                for (call, place) in waiting.iter().take(AT_ONCE) {
                    let extension = all.get(*place).context("extension")?;
                    wire.send(&register(&wire, realm, extension, call, (1, None)))?;
                }
                again = Instant::now() + AGAIN;
            }
            let Some((answer, _)) = wire.next()? else { continue };
            let Some(place) = waiting.get(answer.call()).copied() else { continue };
            let extension = all.get(place).context("extension")?;
            match answer.status() {
                Some(200) => {
                    waiting.remove(answer.call());
                }
                Some(401) => {
                    let challenge = answer
                        .all("WWW-Authenticate")
                        .find(|challenge| challenge.contains("algorithm=MD5"))
                        .context("no MD5 offered")?;
                    let uri = format!("sip:{realm}");
                    let proven = proof(challenge, (&extension.user, &extension.password), "REGISTER", &uri)?;
                    wire.send(&register(&wire, realm, extension, answer.call(), (2, Some(&proven))))?;
                }
                Some(status) if status >= 300 => {
                    bail!("{} may not register: {}", extension.user, answer.first)
                }
                _ => {}
            }
        }
        Self::answering(wire, all, picked)
    }

    /// Answers whatever rings, registered nowhere.
    ///
    /// # Errors
    /// When the machine gives no socket or thread.
    pub fn standing(server: SocketAddr, all: Vec<Extension>, picked: Picked) -> anyhow::Result<Self> {
        Self::answering(Wire::to(server)?, all, picked)
    }

    fn answering(wire: Wire, all: Vec<Extension>, picked: Picked) -> anyhow::Result<Self> {
        let (stop, answered, at) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU32::new(0)), wire.ours);
        let desk = Desk { wire, all, picked, answered: Arc::clone(&answered), remote: HashMap::new() };
        let ends = Arc::clone(&stop);
        let thread = std::thread::Builder::new().name("desk phones".into()).spawn(move || desk.run(&ends))?;
        Ok(Self { stop, answered, at, thread: Some(thread) })
    }
}

impl DeskPhones {
    /// Gives how many calls were picked up so far.
    pub fn answered(&self) -> u32 {
        self.answered.load(Ordering::Relaxed)
    }
}

impl Drop for DeskPhones {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

struct Desk {
    wire: Wire,
    all: Vec<Extension>,
    picked: Picked,
    answered: Arc<AtomicU32>,
    /// Where the sound of a call goes, and whose it is, until it is acknowledged.
    remote: HashMap<String, (usize, SocketAddr, String)>,
}

impl Desk {
    fn run(mut self, stop: &AtomicBool) {
        while !stop.load(Ordering::Relaxed) {
            match self.wire.next() {
                Ok(Some((message, from))) => self.heard(&message, from),
                Ok(None) => {}
                Err(error) => tracing::warn!(%error, "desk phones"),
            }
        }
    }

    fn heard(&mut self, message: &Message, from: SocketAddr) {
        if message.status().is_some() {
            return;
        }
        let tag = branch(message.call());
        match message.method() {
            "INVITE" => self.rung(message, from, &tag),
            "ACK" => {
                if let Some((place, remote, caller)) = self.remote.remove(message.call()) {
                    (self.picked)(place, remote, &caller);
                    self.answered.fetch_add(1, Ordering::Relaxed);
                }
            }
            _ => self.reply(&message.answer("200 OK", &tag, &[], ""), from),
        }
    }

    fn rung(&mut self, message: &Message, from: SocketAddr, tag: &str) {
        let user = user_of(&message.first);
        let place = self.all.iter().position(|extension| Some(extension.user.as_str()) == user);
        let caller = message.header("From").and_then(user_of).unwrap_or_default().to_owned();
        let (Some(place), Some(remote)) = (place, message.sound()) else {
            return self.reply(&message.answer("404 Not Found", tag, &[], ""), from);
        };
        let Some(extension) = self.all.get(place) else { return };
        let contact = format!("<sip:{}@{}>", extension.user, self.wire.ours);
        let contact = [("Contact", contact.as_str())];
        self.reply(&message.answer("180 Ringing", tag, &contact, ""), from);
        self.remote.insert(message.call().to_owned(), (place, remote, caller));
        self.reply(&message.answer("200 OK", tag, &contact, &sound_at(extension.sound)), from);
    }

    fn reply(&self, text: &str, to: SocketAddr) {
        if let Err(error) = self.wire.send_to(text, to) {
            tracing::warn!(%error, "desk phone cannot answer");
        }
    }
}

fn user_of(text: &str) -> Option<&str> {
    text.split("sip:").nth(1)?.split('@').next()
}

fn register(
    wire: &Wire,
    realm: &str,
    extension: &Extension,
    call: &str,
    (number, proven): (u32, Option<&str>),
) -> String {
    let uri = format!("sip:{realm}");
    let ours = format!("<sip:{}@{realm}>", extension.user);
    let from = format!("{ours};tag={}", branch(call));
    let request =
        Request { method: "REGISTER", uri: &uri, from: &from, to: &ours, call, number, ours: wire.ours };
    let contact = format!("<sip:{}@{}>", extension.user, wire.ours);
    let mut rest = vec![("Contact", contact.as_str()), ("Expires", "600")];
    rest.extend(proven.map(|proven| ("Authorization", proven)));
    request.write(&branch(&format!("{call}{number}")), &rest, "")
}
