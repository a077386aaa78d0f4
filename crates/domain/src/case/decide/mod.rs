//! Turning a command into events: `evaluate`, then the body, then what follows.
//!
//! *Where to start*: [`Case::decide`]; `body` checks what stands in a body.

mod agreement;
mod approval;
mod body;
mod flag;
pub(super) mod remedy;

use super::body::{ClockExtended, Moved};
use super::command::Command;
use super::consequence;
use super::evaluate::*;
use super::event::{ClockMoved, ClockPaused, ClockRef, Event, Ruled, StageChanged};
use super::receive::seal_reason;
use super::stage::{Stage, Target};
use super::state::Case;
use crate::pack::By;
use crate::text::Sealer;

/// One field of a body that is not acceptable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldReason {
    /// Where it is, such as `due`.
    pub path: String,
    /// Stable code.
    pub code: &'static str,
}

impl FieldReason {
    /// Names a field and what is wrong with it.
    #[must_use]
    pub fn new(path: &str, code: &'static str) -> Self {
        Self { path: path.to_owned(), code }
    }

    /// Gives it for a body that stands inside another under a name.
    #[must_use]
    pub fn within(self, name: &str) -> Self {
        Self { path: format!("{name}.{}", self.path), ..self }
    }
}

/// Why a command is refused: nothing happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The action is closed, whatever the body (D2).
    Closed(Vec<Reason>),
    /// The action is open, but not with this body.
    Body(Vec<FieldReason>),
}

impl Refused {
    /// Refuses a body for these fields.
    #[must_use]
    pub const fn fields(fields: Vec<FieldReason>) -> Self {
        Self::Body(fields)
    }

    fn field(path: &str, code: &'static str) -> Self {
        Self::Body(vec![FieldReason::new(path, code)])
    }
}

type Decided = Result<Vec<Event>, Refused>;

impl Case {
    /// Turns a command into what happens, or says why not.
    ///
    /// # Errors
    /// [`Refused`] with every reason; nothing happened then.
    pub fn decide(&self, command: Command, facts: &Facts<'_>, sealer: &mut Sealer) -> Decided {
        let kind = command.kind();
        if let Command::Move(target, moved) = command {
            return self.decide_move(target, moved, facts, sealer);
        }
        evaluate(kind, self, facts).map_err(Refused::Closed)?;
        self.check_body(&command, facts)?;
        let mut events = self.happen(command, facts, sealer)?;
        events.extend(consequence::follow(self, &events, facts));
        Ok(events)
    }

    fn decide_move(&self, target: Target, moved: Moved, facts: &Facts<'_>, sealer: &mut Sealer) -> Decided {
        let rule = permit_move(target, self, facts).map_err(Refused::Closed)?;
        if rule.reason && moved.reason.is_none() {
            return Err(Refused::field("reason", "required"));
        }
        let changed = StageChanged {
            from: self.stage,
            to: target.stage(),
            closure: match target {
                Target::Closed(kind) => Some(kind),
                Target::Stage(_) => None,
            },
            // PROP-64: dissatisfied, back to handling with empty hands.
            new_round: self.stage == Stage::Visiting
                && matches!(target, Target::Stage(stage) if stage != Stage::Settling),
            reason: seal_reason(moved, sealer),
            sources: rule.source.clone(),
        };
        let mut events = vec![Event::from(Ruled::StageChanged(changed))];
        events.extend(consequence::follow(self, &events, facts));
        Ok(events)
    }

    /// Seals the texts and makes the events of a checked command.
    fn happen(&self, command: Command, facts: &Facts<'_>, sealer: &mut Sealer) -> Decided {
        let command = match command {
            Command::RequestApproval(body) => Command::RequestApproval(self.asked(body)),
            Command::DecideApproval(body) => Command::DecideApproval(self.signed(body, facts)),
            Command::GiveRemedy(body) => Command::GiveRemedy(self.paid(body, facts)),
            Command::ProposeRemedy(mut body) => {
                let listed = facts.pack.remedies_of(self.kind).find(|def| def.name == body.remedy);
                body.gives = listed.map(|def| def.gives);
                Command::ProposeRemedy(body)
            }
            other => other,
        };
        let mut after = Vec::new();
        match &command {
            Command::Extend(body) => after.push(self.extended(body, facts, sealer)?),
            Command::PauseClock(body) => {
                let reason = sealer.seal(body.reason.as_str()).0;
                after.push(Ruled::ClockPaused(ClockPaused { clock: body.clock, reason }).into());
            }
            Command::ResumeClock(body) => after.extend(self.resumed(body.clock, facts)),
            Command::Reopen(_) => after.push(self.reopened(facts)?),
            _ => {}
        }
        let mut events: Vec<Event> = command.seal(sealer).map(Event::from).into_iter().collect();
        events.extend(after);
        Ok(events)
    }

