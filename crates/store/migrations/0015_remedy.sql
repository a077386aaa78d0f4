-- What customers get: the ledger, one line for each remedy (CP8-12, ASC-23).
CREATE TABLE remedies (
  org BIGINT NOT NULL,
  case_id TEXT NOT NULL,
  id BIGINT NOT NULL,
  kind TEXT NOT NULL,            -- name in the pack's list
  gives TEXT NOT NULL,           -- money, goods, act
  unit TEXT NOT NULL,
  party TEXT,                    -- who gets it
  budget TEXT,
  amount_fen BIGINT,
  paid_fen BIGINT NOT NULL,
  approval BIGINT,               -- the approval of the case that it rests on
  authority TEXT,                -- the posts that signed it, with commas
  proof TEXT,                    -- attachment: the receipt
  invoice TEXT,                  -- attachment: proof of purchase
  proposed_at BIGINT NOT NULL,
  proposed_by TEXT,
  paid_at BIGINT,                -- the last time something was given
  given_at BIGINT,               -- all of it
  dropped_at BIGINT,
  PRIMARY KEY (org, case_id, id)
);
CREATE INDEX remedies_proposed ON remedies (org, proposed_at, case_id, id);
CREATE INDEX remedies_party ON remedies (org, party, proposed_at);

-- Measured taboos (CP8-14, CP8-17).
ALTER TABLE case_facts ADD COLUMN promises_broken BIGINT NOT NULL DEFAULT 0;
ALTER TABLE case_facts ADD COLUMN reassigned BIGINT NOT NULL DEFAULT 0;
ALTER TABLE case_facts ADD COLUMN idle_days BIGINT NOT NULL DEFAULT 0;
DROP INDEX case_facts_period;
CREATE INDEX case_facts_period ON case_facts (org, received_at, marks, item_at, unit, category, channel, times,
  misses, promises_made, promises_kept, demand_fen, agreed_fen, paid_fen, promises_broken, reassigned, idle_days,
  case_id);
