//! A house whose machine work runs when a test says so.

use std::collections::VecDeque;
use std::ops::Deref;
use std::sync::{Arc, Mutex};

use huiyin_app::attachment::Files;
use huiyin_app::case::{self, NewCase};
use huiyin_app::work::{HookPost, MailOut, Runner, SendFailure, WaysOut, everything};
use huiyin_domain::case::{Channel, Kind};
use huiyin_domain::ids::{CaseId, PersonId, UnitId};
use huiyin_domain::text::Text;
use huiyin_testkit::engines::TestStore;

use crate::house::{House, wait};

/// Keeps what would leave the house, and fails as often as it is told to.
#[derive(Default)]
pub struct Ways {
    pub posts: Mutex<Vec<HookPost>>,
    pub mails: Mutex<Vec<MailOut>>,
    pub failures: Mutex<VecDeque<SendFailure>>,
}

impl Ways {
    fn failure(&self) -> Result<(), SendFailure> {
        self.failures.lock().unwrap().pop_front().map_or(Ok(()), Err)
    }

    pub fn fail_next(&self, failure: SendFailure) {
        self.failures.lock().unwrap().push_back(failure);
    }

    pub fn topics(&self) -> Vec<String> {
        self.posts.lock().unwrap().iter().map(|post| post.topic.clone()).collect()
    }
}

impl WaysOut for Ways {
    fn has_mail(&self) -> bool {
        true
    }

    fn mail(&self, mail: &MailOut) -> Result<String, SendFailure> {
        self.failure()?;
        self.mails.lock().unwrap().push(mail.clone());
        Ok("250".into())
    }

    fn post(&self, post: &HookPost) -> Result<String, SendFailure> {
        self.failure()?;
        self.posts.lock().unwrap().push(post.clone());
        Ok("status 200".into())
    }

    fn check_address(&self, url: &str) -> Result<(), &'static str> {
        if url.starts_with("https://") { Ok(()) } else { Err("address_scheme") }
    }
}

pub struct Errands {
    pub house: House,
    pub ways: Arc<Ways>,
    pub runner: Runner,
}

impl Deref for Errands {
    type Target = House;

    fn deref(&self) -> &House {
        &self.house
    }
}

impl Errands {
    pub fn new(store: TestStore) -> Self {
        let mut house = House::new(store);
        let folder = house.store.folder().join("files");
        let ways = Arc::new(Ways::default());
        let files = Files::at(folder).with_limit(100_000);
        house.app = house.app.clone().with_files(files).with_ways(ways.clone());
        let (handlers, ticks) = everything(&house.app);
        let runner = Runner::new(house.app.clone(), handlers, ticks);
        Self { house, ways, runner }
    }

    /// Moves time on and does what is due.
    pub fn after(&self, seconds: i64) -> usize {
        use huiyin_app::Clock;
        self.clock.advance(seconds);
        wait(self.runner.run_due(self.clock.now())).unwrap()
    }

    /// Records a complaint at a unit in somebody's name.
    pub fn complaint(&self, by: PersonId, unit: UnitId) -> CaseId {
        let app = self.app.clone();
        let new: NewCase = new_case(unit);
        let ctx = self.ctx(by);
        self.run_as(ctx, move |tx, ctx| case::create(tx, ctx, &app.rules, &app.numbers, new)).unwrap().0.id
    }
}

pub const STORY: &str = "楼上装修声音太大，李某某一整夜没睡";

pub fn new_case(unit: UnitId) -> NewCase {
    NewCase {
        kind: Kind::Complaint,
        channel: Channel::Phone,
        text: Text::new(STORY).unwrap(),
        title: None,
        source: None,
        unit: Some(unit),
        category: None,
        party: None,
        reporter: None,
        persons: None,
        anonymous: false,
        no_usable_contact: false,
        fields: Default::default(),
        received_at: None,
        collected_at: None,
        suggested: None,
        external_id: None,
    }
}
