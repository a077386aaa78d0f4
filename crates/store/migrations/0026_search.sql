-- What changed, in the order in which the search indexes take it up: each process
-- has an index of its own and follows. Crosses organisations, as the job queue does.

CREATE TABLE search_feed (
  -- @sqlite
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  -- @end
  -- @pg
  seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  stamp BIGINT NOT NULL DEFAULT (CAST(CAST(pg_current_xact_id() AS TEXT) AS BIGINT)), -- transaction, to miss none that ends late
  -- @end
  org BIGINT NOT NULL,
  subject TEXT NOT NULL,           -- case, customer, article, fact
  id TEXT NOT NULL,
  erased BIGINT NOT NULL           -- 1: its words must leave the files too
);
-- @pg
CREATE INDEX search_feed_stamp ON search_feed (stamp, seq);
-- @end

-- Which database the indexes follow, and what the feed has forgotten.
CREATE TABLE search_state (
  id BIGINT PRIMARY KEY,           -- always 1
  epoch TEXT NOT NULL,             -- another one means: make the index anew
  pruned BIGINT NOT NULL           -- an index that follows from here or before must be made anew
);
