//! How many files and sockets this process may have open.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Allows as many as the machine lets us: a call takes four sockets and a file.
///
/// Many systems begin every process with 1,024 of them, whatever it may have.
pub fn allow_many() {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current == maximum {
        return;
    }
    match setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }) {
        Ok(()) => tracing::debug!(from = ?current, to = ?maximum, "open files"),
        Err(error) => tracing::warn!(%error, allowed = ?current, "cannot allow more open files"),
    }
}
