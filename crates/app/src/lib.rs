//! Use cases: what people and machines may ask of the house.
//!
//! *Invariants*: no HTTP types, no SQL text; every write passes [`policy`] and
//! leaves an audit line in the same transaction; time and chance come through
//! [`ports`]; nothing slow (hashes, files, network) inside a transaction.
//!
//! *Where to start*: [`Ctx`] says who asks, [`Error`] how a refusal looks.

pub mod agreement;
pub mod approval;
pub mod attachment;
pub mod audit;
pub mod backup;
pub mod behalf;
pub mod bulk;
pub mod call;
pub mod case;
pub mod casefile;
pub mod codes;
pub mod count;
pub mod ctx;
pub mod doctor;
pub mod duty;
mod erasing;
pub mod error;
pub mod export;
pub mod hints;
pub mod idempotency;
pub mod import;
pub mod incident;
pub mod knowledge;
pub mod media;
pub mod notify;
pub mod paper;
pub mod party;
pub mod people;
mod perform;
pub mod phrase;
pub mod policy;
pub mod ports;
pub mod prepared;
pub mod presence;
pub mod public;
pub mod remedy;
pub mod report;
pub mod search;
pub mod secret;
pub mod session;
pub mod shelf;
pub mod special;
pub mod suggest;
pub mod table;
pub mod webhook;
pub mod work;

use std::sync::Arc;

use huiyin_domain::locale::Locale;
use huiyin_store::sql::Store;
use session::access::{Sees, after, confirmed};

pub use ctx::{Actor, Ctx, PostHeld, Via};
pub use error::{Class, Error, FieldError, Params};
pub use hints::{After, Audience, Hint, Hints, Told};
pub use huiyin_store::sql::Tx;
pub use idempotency::IdempotencyKey;
pub use people::Obligations;
pub use ports::{Clock, Copies, Ids, Strongbox, SystemClock, SystemIds};
pub use session::{Hasher, SessionRules};

/// The application: everything that a use case needs beside its request.
#[derive(Clone)]
pub struct App {
    /// Keeps everything.
    pub store: Store,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Makes identities and secrets.
    pub ids: Arc<dyn Ids>,
    /// Tells listeners of changes, after their commit.
    pub hints: Hints,
    /// Who is at which case, as far as this process heard.
    pub presences: presence::Presences,
    /// Wakes the machine work of this process, after a commit.
    pub wake: work::Wake,
    /// Where attached files lie.
    pub files: attachment::Files,
    /// Mail, webhooks and robots.
    pub ways: Arc<dyn work::WaysOut>,
    /// The lines of the call centre; none where this process holds none.
    pub phone: Option<Arc<dyn call::port::Phone>>,
    /// The recordings of calls; none where this process cannot open them.
    pub recordings: Option<Arc<dyn call::port::Recordings>>,
    /// Speaks prompts; none where the house has no voice.
    pub voice: Option<Arc<dyn call::port::Voice>>,
    /// Seals secrets; none where this process has no key for them.
    pub strongbox: Option<Arc<dyn ports::Strongbox>>,
    /// What copies there are; none where this process answers for none.
    pub copies: Option<Arc<dyn Copies>>,
    /// Hashes passwords on few threads.
    pub hasher: Hasher,
    /// How long a session runs.
    pub session_rules: SessionRules,
    /// Who presented secrets are, while nobody's access changes.
    pub remembered: session::Remembered,
    /// Packs and calendars in force.
    pub rules: case::Rules,
    /// Models of categories, read once.
    pub models: suggest::Models,
    /// Open messages, to find those that are alike.
    pub alikes: suggest::Alikes,
    /// What is known in each organisation, ready to be asked.
    pub libraries: knowledge::Libraries,
    /// Blocks of case numbers that this process holds.
    pub numbers: case::Numbers,
    /// What can be found, and the index of this process.
    pub search: search::Search,
    /// The parts of the product that give people work.
    pub obligations: Vec<Arc<dyn Obligations>>,
}

/// How many password hashes run at once, of 19 MiB each.
const HASH_THREADS: usize = 2;

