-- Approvals as the inbox reads them, and who stands for whom.

CREATE TABLE approvals (
  org BIGINT NOT NULL,
  case_id TEXT NOT NULL,
  id BIGINT NOT NULL,
  content TEXT NOT NULL,         -- what is decided, such as public_reply
  unit TEXT NOT NULL,
  asked_by TEXT,
  asked_at BIGINT NOT NULL,
  amount_fen BIGINT,
  sum_fen BIGINT,                -- by which limits were looked up
  expires_at BIGINT,
  decision TEXT,
  ended_at BIGINT,               -- decided or taken back
  counts_fen BIGINT,             -- money that it stands for, while it is granted for the agreed option
  PRIMARY KEY (org, case_id, id)
);
CREATE INDEX approvals_open ON approvals (org, asked_at, case_id, id) WHERE ended_at IS NULL;

CREATE TABLE deputies (
  org BIGINT NOT NULL,
  id TEXT NOT NULL,
  person TEXT NOT NULL,          -- who is stood for
  deputy TEXT NOT NULL,
  starts_at BIGINT NOT NULL,
  ends_at BIGINT NOT NULL,
  named_by TEXT,
  named_at BIGINT NOT NULL,
  cancelled_at BIGINT,
  PRIMARY KEY (org, id)
);
CREATE INDEX deputies_person ON deputies (org, person, ends_at);
CREATE INDEX deputies_deputy ON deputies (org, deputy, ends_at);
