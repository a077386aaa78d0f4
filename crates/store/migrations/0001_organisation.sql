-- Organisations, units, people, sign-in, audit.
-- Every key leads with the organisation, except where a person belongs to the
-- installation (persons and what they sign in with) and at login look-up.

CREATE TABLE organisations (
  org BIGINT PRIMARY KEY,
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  zone TEXT NOT NULL,            -- IANA zone of its dates
  calendar TEXT NOT NULL,        -- working calendar, such as CN
  pack TEXT NOT NULL,            -- pack of its cases, such as property
  root_unit TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  CONSTRAINT organisations_code UNIQUE (code)
);

CREATE TABLE units (
  org BIGINT NOT NULL,
  id TEXT NOT NULL,
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  level TEXT NOT NULL,           -- group, company, centre, estate, department
  created_at BIGINT NOT NULL,
  PRIMARY KEY (org, id),
  CONSTRAINT units_code UNIQUE (org, code)
);

-- Where a unit stood and when: a move ends one row and begins another.
CREATE TABLE placements (
  org BIGINT NOT NULL,
  unit TEXT NOT NULL,
  valid_from BIGINT NOT NULL,
  valid_to BIGINT,               -- first instant after it
  parent TEXT,
  PRIMARY KEY (org, unit, valid_from)
);

-- Closure of the placements, every unit under itself too: subtree filters are
-- one indexed look-up. Rewritten whenever a unit is added, moved or ended.
CREATE TABLE unit_paths (
  org BIGINT NOT NULL,
  ancestor TEXT NOT NULL,
  descendant TEXT NOT NULL,
  distance BIGINT NOT NULL,      -- steps between them
  valid_from BIGINT NOT NULL,
  valid_to BIGINT,
  PRIMARY KEY (org, ancestor, descendant, valid_from)
);
CREATE INDEX unit_paths_up ON unit_paths (org, descendant, distance);

-- Belongs to the installation; organisations see it through memberships.
CREATE TABLE persons (
  id TEXT PRIMARY KEY,
  login TEXT NOT NULL,           -- lower case
  name TEXT NOT NULL,
  phone TEXT,
  email TEXT,
  locale TEXT NOT NULL,
  password_hash TEXT,            -- argon2id, PHC string; none before set-up
  pin_hash TEXT,                 -- argon2id; change of person at a shared desk
  totp_secret TEXT,              -- base32; readable by whoever reads this file
  totp_enabled BIGINT NOT NULL,
  totp_step BIGINT NOT NULL,     -- last step used: a code serves once
  active BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  CONSTRAINT persons_login UNIQUE (login)
);

CREATE TABLE memberships (
  org BIGINT NOT NULL,
  id TEXT NOT NULL,
  person TEXT NOT NULL,
  unit TEXT NOT NULL,
  posts TEXT NOT NULL,           -- JSON list of post names
  valid_from BIGINT NOT NULL,
  valid_to BIGINT,
  PRIMARY KEY (org, id)
);
CREATE INDEX memberships_person ON memberships (org, person);
CREATE INDEX memberships_unit ON memberships (org, unit);
-- Look-up by person alone serves sign-in and change of organisation.
CREATE INDEX memberships_of ON memberships (person);

-- How many of each post a site should have (PROP-9, X-32).
CREATE TABLE establishment (
  org BIGINT NOT NULL,
  unit TEXT NOT NULL,
  post TEXT NOT NULL,
  wanted BIGINT NOT NULL,
  PRIMARY KEY (org, unit, post)
);

-- One session works in one organisation at a time; only the digest is kept.
CREATE TABLE sessions (
  id TEXT PRIMARY KEY,
  token_digest TEXT NOT NULL,    -- SHA-256, hex
  org BIGINT NOT NULL,
  person TEXT NOT NULL,
  device TEXT NOT NULL,          -- what the browser says it is, cut
  created_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,    -- absolute end; the idle end follows seen_at
  revoked_at BIGINT,
  CONSTRAINT sessions_token UNIQUE (token_digest)
);
CREATE INDEX sessions_person ON sessions (person, revoked_at);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE tokens (
  org BIGINT NOT NULL,
  id TEXT NOT NULL,
  token_digest TEXT NOT NULL,    -- SHA-256, hex
  person TEXT NOT NULL,
  name TEXT NOT NULL,
  posts TEXT,                    -- JSON list; none means all of the person's
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  used_at BIGINT,
  revoked_at BIGINT,
  PRIMARY KEY (org, id),
  CONSTRAINT tokens_token UNIQUE (token_digest)
);
CREATE INDEX tokens_person ON tokens (org, person);

-- Who signed in on a session's device with a password; only they may come
-- back by PIN (change of person at a shared desk).
CREATE TABLE session_people (
  session TEXT NOT NULL,
  person TEXT NOT NULL,
  verified_at BIGINT NOT NULL,
  PRIMARY KEY (session, person)
);

-- Failed sign-ins by login and by source, known or not; old rows go first, so
-- that the table stays small whatever is tried.
CREATE TABLE login_throttle (
  subject TEXT PRIMARY KEY,      -- SHA-256 of login or source, hex
  failures BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  blocked_until BIGINT NOT NULL
);
CREATE INDEX login_throttle_last ON login_throttle (last_at);

-- One-time links: first start and administrator's reset.
CREATE TABLE setup_links (
  id TEXT PRIMARY KEY,
  link_digest TEXT NOT NULL,     -- SHA-256, hex
  purpose TEXT NOT NULL,         -- first_start, reset
  person TEXT,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT,
  CONSTRAINT setup_links_link UNIQUE (link_digest)
);
CREATE INDEX setup_links_person ON setup_links (person);

-- One line for each write, in the same transaction; no personal text.
CREATE TABLE audit (
  org BIGINT NOT NULL,
  at BIGINT NOT NULL,
  id TEXT NOT NULL,
  person TEXT,                   -- none: the product itself
  via TEXT NOT NULL,             -- session, token, command_line, system
  via_id TEXT,
  action TEXT NOT NULL,
  object_kind TEXT NOT NULL,
  object_id TEXT NOT NULL,
  request_id TEXT NOT NULL,
  details TEXT NOT NULL,         -- JSON
  PRIMARY KEY (org, at, id)
);
CREATE INDEX audit_object ON audit (org, object_kind, object_id, at);
CREATE INDEX audit_person ON audit (org, person, at);

-- Who looked at or searched by a sensitive field, and when (X-37).
CREATE TABLE access_log (
  org BIGINT NOT NULL,
  at BIGINT NOT NULL,
  id TEXT NOT NULL,
  person TEXT,
  via TEXT NOT NULL,
  what TEXT NOT NULL,            -- view, search, export
  field TEXT NOT NULL,
  object_kind TEXT NOT NULL,
  object_id TEXT NOT NULL,       -- of a search: keyed digest of the term
  request_id TEXT NOT NULL,
  PRIMARY KEY (org, at, id)
);
CREATE INDEX access_log_object ON access_log (org, object_kind, object_id, at);
CREATE INDEX access_log_person ON access_log (org, person, at);

-- Settings of an organisation, one value a row (X-32).
CREATE TABLE settings (
  org BIGINT NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,           -- JSON
  changed_at BIGINT NOT NULL,
  PRIMARY KEY (org, name)
);
