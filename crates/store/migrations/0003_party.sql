-- Parties, households, addresses, telephone numbers, consent.
-- Everything here is personal: it can be emptied on lawful request (X-37),
-- and what was emptied is listed in erasures, which a restore replays.

CREATE TABLE parties (
  org BIGINT NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL,              -- person, household, organisation
  name TEXT,                       -- none when unknown or erased
  note TEXT,                       -- what helps to serve them
  unit TEXT,                       -- where they live or deal with us
  do_not_visit BIGINT NOT NULL,    -- PROP-63
  do_not_visit_why TEXT,
  duplicate_of TEXT,               -- the party that stands for both
  created_at BIGINT NOT NULL,
  created_by TEXT,                 -- none: the product itself
  changed_at BIGINT NOT NULL,
  erased_at BIGINT,
  version BIGINT NOT NULL,
  PRIMARY KEY (org, id)
);
CREATE INDEX parties_unit ON parties (org, unit, id);
CREATE INDEX parties_name ON parties (org, name);
CREATE INDEX parties_duplicate ON parties (org, duplicate_of);

CREATE TABLE households (
  org BIGINT NOT NULL,
  id TEXT NOT NULL,
  unit TEXT NOT NULL,              -- the estate
  building TEXT NOT NULL,
  room TEXT NOT NULL,              -- room code, as on the door
  area BIGINT,                     -- hundredths of a square metre
  moved_in_on TEXT,                -- date
  created_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (org, id),
  CONSTRAINT households_room UNIQUE (org, unit, building, room)
);

-- Who lives where, as what.
CREATE TABLE party_households (
  org BIGINT NOT NULL,
  party TEXT NOT NULL,
  household TEXT NOT NULL,
  role TEXT NOT NULL,              -- owner, tenant, family, other
  created_at BIGINT NOT NULL,
  PRIMARY KEY (org, party, household)
);
CREATE INDEX party_households_of ON party_households (org, household);

-- Numbers are kept as their digits; found whole or by the last four.
CREATE TABLE party_phones (
  org BIGINT NOT NULL,
  party TEXT NOT NULL,
  digits TEXT NOT NULL,
  last4 TEXT NOT NULL,
  place BIGINT NOT NULL,           -- 0 is the one to call first
  created_at BIGINT NOT NULL,
  PRIMARY KEY (org, party, digits)
);
CREATE INDEX party_phones_digits ON party_phones (org, digits);
CREATE INDEX party_phones_last4 ON party_phones (org, last4);

CREATE TABLE party_addresses (
  org BIGINT NOT NULL,
  id TEXT NOT NULL,
  party TEXT NOT NULL,
  text TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (org, id)
);
CREATE INDEX party_addresses_party ON party_addresses (org, party);

-- Given and withdrawn, never removed: when it held must stay known.
CREATE TABLE consents (
  org BIGINT NOT NULL,
  id TEXT NOT NULL,
  party TEXT NOT NULL,
  purpose TEXT NOT NULL,
  given_at BIGINT NOT NULL,
  given_how TEXT NOT NULL,         -- phone, paper, in person, online
  withdrawn_at BIGINT,
  PRIMARY KEY (org, id)
);
CREATE INDEX consents_party ON consents (org, party, purpose);

-- What was erased, when and on what ground; holds no personal text.
CREATE TABLE erasures (
  org BIGINT NOT NULL,
  id TEXT NOT NULL,
  at BIGINT NOT NULL,
  object_kind TEXT NOT NULL,       -- party, case
  object_id TEXT NOT NULL,
  texts TEXT NOT NULL,             -- JSON list of commitments; empty for a party
  basis TEXT NOT NULL,             -- the lawful request it rests on
  person TEXT,                     -- who carried it out
  PRIMARY KEY (org, id)
);
CREATE INDEX erasures_at ON erasures (org, at, id);
CREATE INDEX erasures_object ON erasures (org, object_kind, object_id);
