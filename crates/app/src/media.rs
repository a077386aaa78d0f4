//! The press is here: one action records it and alerts who must know (MEDIA-4).

use std::collections::BTreeMap;

use huiyin_domain::case::{Channel, Kind, Recipient};
use huiyin_domain::ids::UnitId;
use huiyin_domain::paper::Telling;
use huiyin_domain::people::Post;
use huiyin_domain::text::Text;
use huiyin_store::case::read as cases;
use huiyin_store::sql::Tx;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::App;
use crate::case::{self, Created, NewCase};
use crate::ctx::Ctx;
use crate::error::{Error, Params};
use crate::paper::ToTell;
use crate::work::{self, kinds};

/// How the press came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MediaForm {
    /// On the telephone: no interview, whatever is asked (MEDIA-2).
    Phone,
    /// In person, perhaps with a camera (MEDIA-3).
    Present,
    /// By letter, fax or mail, with the questions.
    Written,
}

/// The press as window staff meet it; medium and how they came are enough.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"form": "present", "medium": "晚报"}))]
pub struct NewMediaAlert {
    /// How they came.
    pub form: MediaForm,
    /// The medium.
    pub medium: Text,
    /// Where; the alerting person's own unit when not said.
    #[serde(default)]
    pub unit: Option<UnitId>,
    /// What they ask.
    #[serde(default)]
    pub questions: Option<Text>,
}

/// What was begun, and what to say now.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MediaAlerted {
    /// The case.
    #[serde(flatten)]
    pub case: Created,
    /// What the case can move to: nothing before the request is in writing.
    pub waits_for: &'static str,
    /// The text of the fixed answer, as a code.
    #[serde(skip)]
    pub next: &'static str,
}

/// Whoever must know at the same moment (MEDIA-4).
const ALERTED: [Post; 4] = [Post::Spokesperson, Post::Head, Post::Manager, Post::Gm];

/// Records a media case and alerts spokesperson and leaders at once.
///
/// # Errors
/// As [`case::create`].
pub fn alert(tx: &mut Tx<'_>, ctx: &Ctx, app: &App, new: NewMediaAlert) -> Result<MediaAlerted, Error> {
    let (channel, waits_for, next) = match new.form {
        MediaForm::Phone => (Channel::Phone, "written_request", "media_next_phone"),
        MediaForm::Present => (Channel::Visit, "written_request", "media_next_present"),
        MediaForm::Written => (Channel::Letter, "spokesperson", "media_next_written"),
    };
    let mut fields = BTreeMap::from([("medium".to_owned(), new.medium.clone())]);
    fields.extend(new.questions.clone().map(|questions| ("questions".to_owned(), questions)));
    let recorded = NewCase {
        kind: Kind::Media,
        channel,
        text: new.questions.unwrap_or(new.medium),
        title: None,
        source: None,
        unit: new.unit,
        category: None,
        party: None,
        reporter: None,
        persons: None,
        anonymous: false,
        no_usable_contact: false,
        fields,
        received_at: None,
        collected_at: None,
        suggested: None,
        external_id: None,
    };
    let (created, _) = case::create(tx, ctx, &app.rules, &app.numbers, recorded)?;
    let loaded = cases::case(tx, ctx.org(), created.id)?.ok_or_else(Error::not_found)?;
    let mut params = Params::new();
    params.insert("number".into(), created.number.clone().into());
    params.insert("kind".into(), Kind::Media.as_str().into());
    let tellings = ALERTED.map(|post| Telling::urgent(Recipient::Post(post), "media_alert"));
    let payload = ToTell {
        source: format!("media:{}", created.id),
        unit: loaded.case.unit,
        case: Some(created.id),
        confidential: false,
        params,
        tellings: tellings.to_vec(),
    };
    work::enqueue(tx, ctx, kinds::PAPER_TOLD, &payload, (ctx.now, None))?;
    Ok(MediaAlerted { case: created, waits_for, next })
}
