-- One action on many cases at once, done by the machine for the person who asked.
CREATE TABLE bulk_runs (
  org BIGINT NOT NULL,
  id TEXT NOT NULL,
  person TEXT NOT NULL,
  via TEXT NOT NULL,             -- session or token
  via_id TEXT NOT NULL,
  posts TEXT NOT NULL,           -- the most that the person could do then, JSON
  action TEXT NOT NULL,
  body TEXT,                     -- of the action, JSON; null once it has ended
  total BIGINT NOT NULL,
  done BIGINT NOT NULL,
  refused BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  ended_at BIGINT,
  PRIMARY KEY (org, id)
);
CREATE INDEX bulk_runs_person ON bulk_runs (org, person, created_at);
-- Its cases in their order, each with the version that was seen.
CREATE TABLE bulk_lines (
  org BIGINT NOT NULL,
  run TEXT NOT NULL,
  seq BIGINT NOT NULL,
  case_id TEXT NOT NULL,
  version BIGINT NOT NULL,
  done_at BIGINT,                -- when its turn had come
  refusal TEXT,                  -- code and parameters, JSON; null where it was done
  PRIMARY KEY (org, run, seq)
);
CREATE INDEX bulk_lines_refused ON bulk_lines (org, run, seq) WHERE refusal IS NOT NULL;
