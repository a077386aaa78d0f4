-- Cases with their history, what is derived from it, and its anchors.
-- Every key leads with the organisation; the index of due clocks is the named
-- exception: it finds what fires next, in whatever organisation.

CREATE TABLE cases (
  org BIGINT NOT NULL,
  id TEXT NOT NULL,
  number TEXT NOT NULL,
  version BIGINT NOT NULL,       -- position of the last event
  kind TEXT NOT NULL,
  channel TEXT NOT NULL,
  unit TEXT NOT NULL,
  department TEXT,
  stage TEXT NOT NULL,
  phase TEXT NOT NULL,
  closure TEXT,
  owner TEXT NOT NULL,
  handler TEXT,
  receiver TEXT,
  offered_owner TEXT,            -- asked to take ownership
  offered_handler TEXT,          -- asked to take the work
  category TEXT,                 -- final, the intake category while there is none
  intake_category TEXT,
  cause TEXT,
  received_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  closed_at BIGINT,
  due_at BIGINT,                 -- earliest open limit
  external_source TEXT,
  external_id TEXT,
  title TEXT NOT NULL,           -- commitment of the title, else of the message
  head TEXT NOT NULL,            -- hash of the last event
  state TEXT NOT NULL,           -- JSON, without personal text
  PRIMARY KEY (org, id),
  CONSTRAINT cases_number UNIQUE (org, number)
);
CREATE INDEX cases_received ON cases (org, received_at, id);
CREATE INDEX cases_phase ON cases (org, phase, received_at, id);
CREATE INDEX cases_owner ON cases (org, owner, received_at, id);
CREATE INDEX cases_handler ON cases (org, handler, received_at, id) WHERE handler IS NOT NULL;
CREATE INDEX cases_category ON cases (org, category, received_at, id) WHERE category IS NOT NULL;
CREATE INDEX cases_due ON cases (org, due_at, id) WHERE due_at IS NOT NULL;
CREATE UNIQUE INDEX cases_external ON cases (org, external_source, external_id) WHERE external_id IS NOT NULL;

-- The append-only history; `payload` is the canonical JSON that the hash covers.
CREATE TABLE events (
  org BIGINT NOT NULL,
  case_id TEXT NOT NULL,
  seq BIGINT NOT NULL,
  occurred_at BIGINT NOT NULL,
  recorded_at BIGINT NOT NULL,
  person TEXT,                   -- none: a rule
  kind TEXT NOT NULL,
  payload TEXT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (org, case_id, seq)
)
-- @sqlite
WITHOUT ROWID
-- @end
;

-- Personal texts, apart from the history so that they can be erased (D4).
CREATE TABLE sealed (
  org BIGINT NOT NULL,
  case_id TEXT NOT NULL,
  digest TEXT NOT NULL,
  salt BYTEA,
  value TEXT,
  erased_at BIGINT,
  PRIMARY KEY (org, case_id, digest)
)
-- @sqlite
WITHOUT ROWID
-- @end
;

CREATE TABLE clocks (
  org BIGINT NOT NULL,
  case_id TEXT NOT NULL,
  id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  round BIGINT NOT NULL,
  started_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  met_at BIGINT,
  breached_at BIGINT,
  cancelled_at BIGINT,
  fires_at BIGINT,               -- next warning or due time; none when nothing will fire
  PRIMARY KEY (org, case_id, id)
)
-- @sqlite
WITHOUT ROWID
-- @end
;
CREATE INDEX clocks_fire ON clocks (fires_at) WHERE fires_at IS NOT NULL;

CREATE TABLE promises (
  org BIGINT NOT NULL,
  case_id TEXT NOT NULL,
  id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  person TEXT,
  made_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  kept_at BIGINT,
  withdrawn_at BIGINT,
  PRIMARY KEY (org, case_id, id)
);
CREATE INDEX promises_open ON promises (org, person, due_at) WHERE kept_at IS NULL AND withdrawn_at IS NULL;

CREATE TABLE tasks (
  org BIGINT NOT NULL,
  case_id TEXT NOT NULL,
  id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  person TEXT,
  post TEXT,
  unit TEXT NOT NULL,
  blocking BIGINT NOT NULL,
  given_at BIGINT NOT NULL,
  due_at BIGINT,
  ended_at BIGINT,
  done BIGINT NOT NULL,
  PRIMARY KEY (org, case_id, id)
);
CREATE INDEX tasks_person ON tasks (org, person) WHERE ended_at IS NULL;
CREATE INDEX tasks_post ON tasks (org, post, unit) WHERE ended_at IS NULL;

