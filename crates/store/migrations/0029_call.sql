-- The call centre: calls, agents, queues, lines, telephones and recordings.

-- One call; the columns that lists and routing ask for, and the whole record.
CREATE TABLE calls (
  org BIGINT NOT NULL,
  id TEXT NOT NULL,
  unit TEXT NOT NULL,            -- of the line; where it belongs
  direction TEXT NOT NULL,
  state TEXT NOT NULL,
  typed BIGINT NOT NULL,         -- 1 where there was no line (X-35)
  node TEXT NOT NULL,            -- process that holds its sound
  caller TEXT,                   -- digits only
  called TEXT NOT NULL,
  line TEXT,
  service TEXT,
  queue TEXT,
  agent TEXT,                    -- who has it, else who had it last
  first_agent TEXT,              -- who spoke first
  party TEXT,
  case_id TEXT,
  result TEXT,
  arrived_at BIGINT NOT NULL,
  ended_at BIGINT,
  until BIGINT,                  -- when its state ends by itself
  body TEXT NOT NULL,            -- the record, JSON
  facts TEXT,                    -- the flat row of figures, JSON, once it is over
  note TEXT,                     -- what was typed about it
  version BIGINT NOT NULL,
  PRIMARY KEY (org, id)
);
CREATE INDEX calls_arrived ON calls (org, arrived_at, id);
CREATE INDEX calls_agent ON calls (org, agent, arrived_at);
CREATE INDEX calls_case ON calls (org, case_id) WHERE case_id IS NOT NULL;
CREATE INDEX calls_caller ON calls (org, caller, arrived_at) WHERE caller IS NOT NULL;
CREATE INDEX calls_waiting ON calls (org, queue, arrived_at) WHERE state = 'waiting';
CREATE INDEX calls_open ON calls (org, node) WHERE ended_at IS NULL;
CREATE INDEX calls_until ON calls (until) WHERE until IS NOT NULL;

-- What happened to a call, in its order.
CREATE TABLE call_events (
  org BIGINT NOT NULL,
  call TEXT NOT NULL,
  seq BIGINT NOT NULL,
  at BIGINT NOT NULL,
  state TEXT NOT NULL,
  person TEXT,                   -- the agent who has it then
  PRIMARY KEY (org, call, seq)
);

-- Everybody to whom a call was offered or who spoke.
CREATE TABLE call_people (
  org BIGINT NOT NULL,
  call TEXT NOT NULL,
  person TEXT NOT NULL,
  PRIMARY KEY (org, call, person)
);

CREATE TABLE agents (
  org BIGINT NOT NULL,
  person TEXT NOT NULL,
  state TEXT NOT NULL,
  until BIGINT,
  body TEXT NOT NULL,            -- JSON
  PRIMARY KEY (org, person)
);
CREATE INDEX agents_until ON agents (until) WHERE until IS NOT NULL;

-- Since when an agent was in which state.
CREATE TABLE agent_states (
  org BIGINT NOT NULL,
  person TEXT NOT NULL,
  version BIGINT NOT NULL,
  at BIGINT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT,
  PRIMARY KEY (org, person, version)
);
CREATE INDEX agent_states_at ON agent_states (org, at);

CREATE TABLE queues (
  org BIGINT NOT NULL,
  id TEXT NOT NULL,
  code TEXT NOT NULL,
  body TEXT NOT NULL,            -- JSON
  PRIMARY KEY (org, id)
);
CREATE UNIQUE INDEX queues_code ON queues (org, code);

CREATE TABLE queue_agents (
  org BIGINT NOT NULL,
  queue TEXT NOT NULL,
  person TEXT NOT NULL,
  PRIMARY KEY (org, queue, person)
);
CREATE INDEX queue_agents_person ON queue_agents (org, person);

-- A dialled number: it decides organisation and service (CALL-18).
CREATE TABLE lines (
  number TEXT NOT NULL,
  org BIGINT NOT NULL,
  unit TEXT NOT NULL,
  name TEXT NOT NULL,
  service TEXT,
  menu TEXT,                     -- menu that answers
  queue TEXT,                    -- or the queue it goes straight to
  most BIGINT,                   -- calls at once (CALL-2)
  active BIGINT NOT NULL,
  PRIMARY KEY (org, number)
);
CREATE UNIQUE INDEX lines_number ON lines (number);

-- Telephones; the password is shown once, only digests stay.
CREATE TABLE extensions (
  org BIGINT NOT NULL,
  name TEXT NOT NULL,
  person TEXT,
  realm TEXT NOT NULL,
  ha1_md5 TEXT NOT NULL,
  ha1_sha256 TEXT NOT NULL,
  active BIGINT NOT NULL,
  made_at BIGINT NOT NULL,
  PRIMARY KEY (org, name)
);
CREATE UNIQUE INDEX extensions_name ON extensions (name);
CREATE INDEX extensions_person ON extensions (org, person);

-- Ways to carriers.
CREATE TABLE trunks (
  org BIGINT NOT NULL,
  name TEXT NOT NULL,
  secret TEXT NOT NULL,
  body TEXT NOT NULL,            -- settings, JSON
  PRIMARY KEY (org, name)
);

CREATE TABLE recordings (
  org BIGINT NOT NULL,
  id TEXT NOT NULL,
  call TEXT NOT NULL,
  began_at BIGINT NOT NULL,
  ended_at BIGINT,
  millis BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  key_id TEXT,
  keep_until BIGINT NOT NULL,
  erased_at BIGINT,
  PRIMARY KEY (org, id)
);
CREATE INDEX recordings_call ON recordings (org, call);
CREATE INDEX recordings_keep ON recordings (keep_until) WHERE erased_at IS NULL;

-- Who listened (CALL-11).
CREATE TABLE recording_access (
  org BIGINT NOT NULL,
  recording TEXT NOT NULL,
  id TEXT NOT NULL,
  at BIGINT NOT NULL,
  person TEXT NOT NULL,
  how TEXT NOT NULL,             -- listened, waveform, live
  PRIMARY KEY (org, recording, id)
);
