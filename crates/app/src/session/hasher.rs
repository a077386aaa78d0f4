//! Password hashing on few threads, with bounded memory.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use tokio::sync::Semaphore;

use crate::codes;
use crate::error::{Class, Error};
use crate::ports::Ids;

/// How many people may wait for a hash at once; more are sent away for a moment.
const MOST_WAITING: usize = 64;

/// Memory of one hash, KiB; with `PASSES` the least that OWASP recommends.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;

/// Hashes and verifies passwords: argon2id, 19 MiB, two passes, one lane.
///
/// At most `threads` hashes run at once, so a flood of sign-ins takes neither
/// all memory nor all processors. Never call it inside a transaction.
#[derive(Clone)]
pub struct Hasher {
    shared: Arc<Shared>,
}

struct Shared {
    permits: Arc<Semaphore>,
    waiting: AtomicUsize,
    argon: Argon2<'static>,
    /// Hash of nothing that anybody knows: an unknown login takes the same time.
    decoy: String,
    ids: Arc<dyn Ids>,
}

impl Hasher {
    /// Makes a hasher that runs at most so many hashes at once.
    ///
    /// # Errors
    /// `internal` when the parameters are refused.
    pub fn new(threads: usize, ids: Arc<dyn Ids>) -> Result<Self, Error> {
        let params = Params::new(MEMORY_KIB, PASSES, 1, None).map_err(Error::internal)?;
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let decoy = hash(&argon, ids.as_ref(), &crate::secret::new(ids.as_ref()))?;
        let permits = Arc::new(Semaphore::new(threads.max(1)));
        let shared = Shared { permits, waiting: AtomicUsize::new(0), argon, decoy, ids };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// Hashes a password or PIN; gives the PHC form.
    ///
    /// # Errors
    /// `sign_in_busy` when too many wait.
    pub async fn hash(&self, secret: &str) -> Result<String, Error> {
        let (shared, secret) = (Arc::clone(&self.shared), secret.to_owned());
        self.on_thread(move || hash(&shared.argon, shared.ids.as_ref(), &secret)).await
    }

    /// Hashes a password on this thread; for the command line.
    ///
    /// # Errors
    /// `internal` when hashing fails.
    pub fn hash_blocking(&self, secret: &str) -> Result<String, Error> {
        hash(&self.shared.argon, self.shared.ids.as_ref(), secret)
    }

    /// Says whether a password fits a hash; without a hash it never does, but
    /// takes as long.
    ///
    /// # Errors
    /// `sign_in_busy` when too many wait.
    pub async fn verify(&self, secret: &str, hash: Option<String>) -> Result<bool, Error> {
        let (shared, secret) = (Arc::clone(&self.shared), secret.to_owned());
        self.on_thread(move || {
            let known = hash.is_some();
            let hash = hash.as_deref().unwrap_or(&shared.decoy);
            let fits = shared.argon.verify_password(secret.as_bytes(), hash).is_ok();
            Ok(fits && known)
        })
        .await
    }

    async fn on_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let _place = Place::take(&self.shared)?;
        let permit = Arc::clone(&self.shared.permits).acquire_owned().await.map_err(Error::internal)?;
        let task = tokio::task::spawn_blocking(move || {
            // The permit travels: a caller that goes away does not free it early.
            let _permit = permit;
            work()
        });
        task.await.map_err(Error::internal)?
    }
}

fn hash(argon: &Argon2<'_>, ids: &dyn Ids, secret: &str) -> Result<String, Error> {
    let mut salt = [0; 16];
    ids.fill(&mut salt);
    let made = argon.hash_password_with_salt(secret.as_bytes(), &salt);
    Ok(made.map_err(|error| Error::internal(error.to_string()))?.to_string())
}

/// A place in the queue, given back on drop.
struct Place(Arc<Shared>);

impl Place {
    fn take(shared: &Arc<Shared>) -> Result<Self, Error> {
        if shared.waiting.fetch_add(1, Ordering::Relaxed) >= MOST_WAITING {
            shared.waiting.fetch_sub(1, Ordering::Relaxed);
            return Err(Error::new(Class::Unavailable, codes::SIGN_IN_BUSY));
        }
        Ok(Self(Arc::clone(shared)))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SystemIds;

    /// stack §1 password
    #[tokio::test]
    async fn a_password_fits_its_own_hash_only() {
        let hasher = Hasher::new(1, Arc::new(SystemIds)).unwrap();
        let hash = hasher.hash("four small windy boats").await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(hasher.verify("four small windy boats", Some(hash.clone())).await.unwrap());
        assert!(!hasher.verify("four small windy boat", Some(hash)).await.unwrap());
        assert!(!hasher.verify("four small windy boats", None).await.unwrap());
    }

    /// stack §1 password
    #[tokio::test]
    async fn too_many_at_once_are_sent_away() {
        let hasher = Hasher::new(1, Arc::new(SystemIds)).unwrap();
        let places: Vec<Place> = (0..MOST_WAITING).map(|_| Place::take(&hasher.shared).unwrap()).collect();
        assert_eq!(hasher.hash("x").await.unwrap_err().code(), codes::SIGN_IN_BUSY);
        drop(places);
        assert!(hasher.hash("x").await.is_ok());
    }
}
