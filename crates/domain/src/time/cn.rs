//! Days off and make-up working days in China, 2007 to 2026.
//!
//! Our own table of the facts in the State Council's yearly notices. A new
//! year arrives by import (see `import`) or by lines added here.

use super::calendar::{CalendarParts, DayName, SpecialDay, Years};
use super::{Date, Period, Week, Weekday, WorkingCalendar, Zone};

/// A holiday's name, Chinese and English.
pub(super) type Name = (&'static str, &'static str);

const NEW_YEAR: Name = ("元旦", "New Year's Day");
const SPRING: Name = ("春节", "Spring Festival");
const QINGMING: Name = ("清明节", "Qingming Festival");
const LABOUR: Name = ("劳动节", "Labour Day");
const DRAGON_BOAT: Name = ("端午节", "Dragon Boat Festival");
const MID_AUTUMN: Name = ("中秋节", "Mid-Autumn Festival");
const NATIONAL: Name = ("国庆节", "National Day");
const NATIONAL_MID_AUTUMN: Name = ("国庆节、中秋节", "National Day and Mid-Autumn Festival");
const VICTORY: Name = ("抗战胜利纪念日", "Victory Day");

/// Names that an import knows in English.
pub(super) const NAMES: [Name; 9] =
    [NEW_YEAR, SPRING, QINGMING, LABOUR, DRAGON_BOAT, MID_AUTUMN, NATIONAL, NATIONAL_MID_AUTUMN, VICTORY];

/// Version of the calendar below; counts up with every change of its table.
const VERSION: u32 = 1;
const YEARS: Years = Years { first: 2007, last: 2026 };

struct Holiday {
    name: Name,
    from: Date,
    to: Date,
    work: &'static [Date],
}

/// Takes (month, day) of a year; month 0 is the December before it.
const fn day(year: i16, (month, day): (i8, i8)) -> Date {
    if month == 0 { Date::known(year - 1, 12, day) } else { Date::known(year, month, day) }
}

macro_rules! holidays {
    ($($year:literal $name:ident $from:tt to $to:tt work [$($work:tt),*];)+) => {
        // Constant, so that a day that does not exist stops the build.
        const HOLIDAYS: &[Holiday] = &[$(Holiday {
            name: $name,
            from: day($year, $from),
            to: day($year, $to),
            work: &[$(day($year, $work)),*],
        }),+];
    };
}

