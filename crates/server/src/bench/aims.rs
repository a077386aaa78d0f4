//! What issues 3 §8, 4 and 6 ask of this machine class with the embedded database.

/// The aim of one figure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Aim {
    /// At most so many milliseconds for 99 of 100.
    P99(f64),
    /// At least so many a second.
    Rate(f64),
    /// At least so many a second, and 99 of 100 within so many milliseconds.
    Both(f64, f64),
}

/// Finds the aim of a figure by its name; most have none.
pub fn of(name: &str, clients: usize) -> Option<Aim> {
    match name {
        "index a case" => Some(Aim::Rate(10_000.0)),
        "search, newest of a common word" => Some(Aim::P99(1.0)),
        "search, 1 word" | "search, 2 words" | "search, 3 words" => {
            Some(Aim::P99(if clients == 1 { 10.0 } else { 40.0 }))
        }
        "search, found after its write" | "same incident, found after its write" => Some(Aim::P99(1_000.0)),
        "same incident among 50000 open" => Some(Aim::P99(50.0)),
        "create, 32 clients" => Some(Aim::Both(3_000.0, 50.0)),
        "case with 50 entries" => Some(Aim::Both(5_000.0, 10.0)),
        "list, first page" | "list, 100th page" => Some(Aim::P99(20.0)),
        "report: one month, counts by category" => Some(Aim::P99(20.0)),
        "report: 36 months, counts by month" => Some(Aim::P99(200.0)),
        "stock-take, list of 10,000 open cases" => Some(Aim::P99(100.0)),
        "hot detection per new contact, 20 cases" => Some(Aim::P99(5.0)),
        "start to first answer" => Some(Aim::P99(1_000.0)),
        _ => None,
    }
}

/// Most resident memory of the server, MiB.
pub const MEMORY_MIB: f64 = 150.0;
