-- The public page of an estate and the complaint channels on it (PROP-44). The
-- address is looked up before the organisation is known: the named exception.
CREATE TABLE public_pages (
  org BIGINT NOT NULL,
  unit TEXT NOT NULL,
  slug TEXT NOT NULL,
  channels TEXT NOT NULL,        -- JSON
  opened_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  closed_at BIGINT,
  PRIMARY KEY (org, unit),
  CONSTRAINT public_pages_slug UNIQUE (slug)
);

-- What people can do at the customer's, for dispatch (PROP-21).
CREATE TABLE person_skills (
  org BIGINT NOT NULL,
  person TEXT NOT NULL,
  skill TEXT NOT NULL,
  PRIMARY KEY (org, person, skill)
);
