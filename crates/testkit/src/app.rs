//! The whole product in one process, with people and a clock that tests drive.

use crate::engines::TestStore;
use crate::twin::{self, Twin};
use crate::words::lacks_words;
use crate::world::{FakeClock, MarkedIds, Turned};
use axum::Router;
use axum::body::{Body, Bytes, HttpBody as _};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, header};
use huiyin_api::{Edge, Outside, router};
use huiyin_app::people::membership::NewMembership;
use huiyin_app::people::person::{self, NewPerson};
use huiyin_app::session::token::{self, NewToken};
use huiyin_app::session::{self, NewAdministrator};
use huiyin_app::{Actor, App, Error, PostHeld, Via};
use huiyin_domain::ids::{OrgId, PersonId, UnitId};
use huiyin_domain::locale::Locale;
use huiyin_domain::people::Post;
use huiyin_domain::time::Timestamp;
use serde_json::Value;
use std::future::poll_fn;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;
use tower::ServiceExt as _;
use uuid::Uuid;

/// When tests begin: Wednesday 2026-09-30, 09:00 in Shanghai.
pub const BEGIN: Timestamp = Timestamp::from_micros(1_790_730_000_000_000);

/// Password of everybody in tests.
pub const PASSWORD: &str = "four small windy boats";

/// How long a stream may say nothing until its test gives up.
const LONGEST_SILENCE: Duration = Duration::from_secs(30);

/// Host by which tests reach the product.
const HOST: &str = "desk.test";

/// The product on one engine, with an administrator and, beside it, a twin
/// organisation that must never show through.
pub struct TestApp {
    /// The clock of everything.
    pub clock: Arc<FakeClock>,
    /// The edge, for use cases without HTTP.
    pub edge: Edge,
    /// The organisation in which people are made.
    pub org: OrgId,
    /// Its root unit.
    pub unit: UnitId,
    /// The organisation beside it.
    pub twin: Twin,
    router: Router,
    // dropped last: takes folder or schema away
    store: TestStore,
}

impl TestApp {
    /// Starts the product with organisation `default` and administrator `admin`.
    ///
    /// # Panics
    /// When that is refused.
    #[must_use]
    pub fn new(store: TestStore) -> Self {
        Self::with(store, |app, _| app)
    }

    /// Starts it with other ways out, files or limits; `equip` is given a folder
    /// that goes away with the store.
    ///
    /// # Panics
    /// When that is refused.
    #[must_use]
    pub fn with(store: TestStore, equip: impl FnOnce(App, &Path) -> App) -> Self {
        let clock = Arc::new(FakeClock::at(BEGIN));
        let ids = Arc::new(MarkedIds::default());
        let app = must(App::new((*store).clone(), clock.clone(), ids.clone()), "the application");
        let app = app.with_strongbox(Arc::new(Turned));
        let app = equip(app, store.folder());
        let new = NewAdministrator {
            organisation: None,
            login: "admin".into(),
            name: None,
            password: PASSWORD.into(),
        };
        let (made, _) = must(session::create_admin(&app, new), "an administrator");
        let twin = must(twin::found(&app, made.org, &ids), "a twin organisation");
        let edge = Edge::new(app, Outside::default());
        edge.set_ready(true);
        Self { clock, router: router(edge.clone()), edge, org: made.org, unit: made.root_unit, twin, store }
    }

    /// Gives the store of this product.
    #[must_use]
    pub fn store(&self) -> &TestStore {
        &self.store
    }

    /// Makes a person with posts at the root unit, who asks by token.
    ///
    /// # Panics
    /// When that is refused.
    pub fn with_person(&self, login: &str, posts: &[Post]) -> Client {
        self.with_person_at(self.unit, login, posts)
    }

    /// Makes a person with posts at a unit, who asks by token.
    ///
    /// # Panics
    /// When that is refused.
    pub fn with_person_at(&self, unit: UnitId, login: &str, posts: &[Post]) -> Client {
        let held = posts.iter().copied().collect();
        let new = NewPerson {
            login: login.to_owned(),
            name: login.to_owned(),
            phone: None,
            email: None,
            locale: Locale::ZhCn,
            membership: NewMembership { unit, posts: held, valid_from: None, valid_to: None },
        };
        let app = &self.edge.app;
        let ctx = app.ctx(Actor::command_line(self.org), "test", Locale::ZhCn);
        let made = app.store.write_blocking(move |tx| person::create(tx, &ctx, &new));
        let id = must(made, "a person").person.id;
        let posts = posts.iter().map(|post| PostHeld { post: *post, unit }).collect();
        let secret = self.token(id, login, posts);
        self.client(Some(id), Some(format!("Bearer {secret}")))
    }

