-- A line of a stock-take is found by its list, receipt and case; only what somebody
-- said about a case is looked for by the case alone.
DROP INDEX stocktake_lines_case;
CREATE INDEX stocktake_lines_said ON stocktake_lines (org, case_id) WHERE said IS NOT NULL;
