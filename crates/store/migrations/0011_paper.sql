-- House papers (文书): stock-takes, reports, letters, records that are no cases.

-- One paper of any kind; its machine is in the domain, its state in `body`.
CREATE TABLE papers (
  org BIGINT NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  unit TEXT NOT NULL,
  case_id TEXT,                  -- the case it is about
  period TEXT,                   -- day, week or month of what recurs: one of each unit
  state TEXT NOT NULL,
  open BIGINT NOT NULL,          -- something is still to be done
  confidential BIGINT NOT NULL,  -- known only to whom it names and who may handle it
  version BIGINT NOT NULL,       -- position of the last entry of its history
  opened_at BIGINT NOT NULL,
  opened_by TEXT,                -- none: the clock
  changed_at BIGINT NOT NULL,
  due_at BIGINT,
  fires_at BIGINT,               -- when its clock has something to say
  body TEXT NOT NULL,            -- JSON
  PRIMARY KEY (org, id),
  CONSTRAINT papers_period UNIQUE (org, kind, unit, period)
);
CREATE INDEX papers_kind ON papers (org, kind, opened_at, id);
CREATE INDEX papers_case ON papers (org, case_id) WHERE case_id IS NOT NULL;
-- The second look-up that crosses organisations: whose clock fires next.
CREATE INDEX papers_fire ON papers (fires_at, org, id) WHERE fires_at IS NOT NULL;

-- Whose a paper is beside its unit's: they see it wherever they work.
CREATE TABLE paper_people (
  org BIGINT NOT NULL,
  paper TEXT NOT NULL,
  person TEXT NOT NULL,
  PRIMARY KEY (org, paper, person)
);
CREATE INDEX paper_people_person ON paper_people (org, person, paper);

-- What happened to a paper, in order; never changed.
CREATE TABLE paper_entries (
  org BIGINT NOT NULL,
  paper TEXT NOT NULL,
  seq BIGINT NOT NULL,
  at BIGINT NOT NULL,
  person TEXT,                   -- none: the clock
  step TEXT NOT NULL,
  body TEXT NOT NULL,            -- JSON, what opened it or the step with its body
  PRIMARY KEY (org, paper, seq)
)
-- @sqlite
WITHOUT ROWID
-- @end
;

-- The list of a stock-take: one line for each case, frozen with it.
CREATE TABLE stocktake_lines (
  org BIGINT NOT NULL,
  paper TEXT NOT NULL,
  case_id TEXT NOT NULL,
  number TEXT NOT NULL,
  kind TEXT NOT NULL,
  received_at BIGINT NOT NULL,
  owner TEXT NOT NULL,
  handler TEXT,
  stage TEXT NOT NULL,
  closed_at BIGINT,
  due_at BIGINT,
  carried BIGINT NOT NULL,       -- open since an earlier day
  late BIGINT NOT NULL,          -- registered on a later day than collected
  said TEXT,                     -- the owner's word: where it stands
  next TEXT,                     -- what is done next
  by_day TEXT,                   -- by when
  said_by TEXT,
  said_at BIGINT,
  PRIMARY KEY (org, paper, received_at, case_id)
)
-- @sqlite
WITHOUT ROWID
-- @end
;
CREATE INDEX stocktake_lines_case ON stocktake_lines (org, case_id);

-- When what recurs opens next; one row for each organisation that set it.
CREATE TABLE rhythms (
  org BIGINT PRIMARY KEY,
  rhythm TEXT NOT NULL,          -- JSON
  version BIGINT NOT NULL,
  done_until BIGINT NOT NULL,    -- everything up to here has opened
  next_at BIGINT                 -- none: nothing recurs
);
CREATE INDEX rhythms_next ON rhythms (next_at) WHERE next_at IS NOT NULL;
-- What was closed since a day: the list of a day holds it too.
CREATE INDEX cases_closed ON cases (org, closed_at) WHERE closed_at IS NOT NULL;
