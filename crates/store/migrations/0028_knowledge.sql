-- Knowledge (知识库): articles, facts of estates, who read and knows them.

-- How often what the library holds has changed; one row for each organisation.
CREATE TABLE knowledge_versions (
  org BIGINT PRIMARY KEY,
  version BIGINT NOT NULL
);

-- What lists need of an article, which itself is a paper of the same identity.
CREATE TABLE articles (
  org BIGINT NOT NULL,
  paper TEXT NOT NULL,
  unit TEXT NOT NULL,            -- for this unit and those below
  key TEXT,                      -- a name of its own that imports find it by
  kind TEXT NOT NULL,
  audience TEXT NOT NULL,
  topic TEXT,
  title TEXT NOT NULL,
  state TEXT NOT NULL,
  live BIGINT NOT NULL,          -- something of it is read
  number BIGINT NOT NULL,        -- how many versions were published
  must_read BIGINT NOT NULL,
  owner TEXT,
  review_at BIGINT,
  changed_at BIGINT NOT NULL,
  PRIMARY KEY (org, paper),
  CONSTRAINT articles_key UNIQUE (org, key)
);
CREATE INDEX articles_changed ON articles (org, changed_at, paper);
CREATE INDEX articles_topic ON articles (org, topic) WHERE topic IS NOT NULL;

-- Whether a version helped: one word of each person.
CREATE TABLE article_votes (
  org BIGINT NOT NULL,
  article TEXT NOT NULL,
  number BIGINT NOT NULL,
  person TEXT NOT NULL,
  helped BIGINT NOT NULL,
  case_id TEXT,                  -- the case beside which it was read
  note TEXT,
  at BIGINT NOT NULL,
  PRIMARY KEY (org, article, number, person)
);

-- The newest version that a person has read, of an article or a sheet.
CREATE TABLE knowledge_reads (
  org BIGINT NOT NULL,
  person TEXT NOT NULL,
  kind TEXT NOT NULL,            -- article, sheet
  id TEXT NOT NULL,              -- of the article, or of the estate
  number BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (org, person, kind, id)
);
CREATE INDEX knowledge_reads_of ON knowledge_reads (org, kind, id);

-- What was looked for and not found; cleaned of what tells who somebody is.
CREATE TABLE knowledge_misses (
  org BIGINT NOT NULL,
  id TEXT NOT NULL,
  folded TEXT NOT NULL,          -- one row for each way of asking
  text TEXT NOT NULL,
  unit TEXT,
  times BIGINT NOT NULL,
  first_at BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  settled_at BIGINT,
  settled_by TEXT,
  article TEXT,                  -- what answers it now
  reason TEXT,                   -- or why nothing shall
  PRIMARY KEY (org, id),
  CONSTRAINT knowledge_misses_folded UNIQUE (org, folded)
);

-- Which fields the sheets have, where it is not what the binary carries.
CREATE TABLE fact_schemas (
  org BIGINT PRIMARY KEY,
  body TEXT NOT NULL,            -- TOML
  changed_at BIGINT NOT NULL
);

-- The fact sheet of an estate (应知应会).
CREATE TABLE fact_sheets (
  org BIGINT NOT NULL,
  unit TEXT NOT NULL,
  version BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  PRIMARY KEY (org, unit)
);

CREATE TABLE facts (
  org BIGINT NOT NULL,
  unit TEXT NOT NULL,
  field TEXT NOT NULL,
  value TEXT NOT NULL,
  changed_at BIGINT NOT NULL,
  changed_by TEXT,               -- none: the command line
  PRIMARY KEY (org, unit, field)
);

-- What was changed on a sheet, version by version; never changed itself.
CREATE TABLE fact_changes (
  org BIGINT NOT NULL,
  unit TEXT NOT NULL,
  version BIGINT NOT NULL,
  at BIGINT NOT NULL,
  person TEXT,
  changes TEXT NOT NULL,         -- JSON
  PRIMARY KEY (org, unit, version)
);

-- How a customer listens, acts and is, where somebody noted it (SKILL-12).
ALTER TABLE parties ADD COLUMN listening TEXT;
ALTER TABLE parties ADD COLUMN style TEXT;
ALTER TABLE parties ADD COLUMN personality TEXT;

-- Who knows it by heart: quizzes and attempts (PROP-8).
CREATE TABLE quizzes (
  org BIGINT NOT NULL,
  id TEXT NOT NULL,
  unit TEXT NOT NULL,
  title TEXT NOT NULL,
  body TEXT NOT NULL,            -- JSON
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by TEXT,
  changed_at BIGINT NOT NULL,
  closed_at BIGINT,
  PRIMARY KEY (org, id)
);

CREATE TABLE quiz_attempts (
  org BIGINT NOT NULL,
  quiz TEXT NOT NULL,
  at BIGINT NOT NULL,
  id TEXT NOT NULL,
  person TEXT NOT NULL,
  version BIGINT NOT NULL,       -- of the quiz
  correct BIGINT NOT NULL,
  asked BIGINT NOT NULL,
  percent BIGINT NOT NULL,
  passed BIGINT NOT NULL,
  PRIMARY KEY (org, quiz, at, id)
);
CREATE INDEX quiz_attempts_person ON quiz_attempts (org, person, at);
