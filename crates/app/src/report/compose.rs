//! What a report says: which figures, split how, beside which texts.
//!
//! Size: the sections of every prescribed report, one after the other.

use huiyin_domain::count::{By, Formula, METRICS, Metric, MetricUnit, Period, ReportKind, Subject};
use huiyin_domain::ids::UnitId;
use huiyin_reports::{Block, Cell, Column, Document, Label, Picture, Row, Section, Table};
use huiyin_store::people::{organisation, unit as units};
use huiyin_store::sql::Tx;
use std::collections::BTreeMap;

use super::names::GroupNames;
use super::pages;
use crate::case::Rules;
use crate::count::{Asked, FigureLine, Figures, Held, count};
use crate::ctx::Ctx;
use crate::error::Error;
use huiyin_domain::people::Scope;

/// What people wrote, by section.
pub(super) type Texts = BTreeMap<String, String>;

/// Which report is to be composed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head {
    /// Which report.
    pub kind: ReportKind,
    /// Of which unit.
    pub unit: UnitId,
    /// Of which period.
    pub period: Period,
}

/// Everything that sections are made with.
pub(super) struct Composer<'a, 'b, 'c> {
    /// The transaction.
    pub tx: &'a mut Tx<'b>,
    /// Who asks.
    pub ctx: &'a Ctx,
    /// Which report.
    pub head: Head,
    /// Scope and calendar: the whole unit, whoever asks.
    pub held: Held<'c>,
    /// The unit as a filter; none when it is the whole organisation.
    pub unit: Option<UnitId>,
    /// What groups are called.
    pub names: GroupNames,
    /// What people wrote.
    pub texts: &'a Texts,
}

