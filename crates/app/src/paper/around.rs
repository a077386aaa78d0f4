//! What the product does around the steps of a kind of paper, beyond its rules.

use huiyin_domain::paper::Paper;
use huiyin_domain::paper::arbitration::Arbitration;
use huiyin_domain::paper::authority_file::AuthorityFile;
use huiyin_domain::paper::digest::Digest;
use huiyin_domain::paper::fault::Fault;
use huiyin_domain::paper::line_report::LineReport;
use huiyin_domain::paper::misconduct::Misconduct;
use huiyin_domain::paper::scorecard::Scorecard;
use huiyin_domain::paper::visit_record::VisitRecord;
use huiyin_store::sql::Tx;
use uuid::Uuid;

use super::change::Changed;
use crate::App;
use crate::ctx::Ctx;
use crate::error::Error;

/// What belongs to the steps of a kind in the same transaction; nothing unless the
/// kind says so.
pub trait Around: Paper {
    /// Completes what opens a paper, before its rules look at it.
    ///
    /// # Errors
    /// What recording beside it refuses.
    fn before_opening(_tx: &mut Tx<'_>, _ctx: &Ctx, _app: &App, new: Self::New) -> Result<Self::New, Error> {
        Ok(new)
    }

    /// Keeps what belongs to a paper that was just opened.
    ///
    /// # Errors
    /// What the store gives.
    fn after_opening(_tx: &mut Tx<'_>, _ctx: &Ctx, _changed: &Changed<Self>) -> Result<(), Error> {
        Ok(())
    }

    /// Looks at a step, or completes it, before the rules do.
    ///
    /// # Errors
    /// Fields that are not acceptable, or what recording beside it refuses.
    fn before_step(
        _tx: &mut Tx<'_>,
        _ctx: &Ctx,
        _app: &App,
        _seen: (Uuid, &Self),
        step: &Self::Step,
    ) -> Result<Self::Step, Error> {
        Ok(step.clone())
    }

    /// Carries a step that was taken over to what it is about.
    ///
    /// # Errors
    /// What that refuses.
    fn after_step(
        _tx: &mut Tx<'_>,
        _ctx: &Ctx,
        _app: &App,
        _changed: &Changed<Self>,
        _step: &Self::Step,
    ) -> Result<(), Error> {
        Ok(())
    }

    /// Keeps what belongs beside each new state of a paper.
    ///
    /// # Errors
    /// What that refuses.
    fn after_keep(_tx: &mut Tx<'_>, _ctx: &Ctx, _changed: &Changed<Self>) -> Result<(), Error> {
        Ok(())
    }

    /// Tells whether another paper has what this one wants for itself.
    ///
    /// # Errors
    /// What the store gives.
    fn taken(&self, _tx: &mut Tx<'_>, _ctx: &Ctx, _id: Uuid) -> Result<bool, Error> {
        Ok(false)
    }

    /// Fills in what a step of the clock must count at its moment.
    ///
    /// # Errors
    /// What the store gives.
    fn fired(
        _tx: &mut Tx<'_>,
        _ctx: &Ctx,
        _app: &App,
        _seen: (Uuid, &Self),
        step: Self::Step,
    ) -> Result<Self::Step, Error> {
        Ok(step)
    }
}

impl Around for Arbitration {}
impl Around for AuthorityFile {}
impl Around for Digest {}
impl Around for Fault {}
impl Around for LineReport {}
impl Around for Misconduct {}
impl Around for Scorecard {}
impl Around for VisitRecord {}
