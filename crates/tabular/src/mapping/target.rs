//! What a column can become: the kinds of import and their targets.
//!
//! Size: a catalogue of targets and values, nothing else.

use huiyin_domain::money::Money;
use huiyin_domain::time::Timestamp;
use serde::{Deserialize, Serialize, Serializer};
use std::collections::BTreeMap;
use std::fmt;

/// Names the kinds of import.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Import {
    /// Complaints, repairs, enquiries and so on, with their history.
    Cases,
    /// The tree of the organisation.
    Units,
    /// Rooms and who lives there.
    Households,
    /// Staff with logins and posts.
    People,
    /// Complaints on public pages (PROP-71).
    Posts,
}

impl Import {
    /// Gives the name on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cases => "cases",
            Self::Units => "units",
            Self::Households => "households",
            Self::People => "people",
            Self::Posts => "posts",
        }
    }
}

/// Names the shapes of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// Text of any kind.
    Text,
    /// An instant, read in the zone of the mapping.
    Time,
    /// A day.
    Date,
    /// A telephone number.
    Phone,
    /// An e-mail address.
    Email,
    /// An amount in yuan.
    Money,
    /// A name of the product, usually by a value table.
    Choice,
    /// A whole number.
    Integer,
    /// A number with at most two decimals.
    Decimal,
    /// Yes or no.
    Boolean,
    /// Several texts.
    List,
    /// Several names of the product.
    Choices,
    /// Several telephone numbers.
    Phones,
}

/// Holds one value after the mapping.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MappedValue {
    /// Text.
    Text(String),
    /// An instant.
    Time(Timestamp),
    /// A day.
    Date(jiff::civil::Date),
    /// A telephone number in half-width characters, otherwise as written.
    Phone(String),
    /// An amount.
    Money(Money),
    /// A name of the product.
    Choice(String),
    /// A whole number.
    Integer(i64),
    /// A number in hundredths, such as 1/100 m².
    Hundredths(i64),
    /// Yes or no.
    Boolean(bool),
    /// Several texts, names or telephone numbers.
    List(Vec<String>),
}

/// Names the field that a column becomes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// A field that the product knows.
    Known(Field),
    /// Anything else worth keeping, `extra.<name>`.
    Extra(String),
}

macro_rules! fields {
    ($($(#[$doc:meta])* $field:ident = $name:literal, $shape:ident, $max:literal, [$($import:ident $need:ident),+];)+) => {
        /// Lists the fields that the product knows.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Field { $($(#[$doc])* $field),+ }

        impl Field {
            /// Lists all fields in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$field),+];

            /// Gives the name in the mapping file.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$field => $name),+ }
            }

            /// Gives the shape of its values.
            #[must_use]
            pub const fn shape(self) -> Shape {
                match self { $(Self::$field => Shape::$shape),+ }
            }

            /// Gives the longest text in bytes.
            #[must_use]
            pub const fn max_bytes(self) -> usize {
                match self { $(Self::$field => $max),+ }
            }

            /// Gives the imports that know it, and whether they need it.
            const fn uses(self) -> &'static [(Import, Need)] {
                match self { $(Self::$field => &[$((Import::$import, Need::$need)),+]),+ }
            }
        }
    };
}

/// Says whether an import can do without a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Need {
    /// Every row has it.
    Must,
    /// A row may do without.
    May,
}

