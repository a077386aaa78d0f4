//! Customers who call in from the trunk, and hang up when they are told to.

use super::message::{Message, Request, sound_at};
use super::wire::{Wire, branch};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// How long calls may take to be over.
const PATIENCE: Duration = Duration::from_secs(10);

/// After how long the INVITE is said again, then after twice as long (T1).
const AGAIN: Duration = Duration::from_millis(500);

/// Calls that are hung up at once.
const AT_ONCE: usize = 25;

/// What became of one call.
#[derive(Clone, Debug)]
pub struct Life {
    /// The number that called.
    pub number: String,
    /// When the first word was said.
    pub sent: Instant,
    /// From INVITE to the answer.
    pub answered: Option<Duration>,
    /// Ended by a BYE that was answered.
    pub ended: bool,
    /// A status of 300 or more.
    pub refused: Option<u16>,
}

/// One call.
struct Placed {
    id: String,
    uri: String,
    from: String,
    to: String,
    target: String,
    life: Life,
    remote: Option<SocketAddr>,
    /// The INVITE, when it is said again, and how long after that.
    unheard: Option<(String, Instant, Duration)>,
}

/// Customers on one socket.
pub struct Callers {
    wire: Wire,
    called: String,
    placed: Vec<Placed>,
    run: String,
}

impl Callers {
    /// Gets ready to call a number; a star in it stands for the place of the caller.
    ///
    /// # Errors
    /// When the machine gives no socket.
    pub fn of(server: SocketAddr, called: &str, run: &str) -> std::io::Result<Self> {
        Ok(Self {
            wire: Wire::to(server)?,
            called: called.to_owned(),
            placed: Vec::new(),
            run: run.to_owned(),
        })
    }

    /// Calls; `sound` is where this caller hears.
    ///
    /// # Errors
    /// When the machine refuses.
    pub fn call(&mut self, server: SocketAddr, sound: SocketAddr) -> std::io::Result<()> {
        let place = self.placed.len();
        let id = format!("{}-{place}@{}", self.run, self.wire.ours);
        let uri = format!("sip:{}@{server}", self.called.replace('*', &place.to_string()));
        let number = format!("139{place:08}");
        let from = format!("<sip:{number}@{}>;tag={}", self.wire.ours, branch(&id));
        let to = format!("<{uri}>");
        let mut placed = Placed {
            target: uri.clone(),
            uri,
            from,
            to,
            id,
            life: Life { number, sent: Instant::now(), answered: None, ended: false, refused: None },
            remote: None,
            unheard: None,
        };
        let contact = format!("<sip:caller@{}>", self.wire.ours);
        let text = self.request(&placed, "INVITE", 1).write(
            &branch(&placed.id),
            &[("Contact", &contact)],
            &sound_at(sound),
        );
        self.wire.send(&text)?;
        placed.unheard = Some((text, Instant::now() + AGAIN, AGAIN));
        self.placed.push(placed);
        Ok(())
    }

    /// Says again what nobody answered, as telephones do (RFC 3261 §17.1.1.2).
    fn say_again(&mut self) -> std::io::Result<()> {
        let now = Instant::now();
        for placed in &mut self.placed {
            if let Some((text, at, gap)) = &mut placed.unheard
                && *at <= now
            {
                self.wire.send(text)?;
                *gap *= 2;
                *at = now + *gap;
            }
        }
        Ok(())
    }

    /// Hears what arrived for a while; gives who was answered, and where they talk to.
    ///
    /// # Errors
    /// When the machine refuses.
    pub fn hear(&mut self, most: Duration) -> std::io::Result<Vec<(usize, SocketAddr)>> {
        let until = Instant::now() + most;
        let mut connected = Vec::new();
        self.say_again()?;
        while Instant::now() < until {
            let Some((message, from)) = self.wire.next()? else { continue };
            let number = message.call().strip_prefix(&format!("{}-", self.run));
            let place =
                number.and_then(|rest| rest.split('@').next()).and_then(|place| place.parse::<usize>().ok());
            let Some(place) = place else { continue };
            if message.status().is_none() {
                if message.method() != "ACK" {
                    self.wire.send_to(&message.answer("200 OK", "gone", &[], ""), from)?;
                }
                if message.method() == "BYE"
                    && let Some(placed) = self.placed.get_mut(place)
                {
                    placed.life.ended = true;
                }
                continue;
            }
            connected.extend(self.answer(place, &message)?.map(|remote| (place, remote)));
        }
        Ok(connected)
    }

    fn answer(&mut self, place: usize, message: &Message) -> std::io::Result<Option<SocketAddr>> {
        let Some(placed) = self.placed.get_mut(place) else { return Ok(None) };
        let status = message.status().unwrap_or_default();
        placed.unheard = None;
        if message.transaction() == "BYE" {
            placed.life.ended |= status == 200;
            return Ok(None);
        }
        if status < 200 {
            return Ok(None);
        }
        placed.to = message.header("To").unwrap_or_default().to_owned();
        let first = placed.life.answered.is_none();
        if status == 200 {
            placed.life.answered.get_or_insert(placed.life.sent.elapsed());
            placed.target = message.contact().unwrap_or(&placed.uri).to_owned();
            placed.remote = message.sound();
        } else {
            placed.life.refused = Some(status);
            placed.target.clone_from(&placed.uri);
        }
        let remote = placed.remote.filter(|_| first);
        let Some(placed) = self.placed.get(place) else { return Ok(None) };
        // a refusal is acknowledged in its own transaction, an answer in a new one
        let number = if status == 200 { format!("{}ack", placed.id) } else { placed.id.clone() };
        let text = self.request(placed, "ACK", 1).write(&branch(&number), &[], "");
        self.wire.send(&text)?;
        Ok(remote)
    }

    /// Hangs up every call that stands, and waits a while until all are over.
    ///
    /// # Errors
    /// When the machine refuses.
    pub fn hang_up(&mut self) -> std::io::Result<()> {
        let standing = |placed: &&Placed| placed.life.answered.is_some() && !placed.life.ended;
        let until = Instant::now() + PATIENCE;
        // what was lost on the way is said again, a few at a time
        while Instant::now() < until && self.placed.iter().any(|placed| standing(&placed)) {
            for placed in self.placed.iter().filter(standing).take(AT_ONCE) {
                let text =
                    self.request(placed, "BYE", 2).write(&branch(&format!("{}bye", placed.id)), &[], "");
                self.wire.send(&text)?;
            }
            self.hear(Duration::from_millis(100))?;
        }
        Ok(())
    }

    /// Gives what became of each call.
    pub fn lives(&self) -> Vec<Life> {
        self.placed.iter().map(|placed| placed.life.clone()).collect()
    }

    fn request<'a>(&self, placed: &'a Placed, method: &'a str, number: u32) -> Request<'a> {
        let uri = if number == 1 && method != "ACK" { &placed.uri } else { &placed.target };
        let (from, to, call) = (&placed.from, &placed.to, &placed.id);
        Request { method, uri, from, to, call, number, ours: self.wire.ours }
    }
}
