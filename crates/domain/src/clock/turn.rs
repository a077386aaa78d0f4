//! What happens to a clock: start, pause, resume, extend, meet, breach.

use super::due::{self, DueError, DueTime};
use super::model::{Clock, ClockState, Extension, Limit, Moved, Pause, Terms};
use super::{LimitRule, warning};
use crate::time::{Timestamp, WorkingCalendar};

/// Why something may not happen to a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClockError {
    /// Met or cancelled already.
    #[error("clock is closed")]
    Closed,
    /// The due time has passed; a breach stays.
    #[error("clock is breached")]
    Breached,
    /// Stands still already.
    #[error("clock is paused")]
    Paused,
    /// Does not stand still.
    #[error("clock is not paused")]
    NotPaused,
    /// The rule does not allow a pause (D5).
    #[error("clock may not be paused")]
    NotPausable,
    /// Before the start or before the end of the last pause.
    #[error("time lies before what already happened to the clock")]
    TooEarly,
    /// The due time is not yet reached.
    #[error("clock is not yet due")]
    NotDue,
    /// An extension must move the due time later.
    #[error("new due time must be later than the present one")]
    NotLater,
    /// No due time within the range of dates.
    #[error(transparent)]
    Due(#[from] DueError),
}

impl Clock {
    /// Starts a clock by the terms of a pack.
    ///
    /// `id` counts within the case, `round` is the case's round.
    ///
    /// # Errors
    /// [`DueError`] when the due time would leave the range of dates.
    pub fn start(
        id: u32,
        round: u32,
        terms: &Terms,
        calendar: &WorkingCalendar,
        started_at: Timestamp,
    ) -> Result<Self, DueError> {
        Self::counted(id, round, (terms, Limit::Rule(terms.due)), calendar, started_at)
    }

    /// Starts a clock whose due time was agreed, as a promise (PROP-37, 50).
    ///
    /// `terms.due` is not used; kind, warning, pausable and source are.
    ///
    /// # Errors
    /// [`ClockError::NotLater`] unless it lies after the start.
    pub fn agreed(
        id: u32,
        round: u32,
        (terms, due_at): (&Terms, Timestamp),
        calendar: &WorkingCalendar,
        started_at: Timestamp,
    ) -> Result<Self, ClockError> {
        if due_at <= started_at {
            return Err(ClockError::NotLater);
        }
        Ok(Self::counted(id, round, (terms, Limit::Agreed(due_at)), calendar, started_at)?)
    }

    fn counted(
        id: u32,
        round: u32,
        (terms, limit): (&Terms, Limit),
        calendar: &WorkingCalendar,
        started_at: Timestamp,
    ) -> Result<Self, DueError> {
        let mut clock = Self {
            id,
            kind: terms.kind,
            round,
            task: None,
            asked_by: None,
            limit,
            warn: terms.warn,
            pausable: terms.pausable,
            source: terms.source.clone(),
            calendar: calendar.reference().clone(),
            started_at,
            pauses: Vec::new(),
            extensions: Vec::new(),
            due_at: started_at,
            provisional: false,
            warn_at: None,
            warned_at: None,
            met_at: None,
            breached_at: None,
            cancelled_at: None,
        };
        clock.settle(calendar)?;
        Ok(clock)
    }

    /// Stops the clock from `at` on, if its rule allows it (D5).
    ///
    /// The due time is found again when it resumes; until then it does not fire.
    ///
    /// # Errors
    /// [`ClockError`] when not running, not pausable, due, or out of order.
    pub fn pause(&mut self, at: Timestamp, reason: String) -> Result<(), ClockError> {
        self.must_run()?;
        if !self.pausable {
            return Err(ClockError::NotPausable);
        }
        if at < self.last_turn() {
            return Err(ClockError::TooEarly);
        }
        if at >= self.due_at {
            return Err(ClockError::Breached);
        }
        self.pauses.push(Pause { from: at, to: None, reason });
        Ok(())
    }

    /// Lets the clock run again from `at` on, and moves its due time (D5).
    ///
    /// # Errors
    /// [`ClockError`] when not paused, out of order, or out of range.
    pub fn resume(&mut self, at: Timestamp, calendar: &WorkingCalendar) -> Result<Option<Moved>, ClockError> {
        if !self.is_open() {
            return Err(ClockError::Closed);
        }
        let mut next = self.clone();
        let pause = next.pauses.last_mut().filter(|pause| pause.to.is_none()).ok_or(ClockError::NotPaused)?;
        if at < pause.from {
            return Err(ClockError::TooEarly);
        }
        pause.to = Some(at);
        let moved = next.settle(calendar)?;
        *self = next;
        Ok(moved)
    }

    /// Moves the due time to a later one that was granted (延期).
    ///
    /// # Errors
    /// [`ClockError`] when not running, already due, or not later.
    pub fn extend(
        &mut self,
        at: Timestamp,
        to: Timestamp,
        reason: String,
        calendar: &WorkingCalendar,
    ) -> Result<Moved, ClockError> {
        self.must_run()?;
        if at < self.last_turn() {
            return Err(ClockError::TooEarly);
        }
        if at >= self.due_at {
            return Err(ClockError::Breached);
        }
        if to <= self.due_at {
            return Err(ClockError::NotLater);
        }
        let mut next = self.clone();
        next.extensions.push(Extension { at, from: self.due_at, to, reason });
        next.settle(calendar)?;
        let moved = Moved { from: self.due_at, to: next.due_at };
        *self = next;
        Ok(moved)
    }

