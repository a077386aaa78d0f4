//! What every paper says around a report, in words.

use crate::document::Document;
use huiyin_domain::locale::Locale;

const fn say(locale: Locale, zh: &'static str, en: &'static str) -> &'static str {
    match locale {
        Locale::ZhCn => zh,
        Locale::En => en,
    }
}

/// Names whose report it is, of when.
pub(crate) fn facts(document: &Document, locale: Locale) -> Vec<(&'static str, String)> {
    let period = format!("{} – {}", document.period.first, document.period.last);
    let mut facts = vec![
        (say(locale, "单位", "Unit"), document.of.clone()),
        (say(locale, "统计周期", "Period"), period),
        (say(locale, "取数时间", "Figures of"), document.taken_at.clone()),
    ];
    if let Some(due) = document.due {
        facts.push((say(locale, "应报日期", "Due"), due.to_string()));
    }
    facts
}

/// Says that the figures of a draft still move.
pub(crate) const fn draft(locale: Locale) -> &'static str {
    say(locale, "草稿：数据未结账，仍会变化", "Draft: figures are not frozen and still change")
}

/// Says that a table is empty.
pub(crate) const fn none(locale: Locale) -> &'static str {
    say(locale, "本期无", "None in this period")
}

/// Names who signs.
pub(crate) const fn signs(locale: Locale) -> [&'static str; 3] {
    [say(locale, "编制", "Prepared"), say(locale, "审核", "Checked"), say(locale, "批准", "Approved")]
}

/// Says where the figures come from.
pub(crate) const fn source(locale: Locale) -> &'static str {
    say(
        locale,
        "本报告所有数字取自统一指标口径，每个数字均可打开其明细。",
        "Every figure comes from the one metric dictionary, and the list behind it can be opened.",
    )
}