    fn token(&self, person: PersonId, login: &str, posts: Vec<PostHeld>) -> String {
        let app = &self.edge.app;
        let via = Via::Session(huiyin_domain::ids::SessionId(Uuid::nil()));
        let actor = Actor { org: self.org, person, login: login.into(), name: login.into(), posts, via };
        let ctx = app.ctx(actor, "test", Locale::ZhCn);
        let new = NewToken { name: "test".into(), expires_at: None, posts: None };
        let made = app.store.write_blocking(move |tx| Ok::<_, Error>(token::create(tx, &ctx, &new)?.1));
        must(made, "a token")
    }

    /// Gives the present instant of this product.
    #[must_use]
    pub fn clock_now(&self) -> Timestamp {
        self.edge.app.clock.now()
    }

    /// Gives a client that is not signed in.
    #[must_use]
    pub fn anonymous(&self) -> Client {
        self.client(None, None)
    }

    /// Gives a client of the twin's person; only such a one may see the twin.
    #[must_use]
    pub fn of_twin(&self) -> Client {
        let client = self.client(Some(self.twin.person), Some(format!("Bearer {}", self.twin.token)));
        Client { of_twin: true, ..client }
    }

    fn client(&self, id: Option<PersonId>, authorization: Option<String>) -> Client {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static(HOST));
        headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static("en"));
        if let Some(value) = authorization {
            headers.insert(header::AUTHORIZATION, must(HeaderValue::from_str(&value), "a token"));
        }
        Client { router: self.router.clone(), id, headers, of_twin: false }
    }
}

/// Somebody who asks the product over HTTP, in this process.
#[derive(Clone)]
pub struct Client {
    router: Router,
    /// Who asks; none before sign-in.
    pub id: Option<PersonId>,
    headers: HeaderMap,
    of_twin: bool,
}

impl Client {
    /// Sends a header with every request from now on.
    ///
    /// # Panics
    /// When the header is malformed.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        let value = must(HeaderValue::from_str(value), "a header's value");
        self.headers.insert(HeaderName::from_static(name), value);
        self
    }

    /// Signs in by password; asks by cookie from then on, with a good Origin.
    ///
    /// # Panics
    /// When the sign-in is refused.
    pub async fn sign_in(self, login: &str, password: &str) -> Self {
        let body = serde_json::json!({"login": login, "password": password});
        let answer = self.post("/api/v1/session", &body).await.expect(StatusCode::OK);
        self.adopt(&answer)
    }

    /// Asks by the cookie of an answer from now on, as a browser does, with a
    /// good Origin.
    #[must_use]
    pub fn adopt(self, answer: &Answer) -> Self {
        let cookie = answer.header("set-cookie");
        let cookie = cookie.split(';').next().unwrap_or_default();
        self.with("cookie", cookie).with("origin", &format!("http://{HOST}"))
    }

    /// Reads.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None, Body::empty()).await
    }

    /// Writes JSON.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::POST, path, Some("application/json"), Body::from(body.to_string())).await
    }

    /// Changes by JSON.
    pub async fn patch(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::PATCH, path, Some("application/json"), Body::from(body.to_string())).await
    }

    /// Puts JSON in a place.
    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::PUT, path, Some("application/json"), Body::from(body.to_string())).await
    }

    /// Takes away.
    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None, Body::empty()).await
    }

    /// Asks how many there are, and insists that the list with the same query
    /// has as many: no list may show a twin's rows, so no count includes them.
    ///
    /// # Panics
    /// When count and list differ, or one of them is refused.
    pub async fn count(&self, count: &str, list: &str) -> u64 {
        let answer = self.get(count).await.expect(StatusCode::OK).json();
        let counted = answer.as_object().into_iter().flatten().find_map(|(_, value)| value.as_u64());
        let glue = if list.contains('?') { '&' } else { '?' };
        let (mut listed, mut cursor) = (0, String::new());
        loop {
            let page = self.get(&format!("{list}{cursor}")).await.expect(StatusCode::OK).json();
            listed += page["items"].as_array().map_or(0, Vec::len);
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("{glue}cursor={next}"),
                None => break,
            }
        }
        assert_eq!(counted, u64::try_from(listed).ok(), "{count} counts what {list} does not list");
        counted.unwrap_or_default()
    }

    /// Begins to read an answer that does not end, such as a stream of events.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn listen(&self, path: &str) -> Listening {
        let mut request = must(Request::builder().uri(path).body(Body::empty()), "a request");
        *request.headers_mut() = self.headers.clone();
        let response = must(self.router.clone().oneshot(request).await, "an answer");
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        Listening { body: response.into_body(), heard: String::new() }
    }

    /// Sends whatever is given, well-formed or not.
    ///
    /// # Panics
    /// When the request cannot be made, the product fails outright, or anything
    /// of the twin organisation shows in the answer.
    pub async fn send(&self, method: Method, path: &str, media: Option<&str>, body: Body) -> Answer {
        let asked = format!("{method} {path}");
        let mut request = must(Request::builder().method(method).uri(path).body(body), "a request");
        *request.headers_mut() = self.headers.clone();
        if let Some(media) = media {
            request
                .headers_mut()
                .insert(header::CONTENT_TYPE, must(HeaderValue::from_str(media), "a media type"));
        }
        let response = must(self.router.clone().oneshot(request).await, "an answer");
        let (parts, body) = response.into_parts();
        let body =
            must(huiyin_api::json::collect(body, 64 * 1024 * 1024).await.map_err(|p| p.code), "a body");
        let answer = Answer { status: parts.status, headers: parts.headers, body };
        if !self.of_twin {
            answer.hides_twin(&asked);
        }
        assert!(!lacks_words(&answer.body), "{asked}: {}", String::from_utf8_lossy(&answer.body));
        answer
    }
}