holidays! {
    2007 NEW_YEAR (1, 1) to (1, 3) work [(0, 30), (0, 31)];
    2007 SPRING (2, 18) to (2, 24) work [(2, 17), (2, 25)];
    2007 LABOUR (5, 1) to (5, 7) work [(4, 28), (4, 29)];
    2007 NATIONAL (10, 1) to (10, 7) work [(9, 29), (9, 30)];
    2008 NEW_YEAR (0, 30) to (1, 1) work [(0, 29)];
    2008 SPRING (2, 6) to (2, 12) work [(2, 2), (2, 3)];
    2008 QINGMING (4, 4) to (4, 6) work [];
    2008 LABOUR (5, 1) to (5, 3) work [(5, 4)];
    2008 DRAGON_BOAT (6, 7) to (6, 9) work [];
    2008 MID_AUTUMN (9, 13) to (9, 15) work [];
    2008 NATIONAL (9, 29) to (10, 5) work [(9, 27), (9, 28)];
    2009 NEW_YEAR (1, 1) to (1, 3) work [(1, 4)];
    2009 SPRING (1, 25) to (1, 31) work [(1, 24), (2, 1)];
    2009 QINGMING (4, 4) to (4, 6) work [];
    2009 LABOUR (5, 1) to (5, 3) work [];
    2009 DRAGON_BOAT (5, 28) to (5, 30) work [(5, 31)];
    2009 NATIONAL_MID_AUTUMN (10, 1) to (10, 8) work [(9, 27), (10, 10)];
    2010 NEW_YEAR (1, 1) to (1, 3) work [];
    2010 SPRING (2, 13) to (2, 19) work [(2, 20), (2, 21)];
    2010 QINGMING (4, 3) to (4, 5) work [];
    2010 LABOUR (5, 1) to (5, 3) work [];
    2010 DRAGON_BOAT (6, 14) to (6, 16) work [(6, 12), (6, 13)];
    2010 MID_AUTUMN (9, 22) to (9, 24) work [(9, 19), (9, 25)];
    2010 NATIONAL (10, 1) to (10, 7) work [(9, 26), (10, 9)];
    2011 NEW_YEAR (1, 1) to (1, 3) work [];
    2011 SPRING (2, 2) to (2, 8) work [(1, 30), (2, 12)];
    2011 QINGMING (4, 3) to (4, 5) work [(4, 2)];
    2011 LABOUR (4, 30) to (5, 2) work [];
    2011 DRAGON_BOAT (6, 4) to (6, 6) work [];
    2011 MID_AUTUMN (9, 10) to (9, 12) work [];
    2011 NATIONAL (10, 1) to (10, 7) work [(10, 8), (10, 9)];
    2012 NEW_YEAR (1, 1) to (1, 3) work [(0, 31)];
    2012 SPRING (1, 22) to (1, 28) work [(1, 21), (1, 29)];
    2012 QINGMING (4, 2) to (4, 4) work [(3, 31), (4, 1)];
    2012 LABOUR (4, 29) to (5, 1) work [(4, 28)];
    2012 DRAGON_BOAT (6, 22) to (6, 24) work [];
    2012 NATIONAL_MID_AUTUMN (9, 30) to (10, 7) work [(9, 29)];
    2013 NEW_YEAR (1, 1) to (1, 3) work [(1, 5), (1, 6)];
    2013 SPRING (2, 9) to (2, 15) work [(2, 16), (2, 17)];
    2013 QINGMING (4, 4) to (4, 6) work [(4, 7)];
    2013 LABOUR (4, 29) to (5, 1) work [(4, 27), (4, 28)];
    2013 DRAGON_BOAT (6, 10) to (6, 12) work [(6, 8), (6, 9)];
    2013 MID_AUTUMN (9, 19) to (9, 21) work [(9, 22)];
    2013 NATIONAL (10, 1) to (10, 7) work [(9, 29), (10, 12)];
    2014 NEW_YEAR (1, 1) to (1, 1) work [];
    2014 SPRING (1, 31) to (2, 6) work [(1, 26), (2, 8)];
    2014 QINGMING (4, 5) to (4, 5) work [];
    2014 QINGMING (4, 7) to (4, 7) work [];
    2014 LABOUR (5, 1) to (5, 3) work [(5, 4)];
    2014 DRAGON_BOAT (6, 2) to (6, 2) work [];
    2014 MID_AUTUMN (9, 8) to (9, 8) work [];
    2014 NATIONAL (10, 1) to (10, 7) work [(9, 28), (10, 11)];
    2015 NEW_YEAR (1, 1) to (1, 3) work [(1, 4)];
    2015 SPRING (2, 18) to (2, 24) work [(2, 15), (2, 28)];
    2015 QINGMING (4, 5) to (4, 6) work [];
    2015 LABOUR (5, 1) to (5, 1) work [];
    2015 DRAGON_BOAT (6, 20) to (6, 20) work [];
    2015 DRAGON_BOAT (6, 22) to (6, 22) work [];
    2015 VICTORY (9, 3) to (9, 5) work [(9, 6)];
    2015 MID_AUTUMN (9, 27) to (9, 27) work [];
    2015 NATIONAL (10, 1) to (10, 7) work [(10, 10)];
    2016 NEW_YEAR (1, 1) to (1, 1) work [];
    2016 SPRING (2, 7) to (2, 13) work [(2, 6), (2, 14)];
    2016 QINGMING (4, 4) to (4, 4) work [];
    2016 LABOUR (5, 1) to (5, 2) work [];
    2016 DRAGON_BOAT (6, 9) to (6, 11) work [(6, 12)];
    2016 MID_AUTUMN (9, 15) to (9, 17) work [(9, 18)];
    2016 NATIONAL (10, 1) to (10, 7) work [(10, 8), (10, 9)];
    2017 NEW_YEAR (1, 1) to (1, 2) work [];
    2017 SPRING (1, 27) to (2, 2) work [(1, 22), (2, 4)];
    2017 QINGMING (4, 2) to (4, 4) work [(4, 1)];
    2017 LABOUR (5, 1) to (5, 1) work [];
    2017 DRAGON_BOAT (5, 28) to (5, 30) work [(5, 27)];
    2017 NATIONAL_MID_AUTUMN (10, 1) to (10, 8) work [(9, 30)];
    2018 NEW_YEAR (1, 1) to (1, 1) work [];
    2018 SPRING (2, 15) to (2, 21) work [(2, 11), (2, 24)];
    2018 QINGMING (4, 5) to (4, 7) work [(4, 8)];
    2018 LABOUR (4, 29) to (5, 1) work [(4, 28)];
    2018 DRAGON_BOAT (6, 18) to (6, 18) work [];
    2018 MID_AUTUMN (9, 24) to (9, 24) work [];
    2018 NATIONAL (10, 1) to (10, 7) work [(9, 29), (9, 30)];
    2019 NEW_YEAR (0, 30) to (1, 1) work [(0, 29)];
    2019 SPRING (2, 4) to (2, 10) work [(2, 2), (2, 3)];
    2019 QINGMING (4, 5) to (4, 5) work [];
    2019 LABOUR (5, 1) to (5, 4) work [(4, 28), (5, 5)];
    2019 DRAGON_BOAT (6, 7) to (6, 7) work [];
    2019 MID_AUTUMN (9, 13) to (9, 13) work [];
    2019 NATIONAL (10, 1) to (10, 7) work [(9, 29), (10, 12)];
    2020 NEW_YEAR (1, 1) to (1, 1) work [];
    2020 SPRING (1, 24) to (2, 2) work [(1, 19), (2, 3)];
    2020 QINGMING (4, 4) to (4, 6) work [];
    2020 LABOUR (5, 1) to (5, 5) work [(4, 26), (5, 9)];
    2020 DRAGON_BOAT (6, 25) to (6, 27) work [(6, 28)];
    2020 NATIONAL_MID_AUTUMN (10, 1) to (10, 8) work [(9, 27), (10, 10)];
    2021 NEW_YEAR (1, 1) to (1, 3) work [];
    2021 SPRING (2, 11) to (2, 17) work [(2, 7), (2, 20)];
    2021 QINGMING (4, 3) to (4, 5) work [];
    2021 LABOUR (5, 1) to (5, 5) work [(4, 25), (5, 8)];
    2021 DRAGON_BOAT (6, 12) to (6, 14) work [];
    2021 MID_AUTUMN (9, 19) to (9, 21) work [(9, 18)];
    2021 NATIONAL (10, 1) to (10, 7) work [(9, 26), (10, 9)];
    2022 NEW_YEAR (1, 1) to (1, 3) work [];
    2022 SPRING (1, 31) to (2, 6) work [(1, 29), (1, 30)];
    2022 QINGMING (4, 3) to (4, 5) work [(4, 2)];
    2022 LABOUR (4, 30) to (5, 4) work [(4, 24), (5, 7)];
    2022 DRAGON_BOAT (6, 3) to (6, 5) work [];
    2022 MID_AUTUMN (9, 10) to (9, 12) work [];
    2022 NATIONAL (10, 1) to (10, 7) work [(10, 8), (10, 9)];
    2023 NEW_YEAR (0, 31) to (1, 2) work [];
    2023 SPRING (1, 21) to (1, 27) work [(1, 28), (1, 29)];
    2023 QINGMING (4, 5) to (4, 5) work [];
    2023 LABOUR (4, 29) to (5, 3) work [(4, 23), (5, 6)];
    2023 DRAGON_BOAT (6, 22) to (6, 24) work [(6, 25)];
    2023 NATIONAL_MID_AUTUMN (9, 29) to (10, 6) work [(10, 7), (10, 8)];
    2024 NEW_YEAR (1, 1) to (1, 1) work [];
    2024 SPRING (2, 10) to (2, 17) work [(2, 4), (2, 18)];
    2024 QINGMING (4, 4) to (4, 6) work [(4, 7)];
    2024 LABOUR (5, 1) to (5, 5) work [(4, 28), (5, 11)];
    2024 DRAGON_BOAT (6, 10) to (6, 10) work [];
    2024 MID_AUTUMN (9, 15) to (9, 17) work [(9, 14)];
    2024 NATIONAL (10, 1) to (10, 7) work [(9, 29), (10, 12)];
    2025 NEW_YEAR (1, 1) to (1, 1) work [];
    2025 SPRING (1, 28) to (2, 4) work [(1, 26), (2, 8)];
    2025 QINGMING (4, 4) to (4, 6) work [];
    2025 LABOUR (5, 1) to (5, 5) work [(4, 27)];
    2025 DRAGON_BOAT (5, 31) to (6, 2) work [];
    2025 NATIONAL_MID_AUTUMN (10, 1) to (10, 8) work [(9, 28), (10, 11)];
    2026 NEW_YEAR (1, 1) to (1, 3) work [(1, 4)];
    2026 SPRING (2, 15) to (2, 23) work [(2, 14), (2, 28)];
    2026 QINGMING (4, 4) to (4, 6) work [];
    2026 LABOUR (5, 1) to (5, 5) work [(5, 9)];
    2026 DRAGON_BOAT (6, 19) to (6, 21) work [];
    2026 MID_AUTUMN (9, 25) to (9, 27) work [];
    2026 NATIONAL (10, 1) to (10, 7) work [(9, 20), (10, 10)];
}

