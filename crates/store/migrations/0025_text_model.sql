-- Models of categories, learned from an organisation's own closed cases.
CREATE TABLE text_models (
  org BIGINT NOT NULL,
  version BIGINT NOT NULL,
  trained_at BIGINT NOT NULL,
  learned_from BIGINT NOT NULL,  -- closed cases
  labels BIGINT NOT NULL,        -- categories that it knows
  accuracy DOUBLE PRECISION NOT NULL,
  content BYTEA,                 -- of the newest ones alone
  PRIMARY KEY (org, version)
);

-- What was suggested to whoever recorded a case; what they chose, and what the
-- category came to be, stands with the case.
CREATE TABLE text_shown (
  org BIGINT NOT NULL,
  case_id TEXT NOT NULL,
  model BIGINT NOT NULL,         -- 0: the names of the categories
  category TEXT NOT NULL,
  confidence DOUBLE PRECISION,
  at BIGINT NOT NULL,
  PRIMARY KEY (org, case_id)
);
CREATE INDEX text_shown_model ON text_shown (org, model);
