-- How often it changed who may do what: sessions and tokens that ended, people,
-- places and posts. Servers keep in memory who a cookie or token is as long as
-- this number stands, and compare it in the transaction of each request.
CREATE TABLE access_changes (
  id BIGINT PRIMARY KEY,         -- always 1: sessions and people are the installation's
  number BIGINT NOT NULL
);
