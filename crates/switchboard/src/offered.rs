//! Whoever calls in: on a line, from a telephone of the house, or to listen.

use huiyin_app::call;
use huiyin_domain::ids::{CallId, OrgId, PersonId};
use huiyin_telephony::{Cause, Command, LegId, Origin};

use crate::board::{Board, way};
use crate::live::Beginning;
use crate::word::{Supervisor, Way, Word};

impl Board {
    /// Gives a leg that was offered its call, or refuses it.
    pub(crate) async fn offered(&self, leg: LegId, origin: Origin, (caller, called): (String, String)) {
        let holder = match &origin {
            Origin::Extension(name) => self.0.settings.phones.holder(name),
            Origin::Trunk(_) => None,
        };
        if let Some(way) = self.monitored(&called)
            && let Some(person) = self.may_monitor(&origin, holder).await
        {
            let supervisor = Supervisor { leg, way, person, takes: false };
            self.supervisors().insert(leg, (supervisor, None));
            if !self.0.lives.settles(leg) {
                self.supervisors().remove(&leg);
            }
            return self.send(Command::Answer { leg });
        }
        let line = call::line_of(&self.0.app, &called).await;
        let line = line.inspect_err(|error| tracing::error!(%error, "lines cannot be read")).ok().flatten();
        match (line.filter(|line| line.active), holder) {
            (Some(line), _) => self.begin(leg, Beginning::Incoming { line, caller, called }),
            // who talks already asks somebody meanwhile
            (None, Some((org, Some(person)))) => match self.0.lives.of_agent(person) {
                Some(call) => self.asks(call, leg, (person, called)),
                None => self.begin(leg, Beginning::Dialled { org, agent: person, number: called }),
            },
            (None, _) => {
                self.0.lives.settles(leg);
                self.send(Command::Refuse { leg, cause: Cause::NotFound });
            }
        }
    }

    /// Passes the second call of an agent's telephone to the one in which they talk.
    fn asks(&self, call: CallId, leg: LegId, (agent, number): (PersonId, String)) {
        if self.0.lives.tell(call, Word::Second { leg, agent, number }) {
            return self.0.lives.bind(leg, call);
        }
        self.0.lives.settles(leg);
        self.send(Command::Refuse { leg, cause: Cause::Busy });
    }

    /// Says whether a number is a supervisor's way into a call: in a demo only.
    fn monitored(&self, called: &str) -> Option<Way> {
        let demo = self.0.settings.demo.as_ref()?;
        demo.monitor.get(called).copied().map(way)
    }

    /// Says whether whoever calls such a number may be in a call, and who they are.
    ///
    /// In a demo the trunk counts as the supervisor calling, else only the telephone of
    /// one (contracts §6).
    async fn may_monitor(
        &self,
        origin: &Origin,
        holder: Option<(OrgId, Option<PersonId>)>,
    ) -> Option<Option<PersonId>> {
        match (origin, holder) {
            (Origin::Trunk(_), _) => Some(None),
            (Origin::Extension(_), Some((org, Some(person)))) => {
                let may = call::supervises(&self.0.app, org, person).await;
                may.inspect_err(|error| tracing::error!(%error, "posts cannot be read"))
                    .ok()?
                    .then_some(Some(person))
            }
            (Origin::Extension(_), _) => None,
        }
    }
}