-- One time somebody reached us or we reached them; the first one is the case's own.
CREATE TABLE contacts (
  org BIGINT NOT NULL,
  case_id TEXT NOT NULL,
  seq BIGINT NOT NULL,           -- position of its event
  at BIGINT NOT NULL,
  direction TEXT NOT NULL,
  channel TEXT NOT NULL,
  party TEXT,
  person TEXT,
  PRIMARY KEY (org, case_id, seq)
)
-- @sqlite
WITHOUT ROWID
-- @end
;

CREATE TABLE case_parties (
  org BIGINT NOT NULL,
  party TEXT NOT NULL,
  case_id TEXT NOT NULL,
  role TEXT NOT NULL,
  PRIMARY KEY (org, party, case_id)
);
CREATE INDEX case_parties_case ON case_parties (org, case_id);

CREATE TABLE relations (
  org BIGINT NOT NULL,
  case_id TEXT NOT NULL,
  relation TEXT NOT NULL,
  other TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (org, case_id, relation, other)
);
CREATE INDEX relations_other ON relations (org, other);

-- The flat row that statistics read; re-creatable by replay (domain.md §3).
CREATE TABLE case_facts (
  org BIGINT NOT NULL,
  case_id TEXT NOT NULL,
  version BIGINT NOT NULL,
  kind TEXT NOT NULL,
  channel TEXT NOT NULL,
  unit TEXT NOT NULL,
  intake_category TEXT,
  final_category TEXT,
  cause TEXT,
  received_at BIGINT NOT NULL,
  accepted_at BIGINT,
  first_reply_at BIGINT,
  executed_at BIGINT,
  verified_at BIGINT,
  visited_at BIGINT,
  closed_at BIGINT,
  closure TEXT,
  exemption TEXT,
  satisfied BIGINT,
  rounds BIGINT NOT NULL,
  urged BIGINT NOT NULL,
  asked_progress BIGINT NOT NULL,
  demand_fen BIGINT,
  reply_due_at BIGINT,
  reply_met_at BIGINT,
  PRIMARY KEY (org, case_id)
);
CREATE INDEX case_facts_received ON case_facts (org, received_at);

-- Numbers are given out in blocks per organisation and day; gaps are normal.
CREATE TABLE numbers (
  org BIGINT NOT NULL,
  day TEXT NOT NULL,
  next BIGINT NOT NULL,
  PRIMARY KEY (org, day)
);

-- Answers to requests that carried a key; kept for a day.
CREATE TABLE idempotency (
  org BIGINT NOT NULL,
  person TEXT NOT NULL,
  key TEXT NOT NULL,
  body TEXT NOT NULL,
  status BIGINT NOT NULL,
  answer TEXT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (org, person, key)
);
CREATE INDEX idempotency_expiry ON idempotency (expires_at);

-- Anchors over the heads that changed; also written outside the database (D4).
CREATE TABLE anchors (
  id BIGINT PRIMARY KEY,
  at BIGINT NOT NULL,
  previous TEXT NOT NULL,
  heads BIGINT NOT NULL,
  digest TEXT NOT NULL
);
CREATE TABLE anchor_heads (
  org BIGINT NOT NULL,
  case_id TEXT NOT NULL,
  anchor BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (org, case_id, anchor)
)
-- @sqlite
WITHOUT ROWID
-- @end
;
-- Heads that wait for the next anchor.
CREATE TABLE unanchored (
  org BIGINT NOT NULL,
  case_id TEXT NOT NULL,
  PRIMARY KEY (org, case_id)
)
-- @sqlite
WITHOUT ROWID
-- @end
;

-- Packs and calendars that an organisation activated, beside the shipped ones.
CREATE TABLE packs (
  org BIGINT NOT NULL,
  name TEXT NOT NULL,
  version BIGINT NOT NULL,
  effective TEXT NOT NULL,       -- first day, YYYY-MM-DD
  files TEXT NOT NULL,           -- JSON object of file name to text
  activated_at BIGINT NOT NULL,
  PRIMARY KEY (org, name, version)
);
CREATE TABLE calendars (
  org BIGINT NOT NULL,
  name TEXT NOT NULL,
  version BIGINT NOT NULL,
  parts TEXT NOT NULL,           -- JSON
  activated_at BIGINT NOT NULL,
  PRIMARY KEY (org, name, version)
);