fn special_days() -> Vec<SpecialDay> {
    let mut days = Vec::new();
    for holiday in HOLIDAYS {
        let (zh, en) = holiday.name;
        let mut add = |date: Date, off: bool| {
            days.push(SpecialDay { date, off, name: DayName { zh: zh.into(), en: en.into() } });
        };
        let free = std::iter::successors(Some(holiday.from), |date| date.next());
        free.take_while(|date| *date <= holiday.to).for_each(|date| add(date, true));
        holiday.work.iter().for_each(|date| add(*date, false));
    }
    days
}

/// Gives Monday to Friday with one period a day.
fn office_week(period: Period) -> Week {
    Weekday::ALL.into_iter().take(5).map(|weekday| (weekday, vec![period])).collect()
}

impl WorkingCalendar {
    /// Gives the parts of the shipped calendar of China: Monday to Friday
    /// 09:00 to 18:00, holidays and make-up days 2007 to 2026, `CN`.
    #[must_use]
    pub fn china_parts() -> CalendarParts {
        CalendarParts {
            name: "CN".into(),
            version: VERSION,
            zone: Zone::shanghai(),
            week: office_week(Period::OFFICE),
            make_up: vec![Period::OFFICE],
            years: Some(YEARS),
            days: special_days(),
            regional: Vec::new(),
        }
    }

    /// Gives the shipped calendar of China.
    #[must_use]
    pub fn china() -> Self {
        Self::trusted(Self::china_parts())
    }
}
