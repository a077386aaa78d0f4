//! How the edge hands over a write that must not happen twice.

use crate::App;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::idempotency::{Answer, once, once_made};
use crate::session::access::{Sees, after, confirmed};
use huiyin_store::sql::Tx;
use serde::Serialize;
use serde::de::DeserializeOwned;

impl App {
    /// Runs a use case that writes, once for the request's idempotency key.
    ///
    /// Takes the HTTP status of success, which is kept with the answer.
    ///
    /// # Errors
    /// What the use case gives, or `idempotency_key_reused`.
    pub async fn once<T: Serialize>(
        &self,
        ctx: Ctx,
        status: u16,
        use_case: impl FnOnce(&mut Tx<'_>, &Ctx) -> Result<T, Error> + Send + 'static,
    ) -> Result<Answer, Error> {
        self.answered(ctx, move |tx, ctx| once(tx, ctx, status, |tx| use_case(tx, ctx))).await
    }

    /// Runs a use case that makes something with a secret or personal text, once
    /// for the request's idempotency key; `again` shows it to a repeat.
    ///
    /// # Errors
    /// What either gives, or `idempotency_key_reused`.
    pub async fn once_made<R: Serialize + DeserializeOwned, T: Serialize>(
        &self,
        ctx: Ctx,
        status: u16,
        use_case: impl FnOnce(&mut Tx<'_>, &Ctx) -> Result<(R, T), Error> + Send + 'static,
        again: impl FnOnce(&mut Tx<'_>, &Ctx, R) -> Result<T, Error> + Send + 'static,
    ) -> Result<Answer, Error> {
        let made = move |tx: &mut Tx<'_>, ctx: &Ctx| {
            once_made(tx, ctx, status, |tx| use_case(tx, ctx), |tx, made| again(tx, ctx, made))
        };
        self.answered(ctx, made).await
    }

    /// Writes as who the actor is by now, and tells what the write changed of that.
    async fn answered(
        &self,
        ctx: Ctx,
        write: impl FnOnce(&mut Tx<'_>, &Ctx) -> Result<Answer, Error> + Send + 'static,
    ) -> Result<Answer, Error> {
        let (app, asked) = (self.clone(), ctx.clone());
        let written = self.store.write(move |tx| {
            let ctx = confirmed(&app, tx, &ctx, Sees::Group)?;
            let answer = write(tx, &ctx)?;
            Ok::<_, Error>((answer, after(tx, &ctx)?))
        });
        let written = written.await;
        if let Err(error) = &written {
            crate::phrase::count_refused(self, &asked, error).await;
        }
        let (answer, number) = written?;
        number.into_iter().for_each(|number| self.remembered.saw(number));
        self.wake.now();
        Ok(answer)
    }
}
