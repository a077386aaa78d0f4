//! Instants, zones and working calendars; the only place that knows `jiff`.

mod calendar;
mod check;
mod cn;
mod date;
mod hours;
mod notice;
mod period;
#[cfg(test)]
pub(crate) mod tests;
mod timestamp;
mod zone;

pub use calendar::{
    CalendarError, CalendarParts, CalendarRef, CalendarRefError, CoverageWarning, DayName, SpecialDay, Week,
    WorkingCalendar, Years,
};
pub use date::{Date, DateError, FIRST_YEAR, LAST_YEAR, Weekday};
pub use hours::Stretch;
pub use notice::{Doubt, Notice, NoticeError};
pub(crate) use period::show_time;
pub use period::{Period, PeriodError, time_of_day};
pub use timestamp::{Timestamp, TimestampError};
pub use zone::{DAY_SECONDS, LocalTimeError, Zone, ZoneError};
