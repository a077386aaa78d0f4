//! Files given out to who sees the case.

use huiyin_domain::ids::{AttachmentId, CaseId};
use huiyin_store::attachment as rows;
use huiyin_store::sql::Tx;
use std::path::PathBuf;

pub use huiyin_store::attachment::AttachmentRow;

use crate::App;
use crate::case;
use crate::ctx::Ctx;
use crate::error::{Class, Error};

/// A file to be given out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileOut {
    /// What it is.
    pub attachment: AttachmentRow,
    /// Where it lies.
    pub place: PathBuf,
}

/// Lists the attachments of a case, oldest first.
///
/// # Errors
/// `not_found` when the case is not there or not for this person to know.
pub fn list(tx: &mut Tx<'_>, ctx: &Ctx, case: CaseId) -> Result<Vec<AttachmentRow>, Error> {
    case::visible(tx, ctx, case)?;
    Ok(rows::of_case(tx, ctx.org(), case)?)
}

/// Gives a file of a case.
///
/// # Errors
/// `not_found` when the case or the file is not there or not for this person
/// to know, `file_erased` when it was erased on lawful request.
pub async fn give(app: &App, ctx: &Ctx, case: CaseId, id: AttachmentId) -> Result<FileOut, Error> {
    let attachment = app
        .read(ctx, move |tx, ctx| {
            case::visible(tx, ctx, case)?;
            let found = rows::get(tx, ctx.org(), id)?.filter(|row| row.case == case);
            found.ok_or_else(Error::not_found)
        })
        .await?;
    if attachment.erased_at.is_some() {
        return Err(Error::new(Class::NotFound, "file_erased"));
    }
    let place = app.files.place(ctx.org(), &attachment.digest)?;
    Ok(FileOut { attachment, place })
}