    fn extended(
        &self,
        body: &ClockExtended,
        facts: &Facts<'_>,
        sealer: &mut Sealer,
    ) -> Result<Event, Refused> {
        let found = self.clocks.iter().find(|clock| clock.id == body.clock);
        let Some(clock) = found else { return Err(Refused::field("clock", "no_open_clock")) };
        let mut clock = clock.clone();
        let reason = sealer.seal(body.reason.as_str()).0;
        clock
            .extend(facts.now, body.until, reason, facts.calendar)
            .map_err(|_| Refused::field("until", "not_later"))?;
        Ok(Ruled::ClockMoved(ClockMoved { clock }).into())
    }

    /// Lets one clock run again; nothing when it does not stand still.
    pub(super) fn resumed(&self, id: u32, facts: &Facts<'_>) -> Option<Event> {
        let mut clock = self.clocks.iter().find(|clock| clock.id == id)?.clone();
        clock.resume(facts.now, facts.calendar).ok()?;
        Some(Ruled::ClockResumed(ClockMoved { clock }).into())
    }

    /// Where a re-opened case goes on (packs.md §2).
    fn reopened(&self, facts: &Facts<'_>) -> Result<Event, Refused> {
        let closed = || Refused::Closed(vec![Reason::new("closed_for_good")]);
        let ground = reopen_ground(self, facts).ok_or_else(closed)?;
        let again = facts.pack.reopen.get(&self.kind).copied().unwrap_or(Stage::Investigating);
        let before = self.before_close.unwrap_or(again);
        let mistake = ground == ReopenGround::Mistake;
        Ok(Ruled::StageChanged(StageChanged {
            from: self.stage,
            to: if mistake { before } else { again },
            closure: None,
            new_round: !mistake,
            reason: None,
            sources: vec![ground.source().to_owned()],
        })
        .into())
    }

    /// Makes the events of a clock that comes near its end or runs out.
    ///
    /// A clock that elapses makes the pack's move of the clock; where its
    /// gates are shut it only runs out, and those in charge are told.
    #[must_use]
    pub fn tick(&self, clock: u32, facts: &Facts<'_>, sealer: &mut Sealer) -> Vec<Event> {
        let found = self.clocks.iter().find(|other| other.id == clock && running(other));
        let Some(found) = found else { return Vec::new() };
        let Some(fires_at) = found.fires_at().filter(|at| *at <= facts.now) else { return Vec::new() };
        if fires_at < found.due_at && facts.now < found.due_at {
            return self.ruled(Ruled::ClockWarned(ClockRef { clock }), facts);
        }
        if found.kind.is_soft() {
            return self.ruled(Ruled::ClockCancelled(ClockRef { clock }), facts);
        }
        let elapsed = found.kind.elapses().then(|| self.elapsed(facts, sealer)).flatten();
        elapsed.unwrap_or_else(|| self.ruled(Ruled::ClockMissed(ClockRef { clock }), facts))
    }

    fn ruled(&self, ruled: Ruled, facts: &Facts<'_>) -> Vec<Event> {
        let mut events = vec![Event::from(ruled)];
        events.extend(consequence::follow(self, &events, facts));
        events
    }

    /// Makes the move that the pack leaves to the clock here, if it is open.
    fn elapsed(&self, facts: &Facts<'_>, sealer: &mut Sealer) -> Option<Vec<Event>> {
        let rules = facts.pack.moves.iter().filter(|rule| {
            rule.of.contains(&self.kind) && rule.from.contains(&self.stage) && rule.by.contains(&By::Clock)
        });
        rules
            .map(|rule| rule.to)
            .find_map(|target| self.decide_move(target, Moved { reason: None }, facts, sealer).ok())
    }
}
