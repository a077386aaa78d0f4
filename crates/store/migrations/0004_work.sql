-- Machine work, notifications, webhooks, duty, attachments.

-- One row is one piece of work, written in the transaction that causes it and
-- removed in the transaction that finishes it.
CREATE TABLE jobs (
  org BIGINT NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  payload TEXT NOT NULL,           -- JSON without personal text
  run_at BIGINT NOT NULL,          -- not before; a lease moves it to its end
  attempts BIGINT NOT NULL,        -- times it was taken
  lease_by TEXT,                   -- the runner that holds it now
  dedup TEXT,                      -- one waiting job for each such key
  last_error TEXT,
  dead_at BIGINT,                  -- given up; a person has to look at it
  created_at BIGINT NOT NULL,
  PRIMARY KEY (org, id)
);
-- The one look-up that crosses organisations: what is due, whosesoever it is.
CREATE INDEX jobs_due ON jobs (run_at, org, id) WHERE dead_at IS NULL;
CREATE INDEX jobs_dead ON jobs (org, dead_at, id) WHERE dead_at IS NOT NULL;
CREATE UNIQUE INDEX jobs_dedup ON jobs (org, dedup) WHERE dedup IS NOT NULL AND dead_at IS NULL;

CREATE TABLE notifications (
  org BIGINT NOT NULL,
  id TEXT NOT NULL,
  person TEXT NOT NULL,
  source TEXT NOT NULL,            -- what caused it: a person is told once of each
  case_id TEXT,
  why TEXT NOT NULL,               -- stable code
  params TEXT NOT NULL,            -- JSON: number, kind, stage; no personal text
  urgent BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  read_at BIGINT,
  acknowledged_at BIGINT,
  escalated_at BIGINT,             -- passed on because nobody read it
  PRIMARY KEY (org, id),
  CONSTRAINT notifications_source UNIQUE (org, source, person)
);
CREATE INDEX notifications_person ON notifications (org, person, created_at, id);
CREATE INDEX notifications_unread ON notifications (org, person) WHERE read_at IS NULL;
CREATE INDEX notifications_case ON notifications (org, case_id, created_at);

-- How a person wants to be told beside the product itself.
CREATE TABLE notification_settings (
  org BIGINT NOT NULL,
  person TEXT NOT NULL,
  mail TEXT NOT NULL,              -- never, urgent, always
  changed_at BIGINT NOT NULL,
  PRIMARY KEY (org, person)
);

CREATE TABLE webhooks (
  org BIGINT NOT NULL,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  url TEXT NOT NULL,
  secret TEXT NOT NULL,            -- signs; never shown again
  events TEXT NOT NULL,            -- JSON list of topics, such as case.closed or *
  format TEXT NOT NULL,            -- plain, wecom, dingtalk
  active BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  removed_at BIGINT,
  version BIGINT NOT NULL,
  PRIMARY KEY (org, id)
);

-- Every message on its way to a webhook and what became of it.
CREATE TABLE webhook_deliveries (
  org BIGINT NOT NULL,
  id TEXT NOT NULL,
  webhook TEXT NOT NULL,
  source TEXT NOT NULL,            -- what caused it: sent once to each webhook
  topic TEXT NOT NULL,
  body TEXT NOT NULL,              -- JSON without personal text
  created_at BIGINT NOT NULL,
  tries BIGINT NOT NULL,
  tried_at BIGINT,
  outcome TEXT,                    -- the last answer or failure
  delivered_at BIGINT,
  dead_at BIGINT,
  PRIMARY KEY (org, id),
  CONSTRAINT webhook_deliveries_source UNIQUE (org, webhook, source)
);
CREATE INDEX webhook_deliveries_of ON webhook_deliveries (org, webhook, created_at, id);
CREATE INDEX webhook_deliveries_dead ON webhook_deliveries (org, dead_at, id) WHERE dead_at IS NOT NULL;
CREATE INDEX webhook_deliveries_done ON webhook_deliveries (org, delivered_at) WHERE delivered_at IS NOT NULL;

-- Who is on duty, can be visited with, or is away: where and when.
CREATE TABLE duty (
  org BIGINT NOT NULL,
  id TEXT NOT NULL,
  person TEXT NOT NULL,
  unit TEXT NOT NULL,
  kind TEXT NOT NULL,              -- on_duty, available, absent
  starts_at BIGINT NOT NULL,
  ends_at BIGINT NOT NULL,         -- first instant after it
  created_at BIGINT NOT NULL,
  created_by TEXT,
  cancelled_at BIGINT,
  PRIMARY KEY (org, id)
);
CREATE INDEX duty_unit ON duty (org, unit, kind, ends_at) WHERE cancelled_at IS NULL;
CREATE INDEX duty_person ON duty (org, person, ends_at) WHERE cancelled_at IS NULL;

-- A file as it lies in the store, named by a digest keyed per organisation.
CREATE TABLE files (
  org BIGINT NOT NULL,
  digest TEXT NOT NULL,            -- HMAC-SHA-256 of the content, hex
  bytes BIGINT NOT NULL,
  media_type TEXT NOT NULL,        -- by its content
  created_at BIGINT NOT NULL,      -- last time it was brought
  PRIMARY KEY (org, digest)
);
CREATE INDEX files_created ON files (org, created_at);

-- A file in a case under the name that it was given.
CREATE TABLE attachments (
  org BIGINT NOT NULL,
  id TEXT NOT NULL,
  case_id TEXT NOT NULL,
  digest TEXT NOT NULL,
  name TEXT NOT NULL,              -- text, never a path
  created_at BIGINT NOT NULL,
  created_by TEXT,
  erased_at BIGINT,
  PRIMARY KEY (org, id)
);
CREATE INDEX attachments_case ON attachments (org, case_id, created_at, id);
CREATE INDEX attachments_digest ON attachments (org, digest);

-- Random keys of an organisation, such as the one that names its files.
CREATE TABLE org_keys (
  org BIGINT NOT NULL,
  purpose TEXT NOT NULL,
  secret BYTEA NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (org, purpose)
);
