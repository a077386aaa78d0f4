//! The caller before an agent answers: menu, waiting, message.

use huiyin_app::call::{self, Effect, Happening};
use huiyin_domain::call::floor::By;
use huiyin_domain::call::queue::{Overflow, Wishes};
use huiyin_domain::ids::QueueId;
use huiyin_domain::menu::{Act, Facts, Input, Menu, Treatment, Walk, Whom};
use huiyin_domain::time::WorkingCalendar;
use huiyin_telephony::{Cause, Command, Member, Side};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Live;
use crate::board::Line;

/// Seconds between two announcements of the position where no menu says otherwise.
const ANNOUNCED: u64 = 30;

/// Seconds within which it is said that calls are recorded.
const RECORDED: u32 = 10;

/// What a caller goes through before an agent answers.
pub(crate) struct Walking {
    menu: Option<(Arc<Menu>, Walk)>,
    treatment: Treatment,
    /// The end of what is waited for.
    due: Option<Instant>,
    /// Prompts are said, and the call ends with them.
    farewell: bool,
    /// A message is taken once its prompts are said: so many seconds at most.
    message: Option<u32>,
    /// The queue to which it goes once its prompts are said.
    then: Option<QueueId>,
    /// The number of whoever is on duty in this hour.
    duty: Option<String>,
    calendar: WorkingCalendar,
}

impl Walking {
    /// Only last words, then the end.
    pub(crate) fn farewell() -> Self {
        Self {
            menu: None,
            treatment: Treatment::default(),
            due: Some(Instant::now() + Duration::from_secs(60)),
            farewell: true,
            message: None,
            then: None,
            duty: None,
            calendar: WorkingCalendar::china(),
        }
    }

    pub(crate) const fn due(&self) -> Option<Instant> {
        self.due
    }
}

impl Live {
    /// A caller comes in: the record begins, and unless all lines are taken we answer.
    pub(super) async fn arrives(&mut self, line: Line, (caller, called): (String, String)) {
        let Some(leg) = self.customer else { return };
        let app = &self.board.0.app;
        let caller = Some(caller).filter(|caller| !caller.is_empty());
        let party = call::party_of(app, self.org, caller.as_deref()).await.unwrap_or_default();
        let happening = Happening::Arrived {
            call: self.id,
            node: self.board.0.settings.node.clone(),
            caller,
            called,
            line: Some(line.number.clone()),
            service: line.service.clone(),
            party,
            limit: line.most,
            queue: line.queue,
        };
        match call::take(app, self.org, happening).await {
            Ok(effects) if effects.contains(&Effect::Refuse(self.id)) => {
                self.does(Effect::Refuse(self.id)).await
            }
            Ok(effects) => {
                // a call beyond the lines is led on once it hears us (CALL-2)
                self.beyond = effects.into_iter().find_map(|effect| match effect {
                    Effect::LeadOn(_, to) => Some(to),
                    _ => None,
                });
                self.send(Command::Answer { leg });
            }
            Err(error) => {
                tracing::error!(call = %self.id, %error, "a call cannot be taken");
                self.send(Command::Refuse { leg, cause: Cause::Failure });
                self.ending = Some(Instant::now());
            }
        }
    }

    /// The caller hears us: the menu begins, or the queue.
    pub(super) async fn enters(&mut self) {
        let Some(line) = self.line.clone() else { return };
        match self.beyond.take() {
            Some(Overflow::Queue(other)) => {
                self.walking = Some(self.nothing_but_waiting().await);
                return self.lines_up(other).await;
            }
            Some(to) => return self.leads_on(to).await,
            None => {}
        }
        if let Some(queue) = line.queue {
            let mut walking = self.nothing_but_waiting().await;
            let rules = call::rules_of(&self.board.0.app, self.org).await.unwrap_or_default();
            if rules.recording.on && rules.recording.announced {
                walking.then = Some(queue);
                self.walking = Some(walking);
                let prompts = self.named(["recorded"]);
                self.play(prompts, false);
                // should nobody tell that it was said, the caller comes in all the same
                return self.waits_for(RECORDED);
            }
            self.walking = Some(walking);
            return self.lines_up(queue).await;
        }
        let menu = match &line.menu {
            Some(name) => self.board.0.houses.menu(&self.board.0.app, self.org, name).await,
            None => None,
        };
        let Some(menu) = menu else {
            tracing::error!(line = line.number, "a line has neither queue nor menu");
            return self.last_words(&["goodbye"]);
        };
        let mut walking = self.nothing_but_waiting().await;
        let duty = call::duty_number(&self.board.0.app, self.org, line.unit).await;
        walking.duty =
            duty.inspect_err(|error| tracing::error!(%error, "who is on duty is not known")).ok().flatten();
        let (walk, acts) = Walk::begin(&menu, &self.facts(&walking));
        walking.menu = Some((menu, walk));
        self.walking = Some(walking);
        self.acts(acts).await;
    }

