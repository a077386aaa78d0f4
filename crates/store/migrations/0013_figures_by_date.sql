-- Figures dated by closing, visit or first reply step from one set of facts to
-- the next and never read the rows themselves. Rows enter as they get the date.
CREATE INDEX case_facts_closing ON case_facts (org, marks, closed_at, item_at, unit) WHERE closed_at IS NOT NULL;
CREATE INDEX case_facts_visit ON case_facts (org, marks, visited_at, item_at, unit) WHERE visited_at IS NOT NULL;
CREATE INDEX case_facts_reply ON case_facts (org, received_at, marks, first_reply_at, item_at, unit)
  WHERE first_reply_at IS NOT NULL;
