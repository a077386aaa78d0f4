//! One call, from its first leg to its last.

mod effects;
mod menu;
mod orders;
mod outside;
mod seats;
mod second;
mod signals;
mod tape;

use huiyin_app::call::{Effect, Happening, OwnSounds};
use huiyin_domain::call::floor::By;
use huiyin_domain::call::queue::Overflow;
use huiyin_domain::ids::{CallId, OrgId, PersonId, RecordingId};
use huiyin_domain::time::Timestamp;
use huiyin_telephony::{Cause, Command, LegId, Member, Prompt, RoomId, Side};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc::Receiver;

use crate::board::{Board, Line};
use crate::word::{Supervisor, Word};
use menu::Walking;
use outside::Outside;
use seats::Seat;

/// After so long a call that is recorded says that it lives; its tape does too.
const SIGN_OF_LIFE: Duration = Duration::from_secs(600);

/// The same of a call without a tape, which ends when it was heard of last.
const SIGN_WITHOUT_TAPE: Duration = Duration::from_secs(30);

/// How long an ended call waits for the last word of its legs and tape.
const LAST_WORDS: Duration = Duration::from_secs(4);

/// How a call begins.
pub(crate) enum Beginning {
    /// A caller came in on a line.
    Incoming { line: Line, caller: String, called: String },
    /// An agent calls somebody from a telephone.
    Dialled { org: OrgId, agent: PersonId, number: String },
    /// An agent asked for it on the screen: what follows says whom.
    Asked { org: OrgId },
}

/// A live call.
pub(crate) struct Live {
    board: Board,
    org: OrgId,
    id: CallId,
    room: RoomId,
    /// The other side.
    customer: Option<LegId>,
    /// Whether the other side's leg talks.
    open: bool,
    seats: Vec<Seat>,
    outside: Option<Outside>,
    /// As dialled, who was asked last.
    asked: String,
    /// The agent's second leg, where they ask by telephone.
    second: Option<LegId>,
    /// The customer hears music, whoever wanted it.
    held: bool,
    /// The agent's telephone holds the call itself.
    held_by_phone: bool,
    /// An agent talked with the customer.
    served: bool,
    supervisors: Vec<Supervisor>,
    walking: Option<Walking>,
    /// When the next announcement of the position is due, while it waits.
    announce: Option<Instant>,
    recording: Option<(RecordingId, Timestamp)>,
    /// The caller refused to be recorded.
    unrecorded: bool,
    line: Option<Line>,
    /// Where it is led that came while all lines were taken.
    beyond: Option<Overflow>,
    /// The organisation's own prompts, as they were when the call began.
    own: Arc<OwnSounds>,
    caller: String,
    token: u64,
    ending: Option<Instant>,
    alive: Instant,
}

impl Live {
    pub(crate) fn new(board: Board, id: CallId, leg: Option<LegId>, beginning: &Beginning) -> Self {
        let (org, line, caller, customer) = match beginning {
            Beginning::Incoming { line, caller, .. } => (line.org, Some(line.clone()), caller.clone(), leg),
            Beginning::Dialled { org, .. } | Beginning::Asked { org } => (*org, None, String::new(), None),
        };
        let room = RoomId::fresh();
        board.0.lives.house(room.0, id);
        Self {
            board,
            org,
            id,
            room,
            customer,
            open: false,
            seats: Vec::new(),
            outside: None,
            asked: String::new(),
            second: None,
            held: false,
            held_by_phone: false,
            served: false,
            supervisors: Vec::new(),
            walking: None,
            announce: None,
            recording: None,
            unrecorded: false,
            line,
            beyond: None,
            own: Arc::default(),
            caller,
            token: 0,
            ending: None,
            alive: Instant::now(),
        }
        .with_agent(leg, beginning)
    }

    /// An agent who calls from a telephone has the first leg.
    fn with_agent(mut self, leg: Option<LegId>, beginning: &Beginning) -> Self {
        if let (Some(leg), Beginning::Dialled { agent, .. }) = (leg, beginning) {
            self.seats.push(Seat { leg, agent: *agent, offer: 0, talks: false });
        }
        self
    }

    /// Lives until every leg is gone.
    pub(crate) async fn run(mut self, beginning: Beginning, mut words: Receiver<Word>) {
        self.begins(beginning).await;
        loop {
            if self.ending.is_some_and(|ending| self.is_silent() || ending.elapsed() > LAST_WORDS) {
                return self.leaves().await;
            }
            let wait = self.next_due();
            match tokio::time::timeout(wait, words.recv()).await {
                Ok(Some(Word::Signal(signal))) => self.hears(signal).await,
                Ok(Some(Word::Effect(effect))) => self.follows(effect).await,
                Ok(Some(Word::Order(order))) => self.obeys(order).await,
                Ok(Some(Word::Supervisor(supervisor))) => self.comes_in(supervisor).await,
                Ok(Some(Word::Second { leg, agent, number })) => self.asks_by_phone(leg, agent, number).await,
                Ok(None) => return,
                Err(_) => self.time_passes().await,
            }
        }
    }

