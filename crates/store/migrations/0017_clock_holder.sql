-- Whether a limit is a case's or an incident's: the due index says it, nobody
-- has to look into both.
ALTER TABLE clocks ADD COLUMN holder TEXT NOT NULL DEFAULT 'case';
UPDATE clocks SET holder = 'incident' WHERE EXISTS
  (SELECT 1 FROM incidents WHERE incidents.org = clocks.org AND incidents.id = clocks.case_id);
