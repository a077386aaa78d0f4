//! What groups are called: categories and causes by their packs, units by name.

use huiyin_domain::count::By;
use huiyin_domain::pack::{Names, Pack};
use huiyin_domain::people::Tree;
use huiyin_reports::Label;
use std::collections::BTreeMap;

/// The names of an organisation's groups.
pub(super) struct GroupNames {
    categories: BTreeMap<String, Names>,
    tops: BTreeMap<String, String>,
    causes: BTreeMap<String, (Names, Option<String>)>,
    units: BTreeMap<String, String>,
}

impl GroupNames {
    /// Collects them; the newest version of a pack names last.
    pub(super) fn of<'a>(packs: impl Iterator<Item = &'a Pack>, tree: &Tree) -> Self {
        let mut names = Self {
            categories: BTreeMap::new(),
            tops: BTreeMap::new(),
            causes: BTreeMap::new(),
            units: BTreeMap::new(),
        };
        for pack in packs {
            for category in &pack.categories {
                names.categories.insert(category.code.clone(), category.title.clone());
                names.tops.insert(category.code.clone(), category.top.clone());
            }
            for cause in &pack.causes {
                names.causes.insert(cause.code.clone(), (cause.title.clone(), cause.parent.clone()));
            }
        }
        names.units = tree.units().map(|unit| (unit.id.to_string(), unit.name.clone())).collect();
        names
    }

    /// Names one group.
    pub(super) fn group(&self, by: By, key: Option<&str>) -> Label {
        let Some(key) = key else { return missing(by) };
        let both = |names: &Names| Label::both(&names.zh, &names.en);
        let found = match by {
            By::Category => self.categories.get(key).map(both),
            By::Cause => self.causes.get(key).map(|(names, _)| both(names)),
            By::Unit | By::Company => self.units.get(key).map(|name| Label::Same(name.clone())),
            By::Channel => Some(channel(key)),
            By::Closure => Some(Label::word(format!("close_{key}"))),
            By::Kind | By::Exemption => Some(Label::word(key)),
            By::Pack
            | By::Month
            | By::Positioning
            | By::CustomerGroup
            | By::ServiceStandard
            | By::ResourceCost => None,
        };
        found.unwrap_or_else(|| Label::Same(key.to_owned()))
    }

    /// Gives the root of a cause: 人, 机, 料, 法 or 环 (PROP-97).
    pub(super) fn root<'a>(&'a self, cause: &'a str) -> &'a str {
        let mut at = cause;
        for _ in 0..8 {
            match self.causes.get(at).and_then(|(_, parent)| parent.as_deref()) {
                Some(parent) => at = parent,
                None => break,
            }
        }
        at
    }

    /// Lists the roots of the cause tree, by code.
    pub(super) fn roots(&self) -> Vec<String> {
        let roots = self.causes.iter().filter(|(_, (_, parent))| parent.is_none());
        let mut roots: Vec<String> = roots.map(|(code, _)| code.clone()).collect();
        let order = ["man", "machine", "material", "method", "environment"];
        roots.sort_by_key(|root| order.iter().position(|known| known == root).unwrap_or(order.len()));
        roots
    }

    /// Lists the categories that stand under a company-wide top.
    pub(super) fn under(&self, top: &str) -> Vec<String> {
        self.tops.iter().filter(|(_, of)| *of == top).map(|(code, _)| code.clone()).collect()
    }
}

fn missing(by: By) -> Label {
    match by {
        By::Category => Label::both("未归类", "Without a category"),
        By::Cause => Label::both("原因未查明", "Cause not found yet"),
        By::Closure => Label::both("未关闭", "Open"),
        By::Exemption => Label::both("不免回访", "Not exempt"),
        By::Company => Label::both("不属任何公司", "Of no company"),
        By::Positioning | By::CustomerGroup | By::ServiceStandard | By::ResourceCost => {
            Label::both("未说明", "Not said")
        }
        By::Unit | By::Channel | By::Kind | By::Pack | By::Month => Label::Same("–".to_owned()),
    }
}

/// Names a channel: some of its words mean something else elsewhere.
fn channel(key: &str) -> Label {
    match key {
        "visit" => Label::both("来访", "visit to the desk"),
        "online" => Label::both("网上投诉", "public post"),
        "employee" => Label::both("员工反映", "brought by an employee"),
        "passed_on" => Label::both("上级转办", "passed on from above"),
        "other" => Label::both("意见箱及其他", "box and other ways"),
        _ => Label::word(key),
    }
}
