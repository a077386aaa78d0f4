//! The packs that are part of the binary.

use super::files::PackFiles;
use super::load::load;
use super::model::Pack;
use std::sync::LazyLock;

macro_rules! folder {
    ($folder:literal, $($file:literal),+ $(,)?) => {
        PackFiles::default()
            $(.with($file, include_str!(concat!("../../../../packs/", $folder, "/", $file))))+
            .with("common.toml", include_str!("../../../../packs/common.toml"))
    };
}

/// Lists the packs that the binary carries, by name, with their files.
#[must_use]
pub fn shipped() -> Vec<(&'static str, PackFiles)> {
    let property = folder!(
        "property",
        "pack.toml",
        "tips.toml",
        "texts/zh-CN/acceptance_end.txt",
        "texts/en/acceptance_end.txt",
        "texts/zh-CN/media_fixed_answer.txt",
        "texts/en/media_fixed_answer.txt",
        "texts/zh-CN/not_our_responsibility.txt",
        "texts/en/not_our_responsibility.txt",
    );
    let telecom = folder!(
        "telecom-six-step",
        "pack.toml",
        "forms.toml",
        "tips.toml",
        "texts/zh-CN/apology.txt",
        "texts/en/apology.txt",
        "texts/zh-CN/liability_statement.txt",
        "texts/en/liability_statement.txt",
        "texts/zh-CN/not_established.txt",
        "texts/en/not_established.txt",
    );
    let general = folder!(
        "general-eight-step",
        "pack.toml",
        "forms.toml",
        "tips.toml",
        "texts/zh-CN/apology.txt",
        "texts/en/apology.txt",
        "texts/zh-CN/liability_statement.txt",
        "texts/en/liability_statement.txt",
        "texts/zh-CN/not_established.txt",
        "texts/en/not_established.txt",
        "texts/zh-CN/reply_letter.txt",
        "texts/en/reply_letter.txt",
    );
    let after_sales = folder!(
        "after-sales-agreement",
        "pack.toml",
        "forms.toml",
        "tips.toml",
        "texts/zh-CN/agreement.txt",
        "texts/en/agreement.txt",
        "texts/zh-CN/apology.txt",
        "texts/en/apology.txt",
        "texts/zh-CN/liability_statement.txt",
        "texts/en/liability_statement.txt",
    );
    vec![
        ("property", property),
        ("telecom-six-step", telecom),
        ("general-eight-step", general),
        ("after-sales-agreement", after_sales),
    ]
}

/// Name of the pack that a new organisation begins with, unless it says another.
pub const STANDARD: &str = "property";

/// Gives the pack of the property desk as shipped.
///
/// # Panics
/// Never: a test holds that the shipped pack loads.
#[must_use]
#[expect(clippy::expect_used, reason = "the files are part of the binary and a test proves that they load")]
pub fn property() -> &'static Pack {
    static PROPERTY: LazyLock<Pack> = LazyLock::new(|| {
        let (_, files) = shipped().remove(0);
        load(&files).expect("the shipped pack loads")
    });
    &PROPERTY
}