    async fn nothing_but_waiting(&self) -> Walking {
        let calendar = call::calendar(&self.board.0.app, self.org).await;
        Walking {
            menu: None,
            treatment: Treatment::default(),
            due: None,
            farewell: false,
            message: None,
            then: None,
            duty: None,
            calendar: calendar.unwrap_or_else(|_| WorkingCalendar::china()),
        }
    }

    /// Goes to a queue without a menu, with what is known of the caller.
    async fn lines_up(&mut self, queue: QueueId) {
        let known = match self.caller.is_empty() {
            true => None,
            false => call::caller(&self.board.0.app, self.org, &self.caller).await.ok().flatten(),
        };
        let wishes = known.map(|customer| customer.wishes()).unwrap_or_default();
        self.happens(Happening::Queued(self.id, queue, wishes)).await;
    }

    fn facts<'a>(&'a self, walking: &'a Walking) -> Facts<'a> {
        let line = self.line.as_ref();
        Facts {
            now: self.board.0.app.clock.now(),
            calendar: &walking.calendar,
            line: line.map(|line| line.number.as_str()),
            service: line.and_then(|line| line.service.as_deref()),
            caller: Some(self.caller.as_str()).filter(|caller| !caller.is_empty()),
            duty: walking.duty.as_deref(),
        }
    }

    /// Tells the menu what happened and does what it says.
    async fn tells_menu(&mut self, input: Input) -> bool {
        let Some(mut walking) = self.walking.take() else { return false };
        walking.due = None;
        let mut gone = walking.menu.take();
        let facts = self.facts(&walking);
        let acts = match &mut gone {
            Some((menu, walk)) => walk.step(menu, input, &facts),
            None => Vec::new(),
        };
        let something = !acts.is_empty();
        walking.menu = gone;
        self.walking = Some(walking);
        Box::pin(self.acts(acts)).await;
        something
    }

    async fn acts(&mut self, acts: Vec<Act>) {
        let steps =
            self.walking.as_mut().and_then(|walking| walking.menu.as_mut()).map(|(_, walk)| walk.news());
        if let Some(steps) = steps.filter(|steps| !steps.is_empty()) {
            self.happens(Happening::Stepped(self.id, steps)).await;
        }
        let walk = self.walking.as_ref().and_then(|walking| walking.menu.as_ref()).map(|(_, walk)| walk);
        if walk.is_some_and(Walk::is_unrecorded) {
            self.tape_refused().await;
        }
        for act in acts {
            self.act(act).await;
        }
    }

    async fn act(&mut self, act: Act) {
        match act {
            Act::Play { prompts } => {
                let prompts = self.named(prompts.iter().map(String::as_str));
                self.play(prompts, false);
            }
            Act::Collect { wait } => self.waits_for(wait),
            Act::LookUp { number, wait } => {
                self.waits_for(wait);
                let known = call::caller(&self.board.0.app, self.org, &number).await.unwrap_or_default();
                Box::pin(self.tells_menu(Input::Known(known))).await;
            }
            Act::Queue { queue, wishes, treatment } => self.queues(&queue, wishes, treatment).await,
            Act::Voicemail { longest, .. } => self.takes_message(&[], longest).await,
            Act::CallBack { number, .. } => {
                self.happens(Happening::CallBackAsked(self.id, number)).await;
            }
            Act::Transfer { to, ring } => {
                let (Whom::Number(number) | Whom::OnDuty(number)) = to;
                self.waits_for(ring);
                self.happens(Happening::Led(self.id, number)).await;
            }
            Act::Release => {
                self.happens(Happening::HungUp(self.id, By::System)).await;
            }
        }
    }

    fn waits_for(&mut self, seconds: u32) {
        if let Some(walking) = &mut self.walking {
            walking.due = Some(Instant::now() + Duration::from_secs(seconds.into()));
        }
    }

