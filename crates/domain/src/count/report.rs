//! The prescribed reports: what each covers and when it is due.

use super::period::{CUT, Month, Period, PeriodError};
use crate::time::Date;

crate::wire::wire_enum! {
    /// Which report.
    ReportKind {
        /// 月投诉分析报告 (PROP-80, PROP-95…104).
        MonthlyAnalysis = "monthly_analysis",
        /// 月投诉统计 (PROP-94, 95).
        MonthlyStatistics = "monthly_statistics",
        /// 季度投诉分析报告 (PROP-94).
        QuarterlyAnalysis = "quarterly_analysis",
        /// 施工方遗留问题季度统计 (PROP-66).
        QuarterlyLegacy = "quarterly_legacy",
        /// 典型案例 (PROP-65, X-10).
        TypicalCases = "typical_cases",
        /// 投诉日报部门分报 (PROP-69).
        DailyParts = "daily_parts",
    }
}

impl ReportKind {
    /// Tells whether it covers a month, cut on the 28th unless said otherwise.
    #[must_use]
    pub const fn is_monthly(self) -> bool {
        matches!(self, Self::MonthlyAnalysis | Self::MonthlyStatistics | Self::TypicalCases)
    }

    /// Tells whether it covers a quarter.
    #[must_use]
    pub const fn is_quarterly(self) -> bool {
        matches!(self, Self::QuarterlyAnalysis | Self::QuarterlyLegacy)
    }

    /// Reads the period of this report: `2026-10`, `2026-q4` or a day.
    ///
    /// # Errors
    /// [`PeriodError`] when the text is another kind of period.
    pub fn period(self, text: &str, cut: Option<u8>) -> Result<Period, PeriodError> {
        if self.is_monthly() {
            let month: Month = text.parse()?;
            return month.period(cut.unwrap_or(CUT)).ok_or(PeriodError);
        }
        let period: Period = text.parse()?;
        let months = period.months().len();
        let fits = if self.is_quarterly() {
            text.contains(['q', 'Q']) && months == 3
        } else {
            period.first == period.last
        };
        fits.then_some(period).ok_or(PeriodError)
    }

    /// Gives the period that ended last before a day, or ends on it.
    #[must_use]
    pub fn ended(self, today: Date) -> Option<Period> {
        if self.is_quarterly() {
            let quarter = |month: Month| {
                let number = u8::try_from((month.month - 1) / 3 + 1).ok()?;
                Period::quarter(month.year, number)
            };
            return [0, -3]
                .into_iter()
                .filter_map(|back| quarter(Month::of(today).plus(back)))
                .find(|p| p.last <= today);
        }
        if self.is_monthly() {
            let months = [1, 0, -1].into_iter().filter_map(|n| Month::of(today).plus(n).period(CUT));
            return months.into_iter().find(|period| period.last <= today);
        }
        Some(Period { first: today.previous()?, last: today.previous()? })
    }

    /// Gives the last day on which it may be handed in, the day included.
    ///
    /// The monthly report is due the day after its period ends: on the 28th.
    #[must_use]
    pub fn due(self, period: &Period) -> Option<Date> {
        match self {
            Self::MonthlyAnalysis | Self::MonthlyStatistics | Self::TypicalCases | Self::DailyParts => {
                period.last.next()
            }
            Self::QuarterlyAnalysis | Self::QuarterlyLegacy => None,
        }
    }

    /// Tells whether it is drafted by itself when its period ends.
    #[must_use]
    pub const fn is_scheduled(self) -> bool {
        !matches!(self, Self::DailyParts)
    }

    /// Gives its title in Chinese and English.
    #[must_use]
    pub const fn title(self) -> (&'static str, &'static str) {
        match self {
            Self::MonthlyAnalysis => ("月投诉分析报告", "Monthly complaint analysis"),
            Self::MonthlyStatistics => ("月投诉统计表", "Monthly complaint statistics"),
            Self::QuarterlyAnalysis => ("季度投诉分析报告", "Quarterly complaint analysis"),
            Self::QuarterlyLegacy => ("施工方遗留问题季度统计", "Construction legacy, quarterly"),
            Self::TypicalCases => ("典型投诉案例", "Typical complaint cases"),
            Self::DailyParts => ("投诉日报（按部门）", "Daily complaint report by department"),
        }
    }

    /// Gives the sections that people write, with what is wanted there.
    #[must_use]
    pub const fn texts(self) -> &'static [&'static str] {
        match self {
            Self::MonthlyAnalysis | Self::QuarterlyAnalysis => {
                &["specialties", "focus", "cases", "measures", "relation", "summary"]
            }
            Self::MonthlyStatistics => &["causes", "measures", "summary"],
            Self::QuarterlyLegacy => &["causes", "measures"],
            Self::TypicalCases => &["cases", "measures"],
            Self::DailyParts => &["summary"],
        }
    }
}
