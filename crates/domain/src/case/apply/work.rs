//! Tasks and the clocks that watch them.

use super::super::state::Case;
use super::super::task::Task;
use crate::clock::{Clock, ClockKind};
use crate::time::Timestamp;

impl Case {
    /// A task shows the time by which its clock wants it done, unless it has
    /// one of its own.
    pub(super) fn due_of_task(&mut self, clock: &Clock) {
        let Some(id) = clock.task else { return };
        self.with_task(id, |task| task.due = task.due.or(Some(clock.due_at)));
    }

    /// A clock that moved takes the due time of its task along.
    pub(super) fn clock_moved(&mut self, clock: &Clock) {
        let Some(old) = self.clocks.iter_mut().find(|old| old.id == clock.id) else { return };
        let moved = old.due_at != clock.due_at;
        *old = clock.clone();
        if let Some(id) = clock.task.filter(|_| moved) {
            self.with_task(id, |task| task.due = Some(clock.due_at));
        }
    }

    pub(super) fn with_task(&mut self, id: u32, change: impl FnOnce(&mut Task)) {
        if let Some(task) = self.tasks.iter_mut().find(|task| task.id == id && task.is_open()) {
            change(task);
        }
    }

    /// Ends a task, done or called off, and what watches it.
    pub(super) fn end_task(&mut self, id: u32, at: Timestamp, done: bool) {
        self.with_task(id, |task| (task.ended_at, task.done) = (Some(at), done));
        let watches: Vec<u32> = self.clocks.iter().filter(|c| c.task == Some(id)).map(|c| c.id).collect();
        for clock in watches {
            self.with_clock(clock, |clock| if done { clock.meet(at) } else { clock.cancel(at) });
        }
    }

    /// Ends what waits for answers to reminders: the matter is settled, or
    /// was none.
    pub(super) fn end_reminders(&mut self, at: Timestamp, settled: bool) {
        for kind in [ClockKind::Urge, ClockKind::Supervise] {
            if settled { self.meet(kind, at) } else { self.cancel(kind, at) }
        }
    }
}
