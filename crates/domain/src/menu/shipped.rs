//! The menus that are part of the binary.

/// Lists the shipped menus: name of the file and its text.
#[must_use]
pub fn shipped() -> Vec<(&'static str, &'static str)> {
    vec![("front-desk.toml", include_str!("../../../../packs/menus/front-desk.toml"))]
}
