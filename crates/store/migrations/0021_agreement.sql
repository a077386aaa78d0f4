-- Links by which customers confirm agreements; secrets only as digests (X-42).
CREATE TABLE agreement_links (
  org BIGINT NOT NULL,
  id TEXT NOT NULL,
  case_id TEXT NOT NULL,
  agreement BIGINT NOT NULL,
  link_digest TEXT NOT NULL,     -- of the secret at the end of the link
  code_digest TEXT NOT NULL,     -- of secret and code together
  content TEXT NOT NULL,         -- digest of what is confirmed
  created_at BIGINT NOT NULL,
  created_by TEXT,
  expires_at BIGINT NOT NULL,
  attempts BIGINT NOT NULL,      -- wrong codes so far
  used_at BIGINT,
  PRIMARY KEY (org, id),
  CONSTRAINT agreement_links_secret UNIQUE (link_digest)
);
CREATE INDEX agreement_links_case ON agreement_links (org, case_id);
