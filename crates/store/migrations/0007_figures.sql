-- What figures are made of: elementary facts as bits, numbers that are added
-- up, and where the item of a case lies in time (domain::count).
ALTER TABLE case_facts ADD COLUMN pack TEXT NOT NULL DEFAULT '';
ALTER TABLE case_facts ADD COLUMN category TEXT;          -- final, the intake category while there is none
ALTER TABLE case_facts ADD COLUMN marks BIGINT NOT NULL DEFAULT 0;
ALTER TABLE case_facts ADD COLUMN times BIGINT NOT NULL DEFAULT 1;
ALTER TABLE case_facts ADD COLUMN misses BIGINT NOT NULL DEFAULT 0;
ALTER TABLE case_facts ADD COLUMN promises_made BIGINT NOT NULL DEFAULT 0;
ALTER TABLE case_facts ADD COLUMN promises_kept BIGINT NOT NULL DEFAULT 0;
ALTER TABLE case_facts ADD COLUMN agreed_fen BIGINT NOT NULL DEFAULT 0;
ALTER TABLE case_facts ADD COLUMN paid_fen BIGINT NOT NULL DEFAULT 0;
ALTER TABLE case_facts ADD COLUMN shape BIGINT NOT NULL DEFAULT 0; -- meaning of marks and numbers; older rows are derived again
ALTER TABLE case_facts ADD COLUMN item_at BIGINT;         -- receipt of the item; of an incident, of its first counted case; none when the case is part of another's item
UPDATE case_facts SET item_at = received_at;

-- Covers the figures of a period; the older index is its beginning.
DROP INDEX case_facts_received;
CREATE INDEX case_facts_period ON case_facts (org, received_at, marks, item_at, unit, category, channel, times,
  misses, promises_made, promises_kept, demand_fen, agreed_fen, paid_fen, case_id);
-- Steps from one set of facts to the next; no sorting, whatever the period.
CREATE INDEX case_facts_marks ON case_facts (org, marks, received_at, item_at, unit);
CREATE INDEX case_facts_item ON case_facts (org, item_at, case_id) WHERE item_at IS NOT NULL;
CREATE INDEX case_facts_moved ON case_facts (org, item_at) WHERE item_at <> received_at;
CREATE INDEX case_facts_closed ON case_facts (org, closed_at, case_id) WHERE closed_at IS NOT NULL;
CREATE INDEX case_facts_visited ON case_facts (org, visited_at, case_id) WHERE visited_at IS NOT NULL;
