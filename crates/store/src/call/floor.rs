//! The floor of one organisation over the database, inside one transaction.

use huiyin_domain::call::agent::{Agent, State as AgentState};
use huiyin_domain::call::floor::{Floor, Lease};
use huiyin_domain::call::queue::{Queue, Waiting};
use huiyin_domain::call::record::Call;
use huiyin_domain::call::simulation::waits;
use huiyin_domain::ids::{CallId, OrgId, PersonId, QueueId, UnitId};
use huiyin_domain::time::Timestamp;
use serde::de::DeserializeOwned;

use crate::sql::{Engine, Row, StoreError, Tx};
use crate::values;

/// What a transaction changed, for whoever looks.
#[derive(Clone, Debug, Default)]
pub struct Touched {
    /// Calls as they are now.
    pub calls: Vec<Call>,
    /// Agents as they are now.
    pub agents: Vec<Agent>,
}

/// The floor of one organisation.
pub struct Rows<'a, 'tx> {
    tx: &'a mut Tx<'tx>,
    org: OrgId,
    now: Timestamp,
    touched: Touched,
}

fn parsed<T: DeserializeOwned>(text: &str, what: &str) -> Result<T, StoreError> {
    serde_json::from_str(text)
        .map_err(|error| StoreError::Type { context: format!("the stored {what} cannot be read: {error}") })
}

/// Reads JSON in a column.
pub(super) fn body<T: DeserializeOwned>(row: &Row, at: usize, what: &str) -> Result<T, StoreError> {
    parsed(row.text(at)?, what)
}

/// Writes JSON into a column.
pub(super) fn json<T: serde::Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value)
        .map_err(|error| StoreError::Type { context: format!("cannot be written as JSON: {error}") })
}

/// Gives a call as it stands.
///
/// # Errors
/// Any [`StoreError`].
pub fn call(tx: &mut Tx<'_>, org: OrgId, id: CallId) -> Result<Option<Call>, StoreError> {
    let row = tx.one("SELECT body FROM calls WHERE org = $1 AND id = $2", &values![org, id])?;
    row.as_ref().map(|row| body(row, 0, "call")).transpose()
}

/// Gives an agent as they stand.
///
/// # Errors
/// Any [`StoreError`].
pub fn agent(tx: &mut Tx<'_>, org: OrgId, person: PersonId) -> Result<Option<Agent>, StoreError> {
    let row = tx.one("SELECT body FROM agents WHERE org = $1 AND person = $2", &values![org, person])?;
    row.as_ref().map(|row| body(row, 0, "agent")).transpose()
}

/// Gives the unit to which a call belongs.
///
/// # Errors
/// Any [`StoreError`], also where there is no such call.
pub fn unit_of(tx: &mut Tx<'_>, org: OrgId, id: CallId) -> Result<UnitId, StoreError> {
    let row = tx.one("SELECT unit FROM calls WHERE org = $1 AND id = $2", &values![org, id])?;
    row.map_or_else(|| Err(StoreError::Type { context: "there is no such call".into() }), |row| row.get(0))
}

/// Gives the unit at the top: the whole house.
///
/// # Errors
/// Any [`StoreError`].
pub fn top(tx: &mut Tx<'_>, org: OrgId) -> Result<Option<UnitId>, StoreError> {
    let row = tx.one(
        "SELECT ancestor FROM unit_paths WHERE org = $1 AND valid_to IS NULL
         GROUP BY ancestor ORDER BY COUNT(*) DESC, ancestor LIMIT 1",
        &values![org],
    )?;
    row.map(|row| row.get(0)).transpose()
}

/// Gives when a lease of any organisation ends next.
///
/// # Errors
/// Any [`StoreError`].
pub fn next_lapse(tx: &mut Tx<'_>) -> Result<Option<Timestamp>, StoreError> {
    let row = tx.one(
        "SELECT MIN(u) FROM (SELECT MIN(until) AS u FROM calls WHERE until IS NOT NULL
           UNION ALL SELECT MIN(until) FROM agents WHERE until IS NOT NULL) l",
        &[],
    )?;
    row.map_or(Ok(None), |row| row.get(0))
}

/// Gives leases of every organisation that ran out, oldest first.
///
/// # Errors
/// Any [`StoreError`].
pub fn lapsed(tx: &mut Tx<'_>, now: Timestamp, most: u32) -> Result<Vec<(OrgId, Lease)>, StoreError> {
    let calls = tx.all(
        "SELECT org, id FROM calls WHERE until IS NOT NULL AND until <= $1 ORDER BY until LIMIT $2",
        &values![now, most],
    )?;
    let agents = tx.all(
        "SELECT org, person FROM agents WHERE until IS NOT NULL AND until <= $1 ORDER BY until LIMIT $2",
        &values![now, most],
    )?;
    let of_call = calls.iter().map(|row| Ok((row.get(0)?, Lease::Call(row.get(1)?))));
    let of_agent = agents.iter().map(|row| Ok((row.get(0)?, Lease::Agent(row.get(1)?))));
    of_call.chain(of_agent).collect()
}