fields! {
    /// Key of the row in its source; makes the import repeatable.
    ExternalId = "external_id", Text, 200, [Cases Must, Posts Must];
    /// Number of the case in the older system.
    Number = "number", Text, 64, [Cases May];
    /// When the customer's message came in.
    ReceivedAt = "received_at", Time, 64, [Cases Must];
    /// Heading of the message.
    Title = "title", Text, 1000, [Cases May];
    /// The message in the customer's words.
    Text = "text", Text, 65_536, [Cases Must, Posts Must];
    /// How it came in.
    Channel = "channel", Choice, 64, [Cases Must];
    /// Stable mark of the sender on that channel, such as a user code.
    ChannelIdentifier = "channel_identifier", Text, 200, [Cases May];
    /// Complaint, repair, enquiry and so on.
    Kind = "kind", Choice, 64, [Cases Must];
    /// Category at intake.
    Category = "category", Choice, 64, [Cases May, Posts May];
    /// Category after the handling.
    FinalCategory = "final_category", Choice, 64, [Cases May];
    /// Unit: of the case, or of the household, or of the person.
    Unit = "unit", Text, 64, [Cases May, Households Must, People Must, Posts May];
    /// Login of the owner.
    Owner = "owner", Text, 64, [Cases May, Posts May];
    /// Name of the customer.
    PartyName = "party_name", Text, 200, [Cases May];
    /// Telephone number of the customer.
    PartyPhone = "party_phone", Phone, 64, [Cases May];
    /// Address of the customer.
    PartyAddress = "party_address", Text, 500, [Cases May];
    /// Whether the customer wishes not to be named.
    Anonymous = "anonymous", Boolean, 16, [Cases May];
    /// What the customer wishes.
    Wish = "wish", Text, 65_536, [Cases May];
    /// How the customer feels.
    Feeling = "feeling", Text, 65_536, [Cases May];
    /// What the customer demands.
    Demand = "demand", Text, 65_536, [Cases May];
    /// The first reply to the customer.
    ReplyText = "reply_text", Text, 65_536, [Cases May];
    /// When the first reply went out.
    ReplyAt = "reply_at", Time, 64, [Cases May];
    /// How the first reply went out.
    ReplyCarrier = "reply_carrier", Choice, 64, [Cases May];
    /// When the case was closed.
    ClosedAt = "closed_at", Time, 64, [Cases May];
    /// Kind of closure.
    Closure = "closure", Choice, 64, [Cases May];
    /// Code: of the unit, or of the household.
    Code = "code", Text, 64, [Units Must, Households Must];
    /// Name of the unit or of the person.
    Name = "name", Text, 200, [Units Must, People Must];
    /// Level of the unit, such as company or estate.
    Level = "level", Choice, 64, [Units Must];
    /// Code of the unit above.
    Parent = "parent", Text, 64, [Units May];
    /// First day on which it holds.
    ValidFrom = "valid_from", Date, 64, [Units May, People May];
    /// First day on which it holds no longer.
    ValidTo = "valid_to", Date, 64, [Units May, People May];
    /// Building of the household.
    Building = "building", Text, 200, [Households Must];
    /// Address of the household.
    Address = "address", Text, 500, [Households May];
    /// Floor area in square metres.
    Area = "area", Decimal, 32, [Households May];
    /// Day of moving in.
    MovedInOn = "moved_in_on", Date, 64, [Households May];
    /// Name of the head of the household.
    HeadName = "head_name", Text, 200, [Households May];
    /// Telephone numbers of the household.
    Phones = "phones", Phones, 1000, [Households May];
    /// Login of the person.
    Login = "login", Text, 64, [People Must];
    /// Posts that the person holds.
    Posts = "posts", Choices, 1000, [People Must];
    /// E-mail address of the person.
    Email = "email", Email, 254, [People May];
    /// Telephone number of the person.
    Phone = "phone", Phone, 64, [People May];
    /// The platform of a post.
    Platform = "platform", Text, 200, [Posts Must];
    /// The address of a post.
    Url = "url", Text, 2000, [Posts Must];
    /// The address of the thread, where a post follows another one.
    Thread = "thread", Text, 2000, [Posts May];
    /// Name of the author on the platform.
    Author = "author", Text, 200, [Posts May];
    /// When it was posted.
    PostedAt = "posted_at", Time, 64, [Posts Must];
    /// The points of the complaint.
    Points = "points", List, 65_536, [Posts May];
    /// Replies in the thread.
    Replies = "replies", Integer, 32, [Posts May];
    /// Views of the thread.
    Views = "views", Integer, 32, [Posts May];
    /// When replies and views were read off.
    SeenAt = "seen_at", Time, 64, [Posts May];
}

impl Field {
    /// Says whether an import knows the field.
    #[must_use]
    pub fn belongs_to(self, import: Import) -> bool {
        self.uses().iter().any(|(known, _)| *known == import)
    }

    /// Says whether an import needs the field in every row.
    #[must_use]
    pub fn is_required_by(self, import: Import) -> bool {
        self.uses().contains(&(import, Need::Must))
    }

    /// Says whether values tell something about a person.
    #[must_use]
    pub const fn is_personal(self) -> bool {
        use Field as F;
        matches!(
            self,
            F::Title
                | F::Text
                | F::ChannelIdentifier
                | F::PartyName
                | F::PartyPhone
                | F::PartyAddress
                | F::Wish
                | F::Feeling
                | F::Demand
                | F::ReplyText
                | F::Address
                | F::HeadName
                | F::Phones
                | F::Name
                | F::Login
                | F::Owner
                | F::Email
                | F::Author
                | F::Points
                | F::Phone
        )
    }
}