impl App {
    /// Puts the application together around a store.
    ///
    /// # Errors
    /// `internal` when passwords cannot be hashed here.
    pub fn new(store: Store, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Result<Self, Error> {
        let hasher = Hasher::new(HASH_THREADS, Arc::clone(&ids))?;
        Ok(Self {
            store,
            clock,
            ids,
            hints: Hints::default(),
            presences: presence::Presences::default(),
            wake: work::Wake::default(),
            files: attachment::Files::default(),
            ways: Arc::new(work::NoWaysOut),
            phone: None,
            recordings: None,
            voice: None,
            strongbox: None,
            copies: None,
            hasher,
            session_rules: SessionRules::default(),
            remembered: session::Remembered::default(),
            rules: case::Rules::default(),
            models: suggest::Models::default(),
            alikes: suggest::Alikes::default(),
            libraries: knowledge::Libraries::default(),
            numbers: case::Numbers::default(),
            search: search::Search::default(),
            obligations: vec![Arc::new(case::Leaving), Arc::new(incident::Leaving)],
        })
    }

    /// Registers a part of the product that gives people work.
    #[must_use]
    pub fn with_obligations(mut self, part: Arc<dyn Obligations>) -> Self {
        self.obligations.push(part);
        self
    }

    /// Takes the ways out of the house.
    #[must_use]
    pub fn with_ways(mut self, ways: Arc<dyn work::WaysOut>) -> Self {
        self.ways = ways;
        self
    }

    /// Takes the lines of the call centre.
    #[must_use]
    pub fn with_phone(mut self, phone: Arc<dyn call::port::Phone>) -> Self {
        self.phone = Some(phone);
        self
    }

    /// Takes the keeper of recordings.
    #[must_use]
    pub fn with_recordings(mut self, recordings: Arc<dyn call::port::Recordings>) -> Self {
        self.recordings = Some(recordings);
        self
    }

    /// Takes what speaks prompts.
    #[must_use]
    pub fn with_voice(mut self, voice: Arc<dyn call::port::Voice>) -> Self {
        self.voice = Some(voice);
        self
    }

    /// Takes what seals secrets.
    #[must_use]
    pub fn with_strongbox(mut self, strongbox: Arc<dyn ports::Strongbox>) -> Self {
        self.strongbox = Some(strongbox);
        self
    }

    /// Takes what knows the copies that were taken.
    #[must_use]
    pub fn with_copies(mut self, copies: Arc<dyn Copies>) -> Self {
        self.copies = Some(copies);
        self
    }

    /// Takes the folder of attached files.
    #[must_use]
    pub fn with_files(mut self, files: attachment::Files) -> Self {
        self.files = files;
        self
    }

    /// Takes the search index of this process.
    #[must_use]
    pub fn with_index(mut self, finder: Arc<dyn huiyin_domain::search::Finder>) -> Self {
        self.search = self.search.with(finder);
        self
    }

    /// Runs a use case that writes, in one transaction.
    ///
    /// # Errors
    /// What the use case or the store gives; then nothing is written.
    pub async fn write<T: Send + 'static>(
        &self,
        ctx: &Ctx,
        use_case: impl FnOnce(&mut Tx<'_>, &Ctx) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let (app, ctx, asked) = (self.clone(), ctx.clone(), ctx);
        let written = self.store.write(move |tx| {
            let ctx = confirmed(&app, tx, &ctx, Sees::Group)?;
            let done = use_case(tx, &ctx)?;
            Ok::<_, Error>((done, after(tx, &ctx)?))
        });
        let written = written.await;
        if let Err(error) = &written {
            phrase::count_refused(self, asked, error).await;
        }
        let (written, number) = written?;
        number.into_iter().for_each(|number| self.remembered.saw(number));
        self.wake.now();
        Ok(written)
    }

    /// Runs a use case that only reads.
    ///
    /// # Errors
    /// What the use case or the store gives.
    pub async fn read<T: Send + 'static>(
        &self,
        ctx: &Ctx,
        use_case: impl FnOnce(&mut Tx<'_>, &Ctx) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let (app, ctx) = (self.clone(), ctx.clone());
        let read = self.store.read(move |tx| {
            let ctx = confirmed(&app, tx, &ctx, Sees::Committed)?;
            use_case(tx, &ctx)
        });
        read.await
    }

    /// Gives the context as it stands in the database now; for the few requests
    /// that are answered without a use case, or wait before theirs.
    ///
    /// # Errors
    /// `unauthenticated` when the secret opens nothing any more.
    pub async fn confirm(&self, ctx: Ctx) -> Result<Ctx, Error> {
        self.read(&ctx, |_, ctx| Ok(ctx.clone())).await
    }

    /// Runs a use case that reads, and writes its line in the access log where
    /// `logged`: searches by a sensitive field are kept.
    ///
    /// # Errors
    /// What the use case or the store gives.
    pub async fn read_or_log<T: Send + 'static>(
        &self,
        ctx: &Ctx,
        logged: bool,
        use_case: impl FnOnce(&mut Tx<'_>, &Ctx) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        if logged { self.write(ctx, use_case).await } else { self.read(ctx, use_case).await }
    }

    /// Looks whether the database answers.
    ///
    /// # Errors
    /// What the store gives.
    pub async fn look(&self) -> Result<(), Error> {
        self.store.read(|tx| huiyin_store::people::organisation::next_number(tx).map(drop)).await?;
        Ok(())
    }

    /// Makes the context of a request that begins now.
    #[must_use]
    pub fn ctx(&self, actor: Actor, request_id: impl Into<String>, locale: Locale) -> Ctx {
        Ctx {
            actor,
            now: self.clock.now(),
            request_id: request_id.into(),
            locale,
            ids: self.ids.clone(),
            idempotency: None,
            access: None,
        }
    }
}