/// Gives the organisations with open calls whose sound a process holds.
///
/// # Errors
/// Any [`StoreError`].
pub fn orgs_of_node(tx: &mut Tx<'_>, node: &str) -> Result<Vec<OrgId>, StoreError> {
    let rows = tx.all(
        "SELECT DISTINCT org FROM calls WHERE ended_at IS NULL AND node = $1 ORDER BY org",
        &values![node],
    )?;
    rows.iter().map(|row| row.get(0)).collect()
}

impl<'a, 'tx> Rows<'a, 'tx> {
    /// Takes the floor of an organisation for the rest of the transaction.
    ///
    /// Whoever changes one floor does so alone: on PostgreSQL by a lock that ends
    /// with the transaction, on SQLite because there is one writer.
    ///
    /// # Errors
    /// Any [`StoreError`].
    pub fn of(tx: &'a mut Tx<'tx>, org: OrgId, now: Timestamp) -> Result<Self, StoreError> {
        if tx.engine() == Engine::Postgres {
            tx.all("SELECT pg_advisory_xact_lock(7290000000000 + $1)::TEXT", &values![org])?;
        }
        Ok(Self { tx, org, now, touched: Touched::default() })
    }

    /// Gives what was changed.
    #[must_use]
    pub fn touched(self) -> Touched {
        self.touched
    }

    /// Gives the unit to which a call belongs: of its line, else the whole house.
    fn unit(&mut self, call: &Call) -> Result<UnitId, StoreError> {
        let number = call.line.as_ref().unwrap_or(&call.called);
        let line = self
            .tx
            .one("SELECT unit FROM lines WHERE org = $1 AND number = $2", &values![self.org, number])?;
        if let Some(row) = line {
            return row.get(0);
        }
        // a call that an agent makes or types in belongs where the agent works
        if let Some(agent) = call.state.agent().or_else(|| call.agents.last().copied()) {
            let desk = self.tx.one(
                "SELECT unit FROM memberships WHERE org = $1 AND person = $2 AND valid_from <= $3
                   AND (valid_to IS NULL OR valid_to > $3) ORDER BY valid_from, id LIMIT 1",
                &values![self.org, agent, self.now],
            )?;
            if let Some(row) = desk {
                return row.get(0);
            }
        }
        Ok(top(self.tx, self.org)?.unwrap_or(UnitId(uuid::Uuid::nil())))
    }

    fn write(&mut self, call: &Call) -> Result<(), StoreError> {
        let known = self
            .tx
            .one("SELECT state, agent FROM calls WHERE org = $1 AND id = $2", &values![self.org, call.id])?;
        let state = call.state.as_str();
        let agent = call.state.agent().or(call.agents.last().copied());
        let facts = if call.is_over() { Some(json(&call.facts())?) } else { None };
        let version = i64::try_from(call.version).unwrap_or(i64::MAX);
        let before: Option<String> = known.as_ref().map(|row| row.get(0)).transpose()?;
        if before.is_none() {
            self.begin(call)?;
        }
        self.tx.execute(
            "UPDATE calls SET state = $3, line = $4, service = $5, queue = $6, agent = COALESCE($7, agent),
                    first_agent = $8, party = $9, case_id = $10, result = $11, ended_at = $12, until = $13,
                    body = $14, facts = $15, version = $16 WHERE org = $1 AND id = $2",
            &values![
                self.org,
                call.id,
                state,
                call.line.clone(),
                call.service.clone(),
                call.queue,
                agent,
                call.agents.first().copied(),
                call.party,
                call.case,
                call.result.map(|result| result.as_str()),
                call.ended_at,
                call.state.until(),
                json(call)?,
                facts,
                version,
            ],
        )?;
        self.history(call, before.as_deref() != Some(state), agent)
    }

    /// Enters a call with what never changes of it.
    fn begin(&mut self, call: &Call) -> Result<(), StoreError> {
        let unit = self.unit(call)?;
        self.tx.execute(
            "INSERT INTO calls (org, id, unit, direction, state, typed, node, caller, called, arrived_at, body, version)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '{}', 0)",
            &values![
                self.org,
                call.id,
                unit,
                call.direction.as_str(),
                call.state.as_str(),
                i64::from(call.typed),
                &call.node,
                call.caller.clone(),
                &call.called,
                call.arrived_at,
            ],
        )?;
        Ok(())
    }

