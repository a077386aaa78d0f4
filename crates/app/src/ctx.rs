//! Who asks, when and in which request: every use case takes a [`Ctx`].

use std::sync::Arc;

use huiyin_domain::ids::{CaseId, OrgId, PersonId, SessionId, TokenId, UnitId};
use huiyin_domain::locale::Locale;
pub use huiyin_domain::people::PostHeld;
use huiyin_domain::people::{Post, Scope, posts_at};
use huiyin_domain::time::Timestamp;
use uuid::Uuid;

use crate::idempotency::IdempotencyKey;
use crate::ports::Ids;
use crate::session::Access;

/// How an actor reached us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    /// A browser session.
    Session(SessionId),
    /// An API token.
    Token(TokenId),
    /// The command line on the machine itself.
    CommandLine,
    /// A customer on the public page: anew, or in the case that number and
    /// lookup code opened.
    Customer(Option<CaseId>),
    /// Nobody: the product moves by itself, as clocks do.
    System,
}

impl Via {
    /// Gives the name in the audit trail, snake case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Session(_) => "session",
            Self::Token(_) => "token",
            Self::Customer(_) => "customer",
            Self::CommandLine => "command_line",
            Self::System => "system",
        }
    }

    /// Gives which session or token it is.
    #[must_use]
    pub fn id(self) -> Option<String> {
        match self {
            Self::Session(session) => Some(session.to_string()),
            Self::Token(token) => Some(token.to_string()),
            Self::Customer(_) | Self::CommandLine | Self::System => None,
        }
    }
}

/// Who asks, in which organisation, with which posts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The organisation in which everything happens.
    pub org: OrgId,
    /// The person; all zeros for the product itself.
    pub person: PersonId,
    /// The login name.
    pub login: String,
    /// The name that people see.
    pub name: String,
    /// The posts held now in this organisation, as far as the token lets them.
    pub posts: Vec<PostHeld>,
    /// How the actor reached us.
    pub via: Via,
}

impl Actor {
    /// Makes the actor of moves that nobody asks for, such as those of clocks.
    #[must_use]
    pub fn system(org: OrgId) -> Self {
        Self {
            org,
            person: PersonId(Uuid::nil()),
            login: String::new(),
            name: String::new(),
            posts: Vec::new(),
            via: Via::System,
        }
    }

    /// Makes the actor of the command line on the machine itself.
    #[must_use]
    pub fn command_line(org: OrgId) -> Self {
        Self { via: Via::CommandLine, ..Self::system(org) }
    }

    /// Makes the actor of the public page: the customer, in one case or anew.
    #[must_use]
    pub fn customer(org: OrgId, case: Option<CaseId>) -> Self {
        Self { via: Via::Customer(case), ..Self::system(org) }
    }

    /// Says whether a person is known behind it.
    #[must_use]
    pub fn identified(&self) -> bool {
        self.person.0 != Uuid::nil()
    }

    /// Says whether the product itself acts.
    #[must_use]
    pub fn is_system(&self) -> bool {
        self.via == Via::System
    }

    /// Says whether the post is held at some unit.
    #[must_use]
    pub fn holds(&self, post: Post) -> bool {
        self.posts.iter().any(|held| held.post == post)
    }

    /// Gives the posts that count at a unit.
    ///
    /// `path` goes from the root of the tree to the unit, both included.
    #[must_use]
    pub fn posts_at(&self, path: &[UnitId]) -> Vec<Post> {
        posts_at(&self.posts, path)
    }

    /// Gives what the actor may see.
    #[must_use]
    pub fn scope(&self) -> Scope {
        match self.via {
            Via::System | Via::CommandLine => Scope::everything(self.org, self.person),
            Via::Session(_) | Via::Token(_) | Via::Customer(_) => {
                Scope::of(self.org, self.person, &self.posts)
            }
        }
    }
}

/// One request: who, when, and what makes its identities.
#[derive(Clone)]
pub struct Ctx {
    /// Who asks.
    pub actor: Actor,
    /// The instant of the request; one for everything it writes.
    pub now: Timestamp,
    /// Names the request in audit and log.
    pub request_id: String,
    /// The language of the answer.
    pub locale: Locale,
    /// Makes identities and secrets.
    pub ids: Arc<dyn Ids>,
    /// Names the request so that a repeat does nothing twice, where given.
    pub idempotency: Option<IdempotencyKey>,
    /// On what the actor rests where it was made from memory; compared in each
    /// transaction of the request.
    pub access: Option<Access>,
}

impl Ctx {
    /// Gives the organisation of the request.
    #[must_use]
    pub fn org(&self) -> OrgId {
        self.actor.org
    }

    /// Makes an identity, UUID v7, of this instant.
    #[must_use]
    pub fn uuid(&self) -> Uuid {
        self.ids.uuid(self.now)
    }
}
