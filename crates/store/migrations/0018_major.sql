-- Major complaints with their separate volumes, hot incidents, and the numbers
-- that hot detection and the statistics of incidents need (PROP-70, 81…91).

ALTER TABLE incidents ADD COLUMN lead TEXT;      -- case that was named the lead case
ALTER TABLE incidents ADD COLUMN hot_at BIGINT;  -- since when it is hot, while it is
CREATE INDEX incidents_hot ON incidents (org, hot_at, id) WHERE hot_at IS NOT NULL;
CREATE INDEX incidents_due ON incidents (org, id) WHERE due_at IS NOT NULL;

-- How many persons speak in one contact.
ALTER TABLE contacts ADD COLUMN persons BIGINT NOT NULL DEFAULT 1;

-- What a frozen report counted a case as.
CREATE INDEX report_rows_case ON report_rows (org, case_id);

-- The register of separate volumes: every complaint that is or was major.
CREATE TABLE majors (
  org BIGINT NOT NULL,
  case_id TEXT NOT NULL,
  unit TEXT NOT NULL,
  owner TEXT NOT NULL,
  volume TEXT NOT NULL,
  standing TEXT NOT NULL,
  since BIGINT NOT NULL,
  demand_fen BIGINT,
  due_at BIGINT,                 -- earliest report that is owed
  closed_at BIGINT,
  PRIMARY KEY (org, case_id)
);
CREATE INDEX majors_since ON majors (org, since, case_id);
