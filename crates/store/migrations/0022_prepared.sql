-- What is written now and said at a later time, in its writer's name. A body may
-- hold personal text, so it stands here alone and goes with the row.
CREATE TABLE prepared (
  org BIGINT NOT NULL,
  id TEXT NOT NULL,
  person TEXT NOT NULL,
  via TEXT NOT NULL,             -- session or token
  via_id TEXT NOT NULL,
  posts TEXT NOT NULL,           -- the most that the person could do then, JSON
  case_id TEXT NOT NULL,
  version BIGINT NOT NULL,       -- of the case, as the writer saw it
  action TEXT NOT NULL,
  body TEXT NOT NULL,            -- of the action, JSON
  due_at BIGINT NOT NULL,
  turn BIGINT NOT NULL,          -- goes up with each new time
  created_at BIGINT NOT NULL,
  refused_at BIGINT,             -- when it could not be said
  refusal TEXT,                  -- code and parameters, JSON
  PRIMARY KEY (org, id)
);
CREATE INDEX prepared_person ON prepared (org, person, due_at, id);
CREATE INDEX prepared_case ON prepared (org, case_id);
CREATE INDEX prepared_refused ON prepared (refused_at) WHERE refused_at IS NOT NULL;
-- A run of one action on many cases can be stopped.
ALTER TABLE bulk_runs ADD COLUMN stopped_at BIGINT;
CREATE INDEX bulk_runs_ended ON bulk_runs (ended_at) WHERE ended_at IS NOT NULL;
-- Lists by due time, nothing due last, and by last change.
CREATE INDEX cases_by_due ON cases (org, COALESCE(due_at, 9223372036854775807), id);
CREATE INDEX cases_changed ON cases (org, changed_at, id);
