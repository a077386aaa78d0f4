-- Approvals as the inbox reads them, who stands for whom, and what customers get.

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

-- The ledger: everything that a customer was granted, paid or not.
CREATE TABLE compensations (
  org BIGINT NOT NULL,
  case_id TEXT NOT NULL,
  id BIGINT NOT NULL,
  kind TEXT NOT NULL,            -- remedy of the pack
  unit TEXT NOT NULL,
  party TEXT,
  person TEXT,                   -- who granted it
  granted_at BIGINT NOT NULL,
  amount_fen BIGINT,
  demanded_fen BIGINT,
  paid_fen BIGINT,
  paid_at BIGINT,
  proven BIGINT NOT NULL,        -- 1: proof of purchase, 0: a reason stated instead
  cancelled_at BIGINT,
  PRIMARY KEY (org, case_id, id)
);
CREATE INDEX compensations_granted ON compensations (org, granted_at, case_id, id);
CREATE INDEX compensations_party ON compensations (org, party) WHERE party IS NOT NULL;
