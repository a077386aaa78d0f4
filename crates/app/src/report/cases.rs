//! Sections about cases one by one: items, typical cases, later changes, the day.

use huiyin_domain::count::{By, Dating, List, Mark, Period, Subject, Test};
use huiyin_domain::time::Timestamp;
use huiyin_reports::{Block, Cell, Label, Row, Section, Table};
use huiyin_store::count::rows as lists;
use huiyin_store::count::{CountFilter, Span};
use huiyin_store::report as rows;
use std::collections::BTreeMap;

use super::compose::Composer;
use super::pages;
use crate::count::Asked;
use crate::error::Error;

/// The rows that statistics count.
const COUNTED: List =
    List { of: Subject::Item, dated: Dating::Received, test: Test::new(&[Mark::Counted], &[]) };

impl Composer<'_, '_, '_> {
    /// PROP-66: construction legacy by unit and by cause.
    pub(super) fn legacy(&mut self, categories: &[String]) -> Result<Section, Error> {
        let names = ["counted", "closed", "open", "closing_rate"];
        let mut by_unit: BTreeMap<Option<String>, [i64; 3]> = BTreeMap::new();
        let mut total = [0; 3];
        for category in categories {
            let within = Some((By::Category, Some(category.clone())));
            let found =
                self.ask(&names, Asked { by: Some(By::Unit), within, ..Asked::of(self.head.period) })?;
            for (place, one) in found.iter().take(3).enumerate() {
                total[place] += one.total.figure.part;
                for line in &one.groups {
                    by_unit.entry(line.group.clone()).or_default()[place] += line.figure.part;
                }
            }
        }
        let mut columns = vec![pages::name_column("项目", "Unit")];
        columns.extend(
            [("计入投诉件数", "Counted"), ("已关闭", "Closed"), ("未关闭", "Open")]
                .map(|(zh, en)| pages::number_column(zh, en)),
        );
        let row = |name: Cell, sums: &[i64; 3]| Row {
            cells: [name].into_iter().chain(sums.map(pages::items)).collect(),
        };
        let mut rows: Vec<Row> = by_unit
            .iter()
            .map(|(unit, sums)| row(Cell::name(self.names.group(By::Unit, unit.as_deref())), sums))
            .collect();
        rows.push(row(Cell::name(Label::both("合计", "Total")), &total));
        let table = Table {
            name: "legacy".into(),
            caption: Label::both("施工方遗留问题", "Construction legacy"),
            columns,
            rows,
            picture: None,
        };
        Ok(Section {
            name: "totals".into(),
            title: Label::both("总体情况", "Totals"),
            blocks: vec![Block::Table(table)],
        })
    }

    fn rows_of(
        &mut self,
        test: Test,
        group: Option<(By, Option<String>)>,
        most: u32,
    ) -> Result<Vec<lists::CountRow>, Error> {
        let (from, to) = self.head.period.bounds(self.held.calendar.zone());
        let filter = CountFilter { span: Span { from, to }, unit: self.unit, group };
        let list = List { test, ..COUNTED };
        Ok(lists::rows(self.tx, &self.held.scope, (list, None), (&filter, self.ctx.now), (None, most))?)
    }

    /// PROP-95: every item with its category, cause and result.
    pub(super) fn items(&mut self, categories: Option<&[String]>) -> Result<Section, Error> {
        let mut found = Vec::new();
        match categories {
            None => found = self.rows_of(COUNTED.test, None, pages::MOST_ITEMS)?,
            Some(categories) => {
                for category in categories {
                    let group = Some((By::Category, Some(category.clone())));
                    found.extend(self.rows_of(COUNTED.test, group, pages::MOST_ITEMS)?);
                }
            }
        }
        let table = self.list_table("items", ("逐件明细", "Item by item"), &found, None);
        let mut blocks = vec![Block::Table(table)];
        if found.len() >= pages::MOST_ITEMS as usize {
            blocks.push(Block::Note {
                note: Label::both(
                    format!("仅列前 {} 件，全部明细见导出。", pages::MOST_ITEMS),
                    format!("The first {} only; the export holds all.", pages::MOST_ITEMS),
                ),
            });
        }
        Ok(Section { name: "items".into(), title: Label::both("投诉明细", "Items"), blocks })
    }

    /// A list of cases by number: what was said stays in the case, where it can
    /// be read by those who may and be erased.
    fn list_table(
        &self,
        name: &str,
        (zh, en): (&str, &str),
        found: &[lists::CountRow],
        why: Option<&[Label]>,
    ) -> Table {
        let mut columns = vec![
            pages::name_column("编号", "Number"),
            pages::name_column("受理日期", "Received"),
            pages::name_column("项目", "Unit"),
            pages::name_column("类别", "Category"),
            pages::name_column("原因", "Cause"),
            pages::name_column("结果", "Result"),
        ];
        if why.is_some() {
            columns.push(pages::name_column("入选理由", "Chosen for"));
        }
        let zone = self.held.calendar.zone();
        let row = |(place, row): (usize, &lists::CountRow)| {
            let unit = row.unit.to_string();
            let mut cells = vec![
                Cell::same(&row.number),
                Cell::same(zone.date(row.at).to_string()),
                Cell::name(self.names.group(By::Unit, Some(&unit))),
                Cell::name(self.names.group(By::Category, row.category.as_deref())),
                Cell::name(self.names.group(By::Cause, row.cause.as_deref())),
                Cell::name(self.names.group(By::Closure, row.closure.as_deref())),
            ];
            cells.extend(why.and_then(|why| why.get(place)).cloned().map(Cell::name));
            Row { cells }
        };
        let rows = found.iter().enumerate().map(row).collect();
        Table { name: name.to_owned(), caption: Label::both(zh, en), columns, rows, picture: None }
    }

    /// PROP-65, PROP-102: cases worth telling, and what people tell of them.
    pub(super) fn typical(&mut self) -> Result<Section, Error> {
        let mut chosen: BTreeMap<String, (lists::CountRow, Vec<&str>)> = BTreeMap::new();
        for (mark, why) in pages::TYPICAL {
            let test = Test::new(&[Mark::Counted, *mark], &[]);
            for row in self.rows_of(test, None, pages::MOST_TYPICAL)? {
                chosen.entry(row.id.clone()).or_insert_with(|| (row, Vec::new())).1.push(why);
            }
        }
        let mut chosen: Vec<_> = chosen.into_values().collect();
        chosen.sort_by(|a, b| {
            b.1.len().cmp(&a.1.len()).then_with(|| b.0.at.cmp(&a.0.at)).then_with(|| a.0.id.cmp(&b.0.id))
        });
        chosen.truncate(pages::MOST_TYPICAL as usize);
        let why: Vec<Label> = chosen.iter().map(|(_, why)| pages::why(why)).collect();
        let found: Vec<lists::CountRow> = chosen.into_iter().map(|(row, _)| row).collect();
        let table = self.list_table(
            "typical",
            ("典型、重要及影响较大的投诉", "Typical, important and wide-impact complaints"),
            &found,
            Some(&why),
        );
        let blocks = vec![Block::Table(table), self.text("cases")];
        Ok(Section { name: "cases".into(), title: Label::both("个案分析", "Case analysis"), blocks })
    }

    /// What changed in cases that an earlier frozen report counted.
    pub(super) fn changes(&mut self) -> Result<Section, Error> {
        let (kind, unit) = (self.head.kind, self.head.unit);
        let earlier = rows::frozen_before(self.tx, self.ctx.org(), (kind, unit), self.head.period.first, 3)?;
        let mut lines = Vec::new();
        for report in &earlier {
            for changed in rows::changed_since(self.tx, self.ctx.org(), report.id, pages::MOST_ITEMS)? {
                let period = Period { first: report.first, last: report.last };
                let cells = vec![
                    Cell::same(period.to_string()),
                    Cell::same(&changed.number),
                    Cell::name(pages::changed(&changed, &self.names)),
                ];
                lines.push(Row { cells });
            }
        }
        let columns = vec![
            pages::name_column("原报告周期", "Earlier period"),
            pages::name_column("编号", "Number"),
            pages::name_column("结账后变化", "Changed since"),
        ];
        let table = Table {
            name: "changes".into(),
            caption: Label::both("已结账周期的后续变化", "Changes in periods already frozen"),
            columns,
            rows: lines,
            picture: None,
        };
        let note = Block::Note {
            note: Label::both(
                "已结账的报告不再改动，变化在此说明。",
                "Frozen reports are never changed; what changed since stands here.",
            ),
        };
        Ok(Section {
            name: "changes".into(),
            title: Label::both("前期数据变化", "Changes since earlier reports"),
            blocks: vec![Block::Table(table), note],
        })
    }

    /// PROP-69: the day's complaints, one part for each department.
    pub(super) fn parts(&mut self) -> Result<Vec<Section>, Error> {
        let (from, to): (Timestamp, Timestamp) = self.head.period.bounds(self.held.calendar.zone());
        let filter = CountFilter { span: Span { from, to }, unit: self.unit, group: None };
        let list = List { test: Test::new(&[Mark::Complaint], &[]), of: Subject::Case, ..COUNTED };
        let found = lists::rows(
            self.tx,
            &self.held.scope,
            (list, None),
            (&filter, self.ctx.now),
            (None, pages::MOST_ITEMS),
        )?;
        let ids: Vec<&str> = found.iter().map(|row| row.id.as_str()).collect();
        let departments = lists::departments(self.tx, self.ctx.org(), &ids)?;
        let mut by_department: BTreeMap<Option<String>, Vec<lists::CountRow>> = BTreeMap::new();
        for row in found {
            by_department.entry(departments.get(&row.id).cloned()).or_default().push(row);
        }
        let section = |(place, (department, rows)): (usize, (Option<String>, Vec<lists::CountRow>))| {
            let title = match department.as_deref() {
                Some(unit) => self.names.group(By::Unit, Some(unit)),
                None => Label::both("尚未派给部门", "Not given to a department yet"),
            };
            let name = format!("part_{}", place + 1);
            let table = self.list_table(&name, ("当日投诉", "Complaints of the day"), &rows, None);
            Section { name: name.clone(), title, blocks: vec![Block::Table(table)] }
        };
        Ok(by_department.into_iter().enumerate().map(section).collect())
    }
}
