//! Clocks of an incident that come near their end or run out.

use super::event::Event;
use super::state::Incident;
use crate::case::{ClockRef, Recipient};
use crate::people::Post;
use crate::time::Timestamp;

impl Incident {
    /// Makes the events of a clock whose warning or due time has come.
    #[must_use]
    pub fn tick(&self, id: u32, now: Timestamp) -> Vec<Event> {
        let Some(clock) = self.clocks.iter().find(|clock| clock.id == id) else { return Vec::new() };
        let Some(fires_at) = clock.fires_at().filter(|at| *at <= now) else { return Vec::new() };
        if fires_at < clock.due_at && now < clock.due_at {
            let warned = Event::ClockWarned(ClockRef { clock: id });
            return vec![warned, Self::tells(Recipient::Person(self.owner), "limit_near", false, &[])];
        }
        let mut events = vec![Event::ClockMissed(ClockRef { clock: id })];
        events.push(Self::tells(Recipient::Person(self.owner), "limit_missed", true, &[]));
        let posts = [Post::Lead, Post::Manager];
        events.extend(
            posts.into_iter().map(|post| Self::tells(Recipient::Post(post), "limit_missed", true, &[])),
        );
        events
    }
}
