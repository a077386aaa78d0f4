-- What an organisation made of the phrases that are not said: its own, and those
-- of the product that it changed.
CREATE TABLE phrases (
  org BIGINT NOT NULL,
  number BIGINT NOT NULL,
  body TEXT NOT NULL,            -- JSON
  changed_at BIGINT NOT NULL,
  changed_by TEXT,
  PRIMARY KEY (org, number)
);

-- How often who hit which phrase on which day, and what came of it; no text.
CREATE TABLE phrase_hits (
  org BIGINT NOT NULL,
  day TEXT NOT NULL,             -- YYYY-MM-DD where the organisation is
  number BIGINT NOT NULL,
  person TEXT NOT NULL,
  place TEXT NOT NULL,           -- the action or step that was to be taken
  outcome TEXT NOT NULL,         -- stopped, asked, acknowledged, hinted
  times BIGINT NOT NULL,
  PRIMARY KEY (org, day, number, person, place, outcome)
);
