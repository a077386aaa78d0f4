//! What the application asks of the world beside its store: time and chance.

use huiyin_domain::time::Timestamp;
use uuid::Uuid;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Gives the present instant.
    fn now(&self) -> Timestamp;
}

/// Makes what must not be guessed or repeated.
pub trait Ids: Send + Sync {
    /// Makes an identity, UUID v7, that sorts by the instant given.
    fn uuid(&self, at: Timestamp) -> Uuid;

    /// Fills a buffer with bytes that nobody can guess.
    fn fill(&self, bytes: &mut [u8]);
}

/// Seals secrets that must be given in clear later, by a key outside the database.
///
/// A secret belongs to a place, such as `trunk:1:carrier`, and opens nowhere else.
pub trait Strongbox: Send + Sync {
    /// Seals a secret; nothing when it cannot.
    fn seal(&self, place: &str, secret: &str) -> Option<String>;

    /// Opens a secret; nothing when its key is missing, or it is of another place.
    fn open(&self, place: &str, sealed: &str) -> Option<String>;

    /// Says whether a text is sealed already.
    fn is_sealed(&self, text: &str) -> bool;
}

/// Knows the copies of everything that were taken.
pub trait Copies: Send + Sync {
    /// Gives the moment that the last whole copy shows; none when none is known.
    fn last(&self) -> Option<Timestamp>;
}

/// The clock of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        system_now()
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one place that asks the machine for the time")]
fn system_now() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}

/// The chance of the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemIds;

impl Ids for SystemIds {
    fn uuid(&self, at: Timestamp) -> Uuid {
        let mut random = [0; 10];
        self.fill(&mut random);
        let millis = u64::try_from(at.micros() / 1000).unwrap_or_default();
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }

    #[expect(clippy::disallowed_methods, reason = "this is the one place that asks the machine for chance")]
    fn fill(&self, bytes: &mut [u8]) {
        // Without chance no secret is safe: going on would be worse than ending.
        if let Err(error) = getrandom::fill(bytes) {
            tracing::error!(%error, "operating system gives no random bytes");
            std::process::abort();
        }
    }
}
