-- Incidents: the real happening that several cases and contacts are about (D3).
-- Their history, texts, clocks and anchors lie in events, sealed, clocks and
-- anchor_heads, whose case_id holds the id of a case or of an incident.

CREATE TABLE incidents (
  org BIGINT NOT NULL,
  id TEXT NOT NULL,
  number TEXT NOT NULL,
  opened_at BIGINT NOT NULL,
  title TEXT NOT NULL,           -- commitment
  version BIGINT NOT NULL,       -- position of the last event
  unit TEXT NOT NULL,
  building TEXT,
  category TEXT,
  stage TEXT NOT NULL,
  owner TEXT NOT NULL,
  changed_at BIGINT NOT NULL,
  closed_at BIGINT,
  due_at BIGINT,                 -- earliest open limit
  head TEXT NOT NULL,            -- hash of the last event
  state TEXT NOT NULL,           -- JSON, without personal text
  PRIMARY KEY (org, id),
  CONSTRAINT incidents_number UNIQUE (org, number)
);
CREATE INDEX incidents_opened ON incidents (org, opened_at, id);
CREATE INDEX incidents_unit ON incidents (org, unit, stage);
CREATE INDEX incidents_changed ON incidents (org, changed_at);

-- The log of joining, splitting and marking, as one list over all incidents.
CREATE TABLE incident_operations (
  org BIGINT NOT NULL,
  incident TEXT NOT NULL,
  id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  at BIGINT NOT NULL,
  person TEXT,
  undone_at BIGINT,
  PRIMARY KEY (org, incident, id)
);

-- Who belongs now: a case, or one contact of a case, is in at most one incident.
CREATE TABLE incident_members (
  org BIGINT NOT NULL,
  incident TEXT NOT NULL,
  case_id TEXT NOT NULL,
  seq BIGINT NOT NULL,           -- 0 the whole case, else the contact's event
  operation BIGINT NOT NULL,     -- the one that joined it
  CONSTRAINT incident_members_once PRIMARY KEY (org, case_id, seq)
);
CREATE INDEX incident_members_of ON incident_members (org, incident);
