//! From bytes to an attachment of a case.

use huiyin_domain::case::Command;
use huiyin_domain::case::body::{Attached as Body, Note};
use huiyin_domain::ids::{AttachmentId, CaseId};
use huiyin_domain::text::Text;
use huiyin_store::attachment as rows;
use huiyin_store::sql::Tx;

use super::give::AttachmentRow;
use super::kind::is_refused;
use super::name::file_name;
use super::upload::{Stored, Upload};
use crate::App;
use crate::case::{self, Acted, Rules};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::hints::Hint;
use crate::{idempotency, policy, secret};

/// Name of the key that names an organisation's files.
pub(crate) const KEY: &str = "files";

/// A file that has arrived completely.
pub struct Arrived {
    /// The file.
    pub upload: Upload,
    /// The length that the sender said, where it did.
    pub announced: Option<u64>,
    /// The name as given.
    pub name: String,
}

/// What attaching led to.
#[derive(Debug)]
pub struct Attached {
    /// The attachment.
    pub attachment: AttachmentRow,
    /// What listeners hear of it, after the commit; nothing when the file had
    /// been attached before.
    pub hint: Option<Hint>,
}

/// Begins to take a file for a case, once it is sure that the actor may.
///
/// # Errors
/// `not_found`, `forbidden`, `file_name_invalid`, or that files cannot be kept.
pub async fn begin(app: &App, ctx: &Ctx, case: CaseId, name: &str) -> Result<Upload, Error> {
    file_name(name)?;
    let mut fresh = vec![0; 32];
    ctx.ids.fill(&mut fresh);
    let key = app
        .write(ctx, move |tx, ctx| {
            may_attach(tx, ctx, case)?;
            Ok(rows::key(tx, ctx.org(), KEY, fresh, ctx.now)?)
        })
        .await?;
    Upload::begin(&app.files, ctx.org(), &key, &ctx.uuid().to_string()).await
}

fn may_attach(tx: &mut Tx<'_>, ctx: &Ctx, id: CaseId) -> Result<(), Error> {
    let (loaded, _) = case::visible(tx, ctx, id)?;
    let sight = case::sight_of(tx, ctx, &loaded.case)?;
    policy::case_permit(&ctx.actor, &sight).map(|_| ())
}

/// Attaches a file that has arrived completely.
///
/// What runs is refused, and the refusal is noted on the case, so that whoever
/// waits for the file sees what became of it.
///
/// # Errors
/// `file_type_refused`, `file_empty`, `file_truncated`, or what the action gives.
pub async fn attach(app: &App, ctx: &Ctx, case: CaseId, arrived: Arrived) -> Result<Attached, Error> {
    let name = file_name(&arrived.name)?;
    if is_refused(arrived.upload.head(), &name) {
        let bytes = arrived.upload.bytes();
        drop(arrived.upload);
        return Err(refuse(app, ctx, case, name, bytes).await?);
    }
    let stored = arrived.upload.finish(arrived.announced).await?;
    let mut ctx = ctx.clone();
    if let Some(key) = &mut ctx.idempotency {
        // the content is known only now
        key.body = secret::digest(&format!("{}\n{}\n{name}", key.body, stored.digest));
    }
    let rules = app.rules.clone();
    app.write(&ctx, move |tx, ctx| {
        let write = |tx: &mut Tx<'_>| {
            let attached = write(tx, ctx, &rules, (case, name), stored)?;
            Ok((attached.attachment.id, attached))
        };
        let again = |tx: &mut Tx<'_>, id| {
            case::visible(tx, ctx, case)?;
            let attachment = rows::get(tx, ctx.org(), id)?.ok_or_else(Error::not_found)?;
            Ok(Attached { attachment, hint: None })
        };
        idempotency::recall(tx, ctx, 201, write, again).map(|(attached, _)| attached)
    })
    .await
}

fn write(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    rules: &Rules,
    (case, name): (CaseId, String),
    stored: Stored,
) -> Result<Attached, Error> {
    let text = Text::new(&name).map_err(|_| Error::field("name", "file_name_invalid"))?;
    let attachment = keep(tx, ctx, case, name, &stored)?;
    let command = Command::Attach(Body {
        name: text,
        attachment: attachment.id,
        bytes: stored.bytes,
        media_type: stored.media_type.to_owned(),
        digest: stored.digest,
    });
    let Acted { case, sight, .. } = case::act(tx, ctx, rules, (case, None), command)?;
    let hint = Hint::case(ctx.org(), (case.id, case.version), sight);
    hint.tell(tx, ctx)?;
    Ok(Attached { attachment, hint: Some(hint) })
}

fn keep(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    case: CaseId,
    name: String,
    stored: &Stored,
) -> Result<AttachmentRow, Error> {
    let row = AttachmentRow {
        id: AttachmentId(ctx.uuid()),
        case,
        digest: stored.digest.clone(),
        name,
        bytes: stored.bytes,
        media_type: stored.media_type.to_owned(),
        created_at: ctx.now,
        created_by: ctx.actor.identified().then_some(ctx.actor.person),
        erased_at: None,
    };
    rows::keep_file(tx, ctx.org(), &row.digest, (row.bytes, &row.media_type), ctx.now)?;
    rows::insert(tx, ctx.org(), &row)?;
    Ok(row)
}

/// Notes on the case that a file was refused; gives the refusal.
async fn refuse(app: &App, ctx: &Ctx, case: CaseId, name: String, bytes: u64) -> Result<Error, Error> {
    let refusal = Error::invalid("file_type_refused").with("name", name.as_str());
    let rules = app.rules.clone();
    app.write(ctx, move |tx, ctx| {
        let text = Text::new(&format!("附件被拒收：{name}（{bytes} 字节，可执行文件）"));
        let text = text.map_err(|_| Error::field("name", "file_name_invalid"))?;
        case::act(tx, ctx, &rules, (case, None), Command::Note(Note { text, mentions: Vec::new() }))
    })
    .await?;
    Ok(refusal)
}
