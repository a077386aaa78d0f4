-- Voice menus and prompts as settings, every version of them; recordings in the archive.

CREATE TABLE menus (
  org BIGINT NOT NULL,
  name TEXT NOT NULL,
  version BIGINT NOT NULL,       -- counts up from 1
  at BIGINT NOT NULL,
  person TEXT,                   -- who kept it; none for the command line
  note TEXT,
  text TEXT NOT NULL,            -- as its author wrote it, checked
  PRIMARY KEY (org, name, version)
);

CREATE TABLE prompts (
  org BIGINT NOT NULL,
  name TEXT NOT NULL,
  version BIGINT NOT NULL,
  at BIGINT NOT NULL,
  person TEXT,
  origin TEXT NOT NULL,          -- uploaded, spoken, shipped
  said TEXT NOT NULL,            -- what is said
  millis BIGINT NOT NULL,
  wav BYTEA NOT NULL,            -- 8 kHz, mono, A-law
  PRIMARY KEY (org, name, version)
);

ALTER TABLE recordings ADD COLUMN archived_at BIGINT;
ALTER TABLE recordings ADD COLUMN archive_fault TEXT;  -- why it stays as it was recorded
CREATE INDEX recordings_archive ON recordings (began_at)
  WHERE archived_at IS NULL AND erased_at IS NULL AND archive_fault IS NULL;
