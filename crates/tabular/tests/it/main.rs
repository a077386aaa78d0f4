//! Tables from the outside: read, map, write, and stand hostile input.

mod constant;
mod hostile;
mod mapping;
mod reading;
mod support;
mod taidi;
mod workbook;
mod writing;
