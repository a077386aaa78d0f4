//! Steps and the rules that say when and to whom each is open.

use crate::case::SchemaOf;
use crate::pack::By;
use serde::Serialize;
use serde::de::{DeserializeOwned, Deserializer};

/// The name under which opening a paper stands among the rules.
pub const OPEN: &str = "open";

/// When a step is open, and to whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The step's name, or `open`.
    pub step: &'static str,
    /// In these states; none for opening.
    pub states: &'static [&'static str],
    /// For these people.
    pub by: &'static [By],
    /// Where the rule comes from.
    pub sources: &'static [&'static str],
}

/// What may be done with a paper of one kind; made by `steps!`.
pub trait Step: Clone + Serialize + DeserializeOwned + Send + 'static {
    /// Every step by name.
    const NAMES: &'static [&'static str];

    /// Gives the name on the wire.
    fn name(&self) -> &'static str;

    /// Reads the body of a step; nothing when no step has the name.
    ///
    /// # Errors
    /// The error of the reader, which names the field.
    fn read<'de, D: Deserializer<'de>>(name: &str, body: D) -> Result<Option<Self>, D::Error>;

    /// Hands each step's name and body schema to `visit`.
    fn schemas(visit: &mut dyn FnMut(&'static str, SchemaOf));
}

/// Defines the steps of a paper: one body and one name on the wire each.
macro_rules! steps {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident($body:ty) = $wire:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[serde(tag = "step", content = "body")]
        pub enum $name { $($(#[$vmeta])* #[serde(rename = $wire)] $variant($body)),+ }

        impl $crate::paper::Step for $name {
            const NAMES: &'static [&'static str] = &[$($wire),+];

            fn name(&self) -> &'static str {
                match self { $(Self::$variant(_) => $wire),+ }
            }

            fn read<'de, D: serde::Deserializer<'de>>(name: &str, body: D) -> Result<Option<Self>, D::Error> {
                match name {
                    $($wire => <$body as serde::Deserialize>::deserialize(body).map(|body| Some(Self::$variant(body))),)+
                    _ => Ok(None),
                }
            }

            fn schemas(visit: &mut dyn FnMut(&'static str, $crate::case::SchemaOf)) {
                $(visit($wire, |refs| {
                    <$body as utoipa::ToSchema>::schemas(refs);
                    <$body as utoipa::PartialSchema>::schema()
                });)+
            }
        }
    };
}
pub(crate) use steps;