    /// Notes a change of state, and who had the call.
    fn history(&mut self, call: &Call, changed: bool, agent: Option<PersonId>) -> Result<(), StoreError> {
        let version = i64::try_from(call.version).unwrap_or(i64::MAX);
        if changed {
            self.tx.execute(
                "INSERT INTO call_events (org, call, seq, at, state, person) VALUES ($1, $2, $3, $4, $5, $6)
                 ON CONFLICT (org, call, seq) DO NOTHING",
                &values![self.org, call.id, version, self.now, call.state.as_str(), call.state.agent()],
            )?;
        }
        if let Some(agent) = agent {
            self.tx.execute(
                "INSERT INTO call_people (org, call, person) VALUES ($1, $2, $3)
                 ON CONFLICT (org, call, person) DO NOTHING",
                &values![self.org, call.id, agent],
            )?;
        }
        Ok(())
    }
}

impl Floor for Rows<'_, '_> {
    type Error = StoreError;

    fn call(&mut self, id: CallId) -> Result<Option<Call>, StoreError> {
        call(self.tx, self.org, id)
    }

    fn agent(&mut self, id: PersonId) -> Result<Option<Agent>, StoreError> {
        agent(self.tx, self.org, id)
    }

    fn queue(&mut self, id: QueueId) -> Result<Option<Queue>, StoreError> {
        super::settings::queue(self.tx, self.org, id)
    }

    fn waiting(&mut self, queue: QueueId) -> Result<Vec<Waiting>, StoreError> {
        let rows = self.tx.all(
            "SELECT body FROM calls WHERE org = $1 AND queue = $2 AND state = 'waiting' ORDER BY arrived_at, id",
            &values![self.org, queue],
        )?;
        let calls = rows.iter().map(|row| body::<Call>(row, 0, "call"));
        calls.filter_map(|call| call.map(|call| waits(&call)).transpose()).collect()
    }

    fn staff(&mut self, queue: QueueId) -> Result<Vec<Agent>, StoreError> {
        let rows = self.tx.all(
            "SELECT a.body FROM queue_agents q JOIN agents a ON a.org = q.org AND a.person = q.person
             WHERE q.org = $1 AND q.queue = $2 AND a.state <> 'offline' ORDER BY a.person",
            &values![self.org, queue],
        )?;
        rows.iter().map(|row| body(row, 0, "agent")).collect()
    }

    fn served(&mut self, agent: PersonId) -> Result<Vec<QueueId>, StoreError> {
        let rows = self.tx.all(
            "SELECT queue FROM queue_agents WHERE org = $1 AND person = $2 ORDER BY queue",
            &values![self.org, agent],
        )?;
        rows.iter().map(|row| row.get(0)).collect()
    }

    fn live(&mut self) -> Result<u32, StoreError> {
        let row = self.tx.one(
            "SELECT COUNT(*) FROM calls WHERE org = $1 AND ended_at IS NULL AND direction = 'in'",
            &values![self.org],
        )?;
        row.map_or(Ok(0), |row| row.get(0))
    }

    fn of_node(&mut self, node: &str) -> Result<Vec<CallId>, StoreError> {
        let rows = self.tx.all(
            "SELECT id FROM calls WHERE org = $1 AND ended_at IS NULL AND node = $2 ORDER BY id",
            &values![self.org, node],
        )?;
        rows.iter().map(|row| row.get(0)).collect()
    }

    fn recorded_until(&mut self, call: CallId) -> Result<Option<Timestamp>, StoreError> {
        let row = self.tx.one(
            "SELECT MAX(ended_at) FROM recordings WHERE org = $1 AND call = $2",
            &values![self.org, call],
        )?;
        row.map_or(Ok(None), |row| row.get(0))
    }

    fn keep_call(&mut self, call: &Call) -> Result<(), StoreError> {
        self.write(call)?;
        self.touched.calls.retain(|known| known.id != call.id);
        self.touched.calls.push(call.clone());
        Ok(())
    }

    fn keep_agent(&mut self, agent: &Agent) -> Result<(), StoreError> {
        let known = self.tx.one(
            "SELECT state FROM agents WHERE org = $1 AND person = $2",
            &values![self.org, agent.person],
        )?;
        let before: Option<String> = known.as_ref().map(|row| row.get(0)).transpose()?;
        let state = agent.state.as_str();
        self.tx.execute(
            "INSERT INTO agents (org, person, state, until, body) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (org, person)
             DO UPDATE SET state = excluded.state, until = excluded.until, body = excluded.body",
            &values![self.org, agent.person, state, agent.state.until(), json(agent)?],
        )?;
        if before.as_deref() != Some(state) {
            let reason = match &agent.state {
                AgentState::NotReady { reason } => Some(reason.clone()),
                _ => None,
            };
            self.tx.execute(
                "INSERT INTO agent_states (org, person, version, at, state, reason)
                 VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (org, person, version) DO NOTHING",
                &values![
                    self.org,
                    agent.person,
                    i64::try_from(agent.version).unwrap_or(i64::MAX),
                    self.now,
                    state,
                    reason
                ],
            )?;
        }
        self.touched.agents.retain(|known| known.person != agent.person);
        self.touched.agents.push(agent.clone());
        Ok(())
    }
}