/// An answer that goes on as long as somebody listens.
pub struct Listening {
    body: Body,
    heard: String,
}

impl Listening {
    /// Listens until a word was said; gives everything that was heard so far.
    ///
    /// # Panics
    /// When the word is not said, or anything of the twin organisation is.
    pub async fn until(&mut self, word: &str) -> &str {
        while !self.heard.contains(word) {
            let next = poll_fn(|cx| Pin::new(&mut self.body).poll_frame(cx));
            let Ok(Some(Ok(frame))) = timeout(LONGEST_SILENCE, next).await else {
                panic!("{word} was not said: {}", self.heard);
            };
            let bytes = frame.into_data().unwrap_or_default();
            assert_eq!(twin::shows_in(&bytes), None, "{}", String::from_utf8_lossy(&bytes));
            self.heard.push_str(&String::from_utf8_lossy(&bytes));
        }
        &self.heard
    }
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// Body as it came.
    pub body: Bytes,
}

impl Answer {
    /// Insists that nothing of the twin organisation is in body or headers.
    fn hides_twin(&self, asked: &str) {
        let headers = self.headers.values().map(HeaderValue::as_bytes);
        for part in headers.chain([&*self.body]) {
            if let Some(mark) = twin::shows_in(part) {
                let part = String::from_utf8_lossy(part);
                panic!("{asked}: the twin organisation shows through ({mark}): {part}");
            }
        }
    }

    /// Insists on a status.
    ///
    /// # Panics
    /// When it is another one; shows the body then.
    #[must_use]
    #[track_caller]
    pub fn expect(self, status: StatusCode) -> Self {
        assert_eq!(self.status, status, "{}", String::from_utf8_lossy(&self.body));
        self
    }

    /// Insists on a problem with a status and a code.
    ///
    /// # Panics
    /// When it is none, or another one.
    #[track_caller]
    pub fn problem(self, status: u16, code: &str) -> Value {
        let text = String::from_utf8_lossy(&self.body).into_owned();
        assert_eq!(self.status.as_u16(), status, "{text}");
        assert_eq!(self.header("content-type"), "application/problem+json", "{text}");
        let problem = self.json();
        assert_eq!(problem["code"], code, "{text}");
        assert_eq!(problem["status"], status, "{text}");
        assert!(problem["request_id"].is_string() && problem["detail"] != code, "{text}");
        problem
    }

    /// Reads the body as JSON.
    ///
    /// # Panics
    /// When it is none.
    #[must_use]
    #[track_caller]
    pub fn json(&self) -> Value {
        must(serde_json::from_slice(&self.body), "JSON")
    }

    /// Gives a header; empty when it is not there.
    #[must_use]
    pub fn header(&self, name: &str) -> String {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
    }
}

#[track_caller]
fn must<T, E: std::fmt::Debug>(made: Result<T, E>, what: &str) -> T {
    match made {
        Ok(made) => made,
        Err(error) => panic!("the test needs {what}: {error:?}"),
    }
}
