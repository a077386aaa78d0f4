//! Enums with one stable name each on the wire, in packs and in the database.

/// Defines a fieldless enum with its wire names, listed once.
///
/// Gives `ALL`, `as_str`, `Display`, `FromStr` (the error is the unknown
/// text), serde and the OpenAPI schema. Names are taken as `tt`: a `literal`
/// reaches the schema's derive wrapped, which then writes the variants instead.
macro_rules! wire_enum {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $wire:tt),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash,
            serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        pub enum $name {
            $($(#[$vmeta])* #[serde(rename = $wire)] $variant),+
        }

        impl $name {
            /// Lists every value in its order of definition.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Gives the name on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $wire),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = String;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text { $($wire => Ok(Self::$variant),)+ other => Err(other.to_owned()) }
            }
        }
    };
}

pub(crate) use wire_enum;
