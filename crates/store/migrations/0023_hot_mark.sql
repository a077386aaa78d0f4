-- Whether the incident of a case is hot, among the facts that figures are made of
-- (PROP-83): bit 36 of the marks, set by the incident.
UPDATE case_facts SET marks = marks + 68719476736
WHERE EXISTS (SELECT 1 FROM incident_members m JOIN incidents i ON i.org = m.org AND i.id = m.incident
  WHERE m.org = case_facts.org AND m.case_id = case_facts.case_id AND m.seq = 0 AND i.hot_at IS NOT NULL);
