-- Which pack binds the cases of a unit and of the units below it, by kind.
CREATE TABLE pack_bindings (
  org BIGINT NOT NULL,
  unit TEXT NOT NULL,
  kind TEXT NOT NULL,            -- a kind of case, 'any' for all that have none of their own
  pack TEXT NOT NULL,            -- name of the pack; its version follows from the day of receipt
  bound_at BIGINT NOT NULL,
  PRIMARY KEY (org, unit, kind)
);
