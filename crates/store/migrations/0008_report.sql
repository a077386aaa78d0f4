-- Prescribed reports. A draft holds only what people wrote; its figures are
-- those of the moment. What is frozen is never written again.
CREATE TABLE reports (
  org BIGINT NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  unit TEXT NOT NULL,
  first_day TEXT NOT NULL,       -- YYYY-MM-DD
  last_day TEXT NOT NULL,
  due_day TEXT,
  version BIGINT NOT NULL,
  texts TEXT NOT NULL,           -- JSON object: section to what people wrote
  created_at BIGINT NOT NULL,
  created_by TEXT,               -- none: the product itself
  changed_at BIGINT NOT NULL,
  frozen_at BIGINT,
  frozen_by TEXT,
  document TEXT,                 -- JSON, once frozen
  digest TEXT,                   -- SHA-256 over document and rows, hex
  PRIMARY KEY (org, id),
  CONSTRAINT reports_period UNIQUE (org, kind, unit, first_day, last_day)
);
CREATE INDEX reports_newest ON reports (org, last_day, id);
-- The exact list of what a frozen report counted, each case with its version.
CREATE TABLE report_rows (
  org BIGINT NOT NULL,
  report TEXT NOT NULL,
  case_id TEXT NOT NULL,
  version BIGINT NOT NULL,
  item BIGINT NOT NULL,          -- 1: it is an item of its own
  marks BIGINT NOT NULL,
  category TEXT,
  facts TEXT NOT NULL,           -- JSON: unit, cause, channel, closure, sums
  PRIMARY KEY (org, report, case_id)
);
