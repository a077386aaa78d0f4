-- The facts of an item where they are not those of the case that stands for it
-- alone: an incident has what one of its counted cases has (PROP-81, PROP-90).
ALTER TABLE case_facts ADD COLUMN item_marks BIGINT;
-- Few rows; figures put these from the heap of the case onto their own.
CREATE INDEX case_facts_joined ON case_facts (org, item_at) WHERE item_marks IS NOT NULL;
-- Members of incidents are derived again, and with them the facts of their items.
UPDATE case_facts SET shape = 0
WHERE EXISTS (SELECT 1 FROM incident_members m
  WHERE m.org = case_facts.org AND m.case_id = case_facts.case_id AND m.seq = 0);
