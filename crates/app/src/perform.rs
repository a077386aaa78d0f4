//! How the edge hands over a write that must not happen twice.

use crate::App;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::idempotency::{Answer, once};
use crate::session::access::{Sees, after, confirmed};
use huiyin_store::sql::Tx;
use serde::Serialize;

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
        let app = self.clone();
        let written = self.store.write(move |tx| {
            let ctx = confirmed(&app, tx, &ctx, Sees::Group)?;
            let answer = once(tx, &ctx, status, |tx| use_case(tx, &ctx))?;
            Ok::<_, Error>((answer, after(tx, &ctx)?))
        });
        let (answer, number) = written.await?;
        number.into_iter().for_each(|number| self.remembered.saw(number));
        self.wake.now();
        Ok(answer)
    }
}
