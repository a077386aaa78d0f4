//! The words of the demo, read from `packs/demo`.

use anyhow::Context as _;
use huiyin_domain::case::{BasisKind, Kind, Responsibility};
use huiyin_domain::people::{Post, UnitLevel};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// Everything that the demo is told with.
pub struct Words {
    /// Units and people.
    pub company: Company,
    /// Names of residents.
    pub residents: Residents,
    /// Sentences that fit any case, by occasion.
    pub sentences: BTreeMap<String, Vec<String>>,
    /// What customers come with.
    pub matters: Vec<Matter>,
}

/// The company.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Company {
    /// Name of the group.
    pub name: String,
    /// Its code.
    pub code: String,
    /// Who solves for the group, by login.
    pub group: String,
    /// 业务监督, by login.
    pub supervision: String,
    /// 发言人, by login.
    pub spokesperson: String,
    /// 统计核定人, by login.
    pub statistics: String,
    /// Units below it, each after the one it lies under.
    pub unit: Vec<UnitWords>,
    /// Estates with their buildings.
    pub estate: Vec<Estate>,
    /// Who does what at each centre.
    pub centre: Vec<Centre>,
    /// People.
    pub person: Vec<PersonWords>,
}

/// One unit.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitWords {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its rung.
    pub level: UnitLevel,
    /// Code of the unit above.
    pub under: String,
}

/// One estate.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Estate {
    /// Code of its unit.
    pub unit: String,
    /// Code of the centre that looks after it.
    pub centre: String,
    /// Its buildings.
    pub buildings: Vec<String>,
    /// Floors of each.
    pub floors: u32,
    /// Rooms of each floor.
    pub rooms: u32,
}

/// Who does what at a centre, by login.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Centre {
    /// Code of its unit.
    pub unit: String,
    /// Who receives.
    pub agents: Vec<String>,
    /// 客服主管.
    pub lead: String,
    /// 负责人.
    pub head: String,
    /// 核查人.
    pub verifier: String,
    /// 回访人.
    pub visitor: String,
    /// An employee in the field.
    pub employee: String,
    /// Handler of engineering.
    pub engineering: String,
    /// Handler of order and safety.
    pub order: String,
    /// Handler of cleaning and greening.
    pub grounds: String,
}

/// One person.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonWords {
    /// Login name.
    pub login: String,
    /// Name.
    pub name: String,
    /// Where, as what.
    pub places: Vec<Place>,
}

/// Posts at one unit.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Code of the unit.
    pub unit: String,
    /// The posts there.
    pub posts: BTreeSet<Post>,
}

/// Names of residents.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Residents {
    /// Surnames.
    pub surnames: Vec<String>,
    /// Given names.
    pub given: Vec<String>,
}

/// Which department handles a matter.
#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Team {
    /// 工程维修部.
    #[default]
    Engineering,
    /// 秩序维护部.
    Order,
    /// 环境绿化部.
    Grounds,
}

/// One sort of matter, from the first sentence to the result.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Matter {
    /// Kind of case.
    pub kind: Kind,
    /// Category of the pack.
    pub category: String,
    /// Title.
    pub title: String,
    /// The message, in several wordings.
    pub text: Vec<String>,
    /// What it is about, for complaints.
    #[serde(default)]
    pub object: String,
    /// What the customer wants.
    #[serde(default)]
    pub wish: String,
    /// Who handles it.
    #[serde(default)]
    pub team: Team,
    /// What was found out.
    #[serde(default)]
    pub finding: String,
    /// On what the answer rests.
    #[serde(default)]
    pub basis: Option<(BasisKind, Responsibility, String)>,
    /// What can be offered, the first one first.
    #[serde(default)]
    pub option: Vec<String>,
    /// What is done at once.
    #[serde(default)]
    pub measures: String,
    /// What came of it.
    pub result: String,
    /// Cause leaf.
    #[serde(default)]
    pub cause: Option<String>,
    /// Money in the offer, yuan.
    #[serde(default)]
    pub amount: Option<i64>,
    /// Name of the medium.
    #[serde(default)]
    pub medium: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Matters {
    matter: Vec<Matter>,
}

macro_rules! shipped {
    ($name:literal) => {
        toml::from_str(include_str!(concat!("../../../../packs/demo/", $name))).context(concat!(
            "packs/demo/",
            $name,
            " cannot be read"
        ))
    };
}

impl Words {
    /// Reads the words that the binary carries.
    ///
    /// # Errors
    /// When one of the files is not what it should be; a test holds that none is.
    pub fn shipped() -> anyhow::Result<Self> {
        let matters: Matters = shipped!("matters.toml")?;
        Ok(Self {
            company: shipped!("company.toml")?,
            residents: shipped!("residents.toml")?,
            sentences: shipped!("sentences.toml")?,
            matters: matters.matter,
        })
    }
}
