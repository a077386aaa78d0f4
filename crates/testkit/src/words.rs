//! Whether what the product tells people is whole.

/// Tells whether a reason of a refusal lacks what its text names, as Fluent
/// leaves it: `{$missing}`.
pub(crate) fn lacks_words(body: &[u8]) -> bool {
    let body = String::from_utf8_lossy(body);
    body.contains("\"reasons\"") && body.contains("{$")
}