    async fn queues(&mut self, code: &str, wishes: Wishes, treatment: Treatment) {
        let queue = call::queue_of(&self.board.0.app, self.org, code).await.ok().flatten();
        let Some(queue) = queue else {
            tracing::error!(code, "a menu leads to a queue that is not there");
            Box::pin(self.tells_menu(Input::Full)).await;
            return;
        };
        if let Some(walking) = &mut self.walking {
            walking.treatment = treatment;
        }
        let id: QueueId = queue;
        self.happens(Happening::Queued(self.id, id, wishes)).await;
    }

    /// Lets the caller hear music, and now and then the position.
    pub(super) fn entertains(&mut self) {
        let names = self.walking.as_ref().map(|walking| walking.treatment.music.clone()).unwrap_or_default();
        let music =
            if names.is_empty() { self.music() } else { self.named(names.iter().map(String::as_str)) };
        self.play(music, true);
        let every =
            self.walking.as_ref().and_then(|walking| walking.treatment.every).map_or(ANNOUNCED, u64::from);
        self.announce = Some(Instant::now() + Duration::from_secs(every));
    }

    /// Says how many are before the caller, and what may be chosen meanwhile.
    pub(super) async fn announces(&mut self) {
        self.announce = None;
        let ahead = call::ahead(&self.board.0.app, self.org, self.id).await.ok().flatten();
        let (Some(ahead), Some(walking)) = (ahead, &self.walking) else { return };
        let mut names = walking.treatment.position(ahead, None);
        if let Some(offer) = &walking.treatment.call_back {
            names.extend(offer.prompts.iter().cloned());
        }
        let prompts = self.named(names.iter().map(String::as_str));
        self.play(prompts, false);
    }

    pub(super) async fn key(&mut self, digit: char) {
        self.tells_menu(Input::Digit(digit)).await;
    }

    pub(super) async fn played(&mut self) {
        let Some(walking) = &mut self.walking else { return };
        if walking.farewell {
            self.happens(Happening::HungUp(self.id, By::System)).await;
            return;
        }
        if let Some(longest) = walking.message.take() {
            return self.records_message(longest).await;
        }
        if let Some(queue) = walking.then.take() {
            walking.due = None;
            return self.lines_up(queue).await;
        }
        let waits = walking.menu.as_ref().is_none_or(|(_, walk)| walk.is_waiting());
        if waits {
            return self.entertains();
        }
        self.tells_menu(Input::Played).await;
    }

    pub(super) async fn menu_timed_out(&mut self) {
        let farewell = self.walking.as_ref().is_some_and(|walking| walking.farewell);
        let then = self.walking.as_mut().and_then(|walking| walking.then.take());
        match then {
            _ if farewell => {
                self.happens(Happening::HungUp(self.id, By::System)).await;
            }
            Some(queue) => self.lines_up(queue).await,
            None => drop(self.tells_menu(Input::Timeout).await),
        }
    }

    /// The queue is full: the menu says where it goes; false without one.
    pub(super) async fn menu_full(&mut self) -> bool {
        let has_menu = self.walking.as_ref().is_some_and(|walking| walking.menu.is_some());
        has_menu && self.tells_menu(Input::Full).await
    }

    /// Nobody answered where the menu put it through.
    pub(super) async fn menu_failed(&mut self) -> bool {
        let has_menu = self.walking.as_ref().is_some_and(|walking| walking.menu.is_some());
        has_menu && self.tells_menu(Input::Failed).await
    }

    /// An agent answered: the menu is over.
    pub(super) fn menu_over(&mut self) {
        self.walking = None;
        self.announce = None;
    }

    /// Takes a spoken message after a tone.
    pub(super) async fn takes_message(&mut self, names: &[&str], longest: u32) {
        self.happens(Happening::Voicemail(self.id, longest)).await;
        let prompts = self.named(names.iter().copied().chain(["beep"]));
        let walking = self.walking.get_or_insert_with(Walking::farewell);
        (walking.message, walking.farewell, walking.due) = (Some(longest), false, None);
        self.play(prompts, false);
    }

    async fn records_message(&mut self, longest: u32) {
        if let Some(leg) = self.customer {
            let members = vec![Member { leg, side: Side::Customer }];
            self.send(Command::Bridge { room: self.room, members });
        }
        self.tape_begins().await;
        self.waits_for(longest);
    }
}