    async fn begins(&mut self, beginning: Beginning) {
        self.own = self.board.0.houses.sounds(&self.board.0.app, self.org).await;
        match beginning {
            Beginning::Incoming { line, caller, called } => self.arrives(line, (caller, called)).await,
            Beginning::Dialled { agent, number, .. } => self.dials(agent, number).await,
            Beginning::Asked { .. } => {}
        }
    }

    /// Takes what happened; what follows comes back through the mailbox.
    async fn happens(&self, happening: Happening) -> bool {
        self.board.take(self.org, happening).await
    }

    fn send(&self, command: Command) {
        self.board.send(command);
    }

    /// Begins a leg that belongs to this call.
    fn fresh_leg(&self) -> LegId {
        let leg = LegId::fresh();
        self.board.0.lives.bind(leg, self.id);
        leg
    }

    fn hang_up(&self, leg: LegId) {
        self.send(Command::Hangup { leg, cause: Cause::Normal });
    }

    /// Gives prompts by their names.
    fn named<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> Vec<Prompt> {
        self.board.0.sounds.named((self.org, &self.own), names)
    }

    /// Gives the music of those who wait.
    fn music(&self) -> Vec<Prompt> {
        self.named(["hold"])
    }

    fn play(&mut self, prompts: Vec<Prompt>, repeat: bool) {
        self.token += 1;
        if let Some(leg) = self.customer.filter(|_| self.open) {
            self.send(Command::Play { leg, prompts, token: self.token, repeat });
        }
    }

    fn quiet(&mut self) {
        self.token += 1;
        if let Some(leg) = self.customer.filter(|_| self.open) {
            self.send(Command::StopPlaying { leg });
        }
    }

    /// The agent who talks.
    fn talking(&self) -> Option<&Seat> {
        self.seats.iter().find(|seat| seat.talks)
    }

    /// Lets customer and agent, and whoever else is in, hear each other.
    fn bridge(&mut self) {
        let customer = self.customer.map(|leg| Member { leg, side: Side::Customer });
        let agent = self.talking().map(|seat| Member { leg: seat.leg, side: Side::Agent });
        let members: Vec<Member> = customer.into_iter().chain(agent).collect();
        self.send(Command::Bridge { room: self.room, members });
    }

    fn lets_in(&mut self, supervisor: Supervisor) {
        self.supervisors.retain(|known| known.leg != supervisor.leg);
        self.supervisors.push(supervisor);
        let mode = supervisor.way.towards(self.talking().map(|seat| seat.leg));
        self.send(Command::Monitor { room: self.room, leg: supervisor.leg, mode });
    }

    /// Ends every leg; what they still say is heard for a moment.
    fn ends(&mut self) {
        self.ending.get_or_insert_with(Instant::now);
        let legs = self.customer.into_iter().chain(self.seats.iter().map(|seat| seat.leg));
        let legs = legs
            .chain(self.outside.iter().map(Outside::leg))
            .chain(self.second)
            .chain(self.supervisors.iter().map(|supervisor| supervisor.leg));
        for leg in legs.collect::<Vec<_>>() {
            self.hang_up(leg);
        }
        if self.recording.is_some() {
            self.send(Command::EndRecording { room: self.room });
        }
    }

    fn is_silent(&self) -> bool {
        self.customer.is_none() && self.seats.is_empty() && self.outside.is_none() && self.recording.is_none()
    }

    /// Goes; whatever the record says by then, the call is over.
    async fn leaves(mut self) {
        self.tape_ends(None).await;
        self.happens(Happening::HungUp(self.id, By::System)).await;
    }

    fn next_due(&self) -> Duration {
        let walking = self.walking.as_ref().and_then(Walking::due);
        let dues = [
            walking,
            self.announce,
            self.ending.map(|ending| ending + LAST_WORDS),
            Some(self.alive + self.sign()),
        ];
        let next = dues.into_iter().flatten().min();
        next.map_or(SIGN_OF_LIFE, |due| due.saturating_duration_since(Instant::now()))
            .max(Duration::from_millis(5))
    }

    /// How long it says nothing of itself.
    const fn sign(&self) -> Duration {
        if self.recording.is_some() { SIGN_OF_LIFE } else { SIGN_WITHOUT_TAPE }
    }

    async fn time_passes(&mut self) {
        let now = Instant::now();
        if self.ending.is_none() && now >= self.alive + self.sign() {
            self.alive = now;
            self.happens(Happening::Alive(self.id)).await;
        }
        if self.announce.is_some_and(|due| due <= now) {
            self.announces().await;
        }
        if self.walking.as_ref().and_then(Walking::due).is_some_and(|due| due <= now) {
            self.menu_timed_out().await;
        }
    }

    async fn follows(&mut self, effect: Effect) {
        if self.ending.is_none() || matches!(effect, Effect::Release(_)) {
            self.does(effect).await;
        }
    }
}
