-- When what is done once in a while is due again, in all processes together.
CREATE TABLE beats (
  org BIGINT NOT NULL,
  name TEXT NOT NULL,
  next_at BIGINT NOT NULL,
  PRIMARY KEY (org, name)
);
