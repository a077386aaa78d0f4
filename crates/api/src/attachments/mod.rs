//! Files attached to cases: streamed in and out.

mod give;
mod take;

use crate::edge::Edge;
use huiyin_app::attachment::AttachmentRow;
use huiyin_domain::ids::{AttachmentId, PersonId};
use huiyin_domain::time::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

/// Names the operations of this module.
pub fn routes() -> OpenApiRouter<Edge> {
    take::routes().merge(give::routes())
}

/// A file attached to a case.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Attachment)]
struct AttachmentOut {
    id: AttachmentId,
    /// The name that it was given; empty once erased.
    name: String,
    /// Size in bytes.
    #[schema(minimum = 0)]
    bytes: u64,
    /// Media type by its content, whatever was said.
    media_type: String,
    created_at: Timestamp,
    created_by: Option<PersonId>,
    erased_at: Option<Timestamp>,
}

impl From<AttachmentRow> for AttachmentOut {
    fn from(row: AttachmentRow) -> Self {
        Self {
            id: row.id,
            name: row.name,
            bytes: row.bytes,
            media_type: row.media_type,
            created_at: row.created_at,
            created_by: row.created_by,
            erased_at: row.erased_at,
        }
    }
}