impl Target {
    /// Reads a name of the mapping file.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        if let Some(extra) = name.strip_prefix("extra.") {
            return is_name(extra).then(|| Self::Extra(extra.to_owned()));
        }
        Field::ALL.iter().find(|field| field.as_str() == name).copied().map(Self::Known)
    }
}

/// Longest excerpt of a value in an error, in characters.
const EXCERPT: usize = 40;

impl Target {
    /// Gives the beginning of a value; of personal values next to nothing.
    ///
    /// Of a telephone number three and two digits remain, of any other personal
    /// value the first character: enough to find the cell, not to know the person.
    #[must_use]
    pub fn excerpt(&self, shape: Shape, value: &str) -> String {
        let count = value.chars().count();
        let is_phone = matches!(shape, Shape::Phone | Shape::Phones);
        let is_personal = match self {
            Self::Known(field) => field.is_personal(),
            Self::Extra(_) => true,
        };
        if is_phone && count > 7 {
            let head: String = value.chars().take(3).collect();
            let tail: String = value.chars().skip(count - 2).collect();
            return format!("{head}***{tail}");
        }
        if (is_personal || is_phone) && count > 0 {
            return format!("{}***", value.chars().take(1).collect::<String>());
        }
        let short: String = value.chars().take(EXCERPT).collect();
        if count > EXCERPT { format!("{short}…") } else { short }
    }
}

impl fmt::Display for MappedValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) | Self::Choice(text) | Self::Phone(text) => f.write_str(text),
            Self::Time(time) => time.fmt(f),
            Self::Date(date) => date.fmt(f),
            Self::Money(money) => money.fmt(f),
            Self::Integer(number) => number.fmt(f),
            Self::Hundredths(number) => {
                let sign = if *number < 0 { "-" } else { "" };
                let number = number.unsigned_abs();
                write!(f, "{sign}{}.{:02}", number / 100, number % 100)
            }
            Self::Boolean(value) => value.fmt(f),
            Self::List(items) => f.write_str(&items.join(", ")),
        }
    }
}

/// Says whether a text is a name: lower-case letters, digits, underscores.
#[must_use]
pub(crate) fn is_name(text: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    !text.is_empty() && text.len() <= 64 && text.bytes().all(inner)
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(field) => f.write_str(field.as_str()),
            Self::Extra(name) => write!(f, "extra.{name}"),
        }
    }
}

impl Serialize for Target {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Holds one row after the mapping: every value typed and checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MappedRow {
    /// Line in the file, from one.
    pub line: u64,
    /// The values; a target without value is absent.
    pub values: BTreeMap<Target, MappedValue>,
}

impl MappedRow {
    /// Gives the value of a field.
    #[must_use]
    pub fn get(&self, field: Field) -> Option<&MappedValue> {
        self.values.get(&Target::Known(field))
    }

    /// Gives the text of a text, choice or telephone field.
    #[must_use]
    pub fn text(&self, field: Field) -> Option<&str> {
        match self.get(field)? {
            MappedValue::Text(text) | MappedValue::Choice(text) | MappedValue::Phone(text) => Some(text),
            _ => None,
        }
    }

    /// Gives the day of a date field.
    #[must_use]
    pub fn date(&self, field: Field) -> Option<jiff::civil::Date> {
        match self.get(field)? {
            MappedValue::Date(date) => Some(*date),
            _ => None,
        }
    }

    /// Gives the items of a field that may have several.
    #[must_use]
    pub fn list(&self, field: Field) -> &[String] {
        match self.get(field) {
            Some(MappedValue::List(items)) => items,
            _ => &[],
        }
    }

    /// Gives the number of a field that has a whole one.
    #[must_use]
    pub fn integer(&self, field: Field) -> Option<i64> {
        match self.get(field)? {
            MappedValue::Integer(number) => Some(*number),
            _ => None,
        }
    }

    /// Gives the instant of a time field.
    #[must_use]
    pub fn time(&self, field: Field) -> Option<Timestamp> {
        match self.get(field)? {
            MappedValue::Time(time) => Some(*time),
            _ => None,
        }
    }

    /// Gives the extras with their names.
    pub fn extras(&self) -> impl Iterator<Item = (&str, &MappedValue)> {
        self.values.iter().filter_map(|(target, value)| match target {
            Target::Extra(name) => Some((name.as_str(), value)),
            Target::Known(_) => None,
        })
    }
}
