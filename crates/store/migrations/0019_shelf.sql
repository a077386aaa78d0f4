-- What people keep for themselves: drafts not sent yet, how their lists look.
-- A draft may hold personal text, so it stands here alone and is deleted when its
-- time is over; no event, audit line or job repeats it.
CREATE TABLE shelf (
  org BIGINT NOT NULL,
  person TEXT NOT NULL,
  name TEXT NOT NULL,
  content TEXT NOT NULL,         -- a JSON object
  changed_at BIGINT NOT NULL,
  until BIGINT,                  -- forgotten then; null for what stays
  PRIMARY KEY (org, person, name)
);
CREATE INDEX shelf_until ON shelf (until) WHERE until IS NOT NULL;