/// Finds a metric that this module names.
fn metric(name: &'static str) -> Result<&'static Metric, Error> {
    Metric::named(name).ok_or_else(|| Error::internal(format!("no metric is called {name}")))
}

/// Composes a report with the figures of this moment.
///
/// # Errors
/// What the store gives.
pub(super) fn compose(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    rules: &Rules,
    (head, texts): (Head, &Texts),
) -> Result<Document, Error> {
    let held_rules = rules.of(tx, ctx.org())?;
    let tree = units::tree(tx, ctx.org())?;
    let organisation = organisation::get(tx, ctx.org())?.ok_or_else(Error::not_found)?;
    let unit_name = tree.unit(head.unit).map(|unit| unit.name.clone()).unwrap_or_default();
    let zone = held_rules.calendar().zone();
    let taken_at = zone.rfc3339(ctx.now).chars().take(16).collect::<String>().replace('T', " ");
    let names = GroupNames::of(held_rules.packs(), &tree);
    let mut composer = Composer {
        tx,
        ctx,
        head,
        held: Held { scope: Scope::everything(ctx.org(), ctx.actor.person), calendar: held_rules.calendar() },
        unit: (head.unit != organisation.root_unit).then_some(head.unit),
        names,
        texts,
    };
    let sections = composer.sections()?;
    let (zh, en) = head.kind.title();
    let of =
        if unit_name == organisation.name { unit_name } else { format!("{} {unit_name}", organisation.name) };
    Ok(Document {
        kind: head.kind.as_str().to_owned(),
        title: Label::both(zh, en),
        of,
        period: head.period,
        due: head.kind.due(&head.period),
        taken_at,
        frozen: false,
        sections,
    })
}

impl Composer<'_, '_, '_> {
    fn sections(&mut self) -> Result<Vec<Section>, Error> {
        match self.head.kind {
            ReportKind::MonthlyAnalysis | ReportKind::QuarterlyAnalysis => Ok(vec![
                self.totals()?,
                self.trend()?,
                self.specialties()?,
                self.across()?,
                self.focus()?,
                self.typical()?,
                self.changes()?,
                self.written("measures", ("整改与预防措施", "Corrective and preventive measures")),
                self.relation()?,
                self.written("summary", ("总结及建议", "Summary and suggestions")),
            ]),
            ReportKind::MonthlyStatistics => Ok(vec![
                self.totals()?,
                self.dictionary()?,
                self.specialties()?,
                self.items(None)?,
                self.written("causes", ("原因与性质", "Causes and nature")),
                self.written("measures", ("整改与预防措施", "Corrective and preventive measures")),
                self.changes()?,
                self.written("summary", ("总结及建议", "Summary and suggestions")),
            ]),
            ReportKind::QuarterlyLegacy => {
                let of = self.names.under(pages::LEGACY_TOP);
                Ok(vec![
                    self.legacy(&of)?,
                    self.items(Some(&of))?,
                    self.written("causes", ("问题与原因", "Defects and causes")),
                    self.written("measures", ("整改与预防措施", "Corrective and preventive measures")),
                    self.changes()?,
                ])
            }
            ReportKind::TypicalCases => Ok(vec![
                self.typical()?,
                self.written("measures", ("整改与预防措施", "Corrective and preventive measures")),
            ]),
            ReportKind::DailyParts => {
                let mut sections = self.parts()?;
                sections.push(self.written("summary", ("说明", "Remarks")));
                Ok(sections)
            }
        }
    }

    /// Asks for figures of the report's unit.
    pub(super) fn ask(&mut self, names: &[&'static str], asked: Asked) -> Result<Vec<Figures>, Error> {
        let metrics: Vec<&'static Metric> =
            names.iter().map(|name| metric(name)).collect::<Result<_, _>>()?;
        let asked = Asked { unit: self.unit, ..asked };
        count(self.tx, self.ctx, &self.held, (&metrics, &asked))
    }

    /// Gives the text of a section, or room to write it.
    pub(super) fn text(&self, section: &str) -> Block {
        let text = self.texts.get(section).cloned().unwrap_or_default();
        Block::Text { text, hint: pages::hint(section) }
    }

    fn written(&self, name: &str, (zh, en): (&str, &str)) -> Section {
        Section { name: name.to_owned(), title: Label::both(zh, en), blocks: vec![self.text(name)] }
    }

    /// PROP-96: totals, beside the period before and the same one a year ago.
    fn totals(&mut self) -> Result<Section, Error> {
        let period = self.head.period;
        let before = period.before();
        let year_ago = pages::year_before(&period);
        let mut periods = vec![period];
        periods.extend(before);
        periods.extend(year_ago);
        let mut found: Vec<Vec<Figures>> = Vec::new();
        for period in &periods {
            found.push(self.ask(pages::TOTALS, Asked::of(*period))?);
        }
        let mut columns =
            vec![pages::name_column("指标", "Figure"), pages::number_column("本期", "This period")];
        if before.is_some() {
            columns.push(pages::number_column("上期", "Period before"));
        }
        if year_ago.is_some() {
            columns.push(pages::number_column("上年同期", "A year ago"));
        }
        let row = |place: usize, this: &Figures| {
            let name = Cell::name(Label::both(this.metric.zh, this.metric.en));
            let each = found.iter().map(|figures| pages::figure(&figures[place]));
            Row { cells: [name].into_iter().chain(each).collect() }
        };
        let rows = found[0].iter().enumerate().map(|(place, this)| row(place, this)).collect();
        let table = Table {
            name: "totals".into(),
            caption: Label::both("主要指标", "Main figures"),
            columns,
            rows,
            picture: None,
        };
        let mut blocks = vec![Block::Table(table)];
        blocks.extend(pages::still_open(&found[0]));
        Ok(Section { name: "totals".into(), title: Label::both("总体情况", "Totals"), blocks })
    }

    /// PROP-95: the statistics hold every figure that the dictionary knows.
    fn dictionary(&mut self) -> Result<Section, Error> {
        let names: Vec<&'static str> = METRICS.iter().map(|metric| metric.name).collect();
        let found = self.ask(&names, Asked::of(self.head.period))?;
        let row = |one: &Figures| {
            let name = Cell::name(Label::both(one.metric.zh, one.metric.en));
            Row { cells: vec![name, pages::figure(one)] }
        };
        let table = Table {
            name: "dictionary".into(),
            caption: Label::both("全部指标", "Every figure"),
            columns: vec![pages::name_column("指标", "Figure"), pages::number_column("本期", "This period")],
            rows: found.iter().map(row).collect(),
            picture: None,
        };
        let title = Label::both("全部指标", "Every figure");
        let mut blocks = vec![Block::Table(table)];
        blocks.extend(pages::still_open(&found));
        Ok(Section { name: "dictionary".into(), title, blocks })
    }

    /// PROP-104: complaints beside what the projects are meant to be, for later ones.
    fn relation(&mut self) -> Result<Section, Error> {
        let sides = [
            (By::Positioning, "项目定位", "Positioning"),
            (By::CustomerGroup, "客户群", "Customer group"),
            (By::ServiceStandard, "服务标准", "Service standard"),
            (By::ResourceCost, "资源成本", "Resource cost"),
        ];
        let names = ["counted", "times", "closing_rate", "repeat_share", "satisfaction"];
        let mut columns = Vec::new();
        let mut rows = Vec::new();
        for (by, zh, en) in sides {
            let asked = Asked { by: Some(by), ..Asked::of(self.head.period) };
            let found = self.ask(&names, asked)?;
            if columns.is_empty() {
                columns = vec![pages::name_column("方面", "Aspect"), pages::name_column("取值", "Value")];
                columns.extend(found.iter().map(pages::metric_column));
            }
            // nothing is related to what nobody has said
            for group in found[0].groups.iter().filter(|line| line.group.is_some()) {
                let of = |line: &&FigureLine| line.group == group.group;
                let label = self.names.group(by, group.group.as_deref());
                let cells = found.iter().map(|one| pages::cell(one, one.groups.iter().find(of)));
                let head = [Cell::name(Label::both(zh, en)), Cell::name(label)];
                rows.push(Row { cells: head.into_iter().chain(cells).collect() });
            }
        }
        let mut blocks = Vec::new();
        if !rows.is_empty() {
            let caption = Label::both("与项目特征的关系", "Beside what the projects are meant to be");
            blocks.push(Block::Table(Table {
                name: "relation".into(),
                caption,
                columns,
                rows,
                picture: None,
            }));
        }
        blocks.push(self.text("relation"));
        Ok(Section { name: "relation".into(), title: Label::both("深层分析", "Deeper analysis"), blocks })
    }

    /// PROP-96: trend over the twelve months up to the period.
    fn trend(&mut self) -> Result<Section, Error> {
        let months = pages::twelve_months(&self.head.period);
        let names = ["counted", "closed", "open", "closing_rate", "reply_in_time_rate", "satisfaction"];
        let found = self.ask(&names, Asked { by: Some(By::Month), ..Asked::of(months) })?;
        let mut columns = vec![pages::name_column("月份", "Month")];
        columns.extend(found.iter().map(pages::metric_column));
        let rows = found[0].groups.iter().enumerate().map(|(place, month)| {
            let name = Cell::same(month.group.clone().unwrap_or_default());
            let cells = found.iter().map(|one| pages::cell(one, one.groups.get(place)));
            Row { cells: [name].into_iter().chain(cells).collect() }
        });
        let table = Table {
            name: "trend".into(),
            caption: Label::both("近十二个月趋势", "Trend of twelve months"),
            columns,
            rows: rows.collect(),
            picture: Some(Picture::Line),
        };
        Ok(Section {
            name: "trend".into(),
            title: Label::both("趋势", "Trend"),
            blocks: vec![Block::Table(table)],
        })
    }

    /// Splits figures by a group, most first.
    fn split(&mut self, name: &'static str, by: By, (zh, en): (&str, &str)) -> Result<Table, Error> {
        let names = ["counted", "closed", "open", "closing_rate", "reply_in_time_rate", "satisfaction"];
        let period = self.head.period;
        let found = self.ask(&names, Asked { by: Some(by), ..Asked::of(period) })?;
        let before = match period.before() {
            Some(before) => self.ask(&["counted"], Asked { by: Some(by), ..Asked::of(before) })?.pop(),
            None => None,
        };
        let mut columns = vec![pages::name_column(zh, en)];
        columns.extend(found.iter().map(pages::metric_column));
        if before.is_some() {
            columns.push(pages::number_column("上期计入", "Counted before"));
        }
        let mut groups: Vec<&crate::count::FigureLine> = found[0].groups.iter().collect();
        groups.sort_by(|a, b| b.figure.part.cmp(&a.figure.part).then_with(|| a.group.cmp(&b.group)));
        let row = |group: &crate::count::FigureLine| {
            let of = |one: &Figures| one.groups.iter().find(|line| line.group == group.group).cloned();
            let name = Cell::name(self.names.group(by, group.group.as_deref()));
            let mut cells = vec![name];
            cells.extend(found.iter().map(|one| pages::cell(one, of(one).as_ref())));
            cells.extend(before.iter().map(|one| pages::cell(one, of(one).as_ref())));
            Row { cells }
        };
        let rows = groups.into_iter().map(row).collect();
        let caption = Label::both(format!("按{zh}"), format!("By {}", en.to_lowercase()));
        Ok(Table { name: name.into(), caption, columns, rows, picture: Some(Picture::Bars) })
    }

    /// PROP-96: totals per specialty with strong and weak points.
    fn specialties(&mut self) -> Result<Section, Error> {
        let table = self.split("categories", By::Category, ("专业类别", "Category"))?;
        let mut blocks = vec![Block::Table(table)];
        if self.head.kind.texts().contains(&"specialties") {
            blocks.push(self.text("specialties"));
        }
        Ok(Section {
            name: "specialties".into(), title: Label::both("各专业情况", "By specialty"), blocks
        })
    }

    /// PROP-96: horizontal comparison of units, channels and ends.
    fn across(&mut self) -> Result<Section, Error> {
        let blocks = vec![
            Block::Table(self.split("units", By::Unit, ("项目", "Unit"))?),
            Block::Table(self.split("channels", By::Channel, ("渠道", "Channel"))?),
            Block::Table(self.split("closures", By::Closure, ("关闭方式", "Closure"))?),
        ];
        Ok(Section {
            name: "across".into(), title: Label::both("横向比较", "Horizontal comparison"), blocks
        })
    }

    /// PROP-97…101: 人机料法环 for the specialties with high volume.
    fn focus(&mut self) -> Result<Section, Error> {
        let period = self.head.period;
        let by_category = self.ask(&["counted"], Asked { by: Some(By::Category), ..Asked::of(period) })?;
        let mut high: Vec<(i64, Option<String>)> =
            by_category[0].groups.iter().map(|line| (line.figure.part, line.group.clone())).collect();
        high.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        high.truncate(pages::HIGH_VOLUME);
        let roots = self.names.roots();
        let mut columns =
            vec![pages::name_column("类别", "Category"), pages::number_column("计入", "Counted")];
        columns.extend(
            roots.iter().map(|root| Column { title: self.names.group(By::Cause, Some(root)), number: true }),
        );
        columns.push(pages::number_column("未查明", "Not found yet"));
        let (mut rows, mut leaves) = (Vec::new(), Vec::new());
        for (total, category) in &high {
            let within = Some((By::Category, category.clone()));
            let found = self.ask(&["counted"], Asked { by: Some(By::Cause), within, ..Asked::of(period) })?;
            let mut by_root: BTreeMap<&str, i64> = BTreeMap::new();
            let mut unknown = 0;
            for line in &found[0].groups {
                match &line.group {
                    Some(cause) => *by_root.entry(self.names.root(cause)).or_default() += line.figure.part,
                    None => unknown += line.figure.part,
                }
            }
            let name = self.names.group(By::Category, category.as_deref());
            let mut cells = vec![Cell::name(name.clone()), pages::items(*total)];
            cells.extend(
                roots.iter().map(|root| pages::items(by_root.get(root.as_str()).copied().unwrap_or(0))),
            );
            cells.push(pages::items(unknown));
            rows.push(Row { cells });
            for line in found[0].groups.iter().filter(|line| line.group.is_some()) {
                let cause = self.names.group(By::Cause, line.group.as_deref());
                let root = self.names.root(line.group.as_deref().unwrap_or_default());
                let root = self.names.group(By::Cause, Some(root));
                leaves.push(Row {
                    cells: vec![
                        Cell::name(name.clone()),
                        Cell::name(root),
                        Cell::name(cause),
                        pages::items(line.figure.part),
                    ],
                });
            }
        }
        let causes = Table {
            name: "causes".into(),
            caption: Label::both("人机料法环", "Man, machine, material, method, environment"),
            columns,
            rows,
            picture: None,
        };
        let blocks = vec![Block::Table(causes), Block::Table(leaf_table(leaves)), self.text("focus")];
        Ok(Section { name: "focus".into(), title: Label::both("重点分析", "Focus analysis"), blocks })
    }
}

/// The causes themselves, below the five factors.
fn leaf_table(rows: Vec<Row>) -> Table {
    let columns = vec![
        pages::name_column("类别", "Category"),
        pages::name_column("因素", "Factor"),
        pages::name_column("原因", "Cause"),
        pages::number_column("件数", "Items"),
    ];
    let caption = Label::both("原因细分", "Causes in detail");
    Table { name: "cause_leaves".into(), caption, columns, rows, picture: None }
}

/// Gives the metrics whose figures can be made again from frozen rows.
pub(super) fn recountable() -> impl Iterator<Item = &'static Metric> {
    METRICS.iter().filter(|metric| {
        let list = metric.formula.list();
        pages::TOTALS.contains(&metric.name)
            && list.of != Subject::Complainant
            && !matches!(metric.formula, Formula::MeanReplyDays(_))
            && metric.unit != MetricUnit::People
    })
}