    /// Notes that the warning was given.
    ///
    /// # Errors
    /// [`ClockError`] when not running or too early.
    pub fn warned(&mut self, at: Timestamp) -> Result<(), ClockError> {
        self.must_run()?;
        if self.warn_at.is_none_or(|warn_at| at < warn_at) {
            return Err(ClockError::NotDue);
        }
        self.warned_at = Some(at);
        Ok(())
    }

    /// Notes that what the clock measures was done, in time or late.
    ///
    /// Done at or after the due time is late even if no tick came by (D5).
    /// Done while paused is in time.
    ///
    /// # Errors
    /// [`ClockError::Closed`] or [`ClockError::TooEarly`].
    pub fn meet(&mut self, at: Timestamp) -> Result<(), ClockError> {
        if !self.is_open() {
            return Err(ClockError::Closed);
        }
        let begun = self.pauses.last().map_or(self.started_at, |pause| pause.to.unwrap_or(pause.from));
        if at < begun.max(self.started_at) {
            return Err(ClockError::TooEarly);
        }
        if !self.is_paused() && at >= self.due_at && !self.kind.elapses() {
            self.breached_at = Some(self.due_at);
        }
        self.met_at = Some(at);
        Ok(())
    }

    /// Notes that the due time passed: a breach, or for a clock that elapses
    /// the aim (PROP-64). Both are dated by the due time, not by the tick.
    ///
    /// # Errors
    /// [`ClockError`] when not running or not yet due.
    pub fn fall_due(&mut self, now: Timestamp) -> Result<(), ClockError> {
        self.must_run()?;
        if now < self.due_at {
            return Err(ClockError::NotDue);
        }
        if self.kind.elapses() {
            self.met_at = Some(self.due_at);
        } else {
            self.breached_at = Some(self.due_at);
        }
        Ok(())
    }

    /// Ends a clock that lost its object (void, rebound, withdrawn).
    ///
    /// # Errors
    /// [`ClockError::Closed`] when met or cancelled already.
    pub fn cancel(&mut self, at: Timestamp) -> Result<(), ClockError> {
        if !self.is_open() {
            return Err(ClockError::Closed);
        }
        self.cancelled_at = Some(at);
        Ok(())
    }

    /// Counts again by a changed calendar; tells whether the due time moved.
    ///
    /// Closed and breached clocks never change (D5).
    ///
    /// # Errors
    /// [`DueError`] when the due time would leave the range of dates.
    pub fn recompute(&mut self, calendar: &WorkingCalendar) -> Result<Option<Moved>, DueError> {
        if !matches!(self.state(), ClockState::Running | ClockState::Paused) {
            return Ok(None);
        }
        let before = (self.due_at, self.provisional, self.warn_at, self.calendar.clone());
        let moved = self.settle(calendar);
        if moved.is_err() {
            (self.due_at, self.provisional, self.warn_at, self.calendar) = before;
        }
        moved
    }

    /// Takes the terms of another pack, keeping the start (packs: a change of
    /// kind or unit rebinds a case, and running clocks keep their start).
    ///
    /// # Errors
    /// [`ClockError`] when closed, breached, out of range, or paused while the
    /// new terms do not allow a pause.
    pub fn rebind(&mut self, terms: &Terms, calendar: &WorkingCalendar) -> Result<Option<Moved>, ClockError> {
        match self.must_run() {
            Err(ClockError::Paused) if terms.pausable => {}
            turn => turn?,
        }
        let mut next = self.clone();
        if matches!(next.limit, Limit::Rule(_)) {
            next.limit = Limit::Rule(terms.due);
        }
        next.warn = terms.warn;
        next.pausable = terms.pausable;
        next.source.clone_from(&terms.source);
        let moved = next.settle(calendar)?;
        *self = next;
        Ok(moved)
    }

    fn must_run(&self) -> Result<(), ClockError> {
        match self.state() {
            ClockState::Running => Ok(()),
            ClockState::Paused => Err(ClockError::Paused),
            ClockState::Breached => Err(ClockError::Breached),
            ClockState::Met | ClockState::MetLate | ClockState::Cancelled => Err(ClockError::Closed),
        }
    }

    /// Gives when something last happened to a clock that is not paused.
    fn last_turn(&self) -> Timestamp {
        let granted = self.extensions.last().map(|extension| extension.at);
        let resumed = self.pauses.last().and_then(|pause| pause.to);
        self.started_at.max(granted.unwrap_or(self.started_at)).max(resumed.unwrap_or(self.started_at))
    }

    /// Finds due time and warning again from what the clock holds.
    fn settle(&mut self, calendar: &WorkingCalendar) -> Result<Option<Moved>, DueError> {
        let found = self.due_by(calendar)?;
        let before = self.due_at;
        self.due_at = found.at;
        self.provisional = found.provisional;
        self.calendar = calendar.reference().clone();
        self.warn_at = self.warn.map(|warn| warning::warn_at(warn, self.started_at, found.at, calendar));
        // A warning given for an earlier due time does not count for a later one.
        self.warned_at = self.warned_at.filter(|given| self.warn_at.is_some_and(|at| at <= *given));
        Ok((before != found.at).then_some(Moved { from: before, to: found.at }))
    }

    fn due_by(&self, calendar: &WorkingCalendar) -> Result<DueTime, DueError> {
        let Some(granted) = self.extensions.last() else {
            return due::walk(self.limit, self.started_at, &self.pauses, calendar, &mut |_| {});
        };
        let later = self.pauses.partition_point(|pause| pause.from < granted.at);
        due::moved(self.limit, granted, &self.pauses[later..], calendar)
    }
}

impl From<LimitRule> for Limit {
    fn from(rule: LimitRule) -> Self {
        Self::Rule(rule)
    }
}
