-- What agents take on at the telephone: messages for who is absent, calls that were
-- promised, and what a customer is to the house.

-- Messages (TEL-20…22, DESK-7). Their text is personal and stands here alone.
CREATE TABLE call_messages (
  org BIGINT NOT NULL,
  id TEXT NOT NULL,
  unit TEXT NOT NULL,            -- of the call, else of who took it
  recipient TEXT NOT NULL,
  taken_by TEXT NOT NULL,
  call TEXT,
  case_id TEXT,
  party TEXT,
  taken_at BIGINT NOT NULL,
  done_at BIGINT,                -- read, and answered where that was needed
  body TEXT,                     -- the message, JSON; none once erased
  way TEXT NOT NULL,             -- how it stands, JSON
  reply TEXT,                    -- what was answered
  version BIGINT NOT NULL,
  PRIMARY KEY (org, id)
);
CREATE INDEX call_messages_recipient ON call_messages (org, recipient, taken_at, id);
CREATE INDEX call_messages_taken_by ON call_messages (org, taken_by, taken_at, id);
CREATE INDEX call_messages_taken ON call_messages (org, taken_at, id);
CREATE INDEX call_messages_call ON call_messages (org, call) WHERE call IS NOT NULL;

-- Promised calls (TEL-18, TEL-32, TEL-33).
CREATE TABLE call_backs (
  org BIGINT NOT NULL,
  id TEXT NOT NULL,
  unit TEXT NOT NULL,            -- of the call, else of who promised it
  number TEXT,                   -- digits; none once erased
  agent TEXT,                    -- who is to call; whoever is free where nobody is named
  made_by TEXT,                  -- none where the caller asked for it in the menu
  call TEXT,
  case_id TEXT,
  party TEXT,
  due_at BIGINT NOT NULL,
  kept_at BIGINT,
  promise TEXT NOT NULL,         -- reason, skill, clock and tries, JSON
  about TEXT,                    -- what it is about
  note TEXT,                     -- what the last try came to
  version BIGINT NOT NULL,
  PRIMARY KEY (org, id)
);
CREATE INDEX call_backs_open ON call_backs (org, due_at, id) WHERE kept_at IS NULL;
CREATE INDEX call_backs_due ON call_backs (org, due_at, id);
CREATE INDEX call_backs_agent ON call_backs (org, agent, due_at, id) WHERE agent IS NOT NULL;
CREATE INDEX call_backs_number ON call_backs (org, number) WHERE number IS NOT NULL;
CREATE INDEX call_backs_call ON call_backs (org, call) WHERE call IS NOT NULL;

-- What a customer is to the house: level, skills that they need, and what restricts
-- business with them, never their complaints (X-36).
CREATE TABLE party_standings (
  org BIGINT NOT NULL,
  party TEXT NOT NULL,
  level TEXT,
  body TEXT NOT NULL,            -- skills and restriction, JSON
  version BIGINT NOT NULL,
  PRIMARY KEY (org, party)
);
CREATE INDEX calls_party ON calls (org, party, arrived_at) WHERE party IS NOT NULL;
