-- What a project is meant to be (PROP-104): what is not said holds for what is below too.
CREATE TABLE unit_profiles (
  org BIGINT NOT NULL,
  unit TEXT NOT NULL,
  positioning TEXT,                -- 项目定位
  customer_group TEXT,             -- 客户群
  service_standard TEXT,           -- 服务标准
  resource_cost TEXT,              -- 资源成本
  PRIMARY KEY (org, unit)
);
-- What somebody brings to the trade (ASC-1, ASC-2).
CREATE TABLE person_profiles (
  org BIGINT NOT NULL,
  person TEXT NOT NULL,
  trade_since TEXT,                -- first day in the trade
  education TEXT,
  knowledge TEXT NOT NULL,         -- areas of product and machine knowledge, JSON
  PRIMARY KEY (org, person)
);
