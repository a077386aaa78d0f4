//! When a tip fits: mood, ways of listening and acting, channel, stage, category.

use crate::case::{Channel, Stage};
use crate::wire::wire_enum;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

wire_enum! {
    /// How the customer feels or behaves now (SKILL-4…9, MOB-3).
    Mood {
        /// 愤怒.
        Angry = "angry",
        /// 不满.
        Dissatisfied = "dissatisfied",
        /// 苛刻或专横.
        Demanding = "demanding",
        /// 粗鲁.
        Rude = "rude",
        /// 求重视.
        Attention = "attention",
        /// 求尊重.
        Respect = "respect",
        /// 求理解.
        Understanding = "understanding",
        /// 求解决.
        Solution = "solution",
    }
}

wire_enum! {
    /// How somebody listens (倾听类型, SKILL-10).
    Listening {
        /// 漫听型: listens with half an ear.
        Casual = "casual",
        /// 浅听型: hears the words alone.
        Shallow = "shallow",
        /// 技术型: listens for facts.
        Technical = "technical",
        /// 积极型: takes part.
        Active = "active",
    }
}

wire_enum! {
    /// How somebody acts (处事风格, SKILL-11); not the personality.
    Style {
        /// 支配型.
        Dominant = "dominant",
        /// 分析型.
        Analytical = "analytical",
        /// 表达型.
        Expressive = "expressive",
        /// 和蔼型.
        Amiable = "amiable",
    }
}

wire_enum! {
    /// What sort of person it is (性格, TXT-19); not the style.
    Personality {
        /// 友善型.
        Friendly = "friendly",
        /// 独断型.
        Dictatorial = "dictatorial",
        /// 分析型.
        Analytical = "analytical",
        /// 自我型.
        Egocentric = "egocentric",
    }
}

wire_enum! {
    /// The moment of a telephone call (TEL-1…37).
    CallMoment {
        /// 拨打前.
        Dialling = "dialling",
        /// 来电振铃.
        Ringing = "ringing",
        /// 应答.
        Greeting = "greeting",
        /// 通话中.
        Talking = "talking",
        /// 保持.
        Hold = "hold",
        /// 转接.
        Transfer = "transfer",
        /// 代记留言.
        Message = "message",
        /// 答不上来.
        Question = "question",
        /// 听不懂方言.
        Dialect = "dialect",
        /// 打错了.
        WrongNumber = "wrong_number",
        /// 超过三分钟.
        Long = "long",
        /// 线路故障.
        Fault = "fault",
        /// 结束.
        End = "end",
    }
}

/// How somebody listens, acts and is, as far as it was noted (SKILL-12).
///
/// style and personality come from two systems and say nothing of each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Manner {
    /// How they listen.
    pub listening: Option<Listening>,
    /// How they act.
    pub style: Option<Style>,
    /// What sort of person they are.
    pub personality: Option<Personality>,
}

/// For what an article is a tip; an empty list says nothing about its side.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = ArticleConditions)]
pub struct Conditions {
    /// The moment of a call; left out where none is asked for, so that what was
    /// approved before moments were known keeps its digest.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 20)]
    pub moments: Vec<CallMoment>,
    /// The customer's mood.
    #[schema(max_items = 8)]
    pub moods: Vec<Mood>,
    /// How the customer listens.
    #[schema(max_items = 4)]
    pub listening: Vec<Listening>,
    /// How the customer acts.
    #[schema(max_items = 4)]
    pub styles: Vec<Style>,
    /// What sort of person the customer is.
    #[schema(max_items = 4)]
    pub personalities: Vec<Personality>,
    /// How the customer reaches us.
    #[schema(max_items = 40)]
    pub channels: Vec<Channel>,
    /// Where the case stands.
    #[schema(max_items = 20)]
    pub stages: Vec<Stage>,
    /// Category codes of the pack.
    #[schema(max_items = 40)]
    pub categories: Vec<String>,
}

/// What is known of a contact or case when tips are looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Situation {
    /// The moment of a call.
    pub moment: Option<CallMoment>,
    /// The mood noted last.
    pub mood: Option<Mood>,
    /// How the customer listens.
    pub listening: Option<Listening>,
    /// How the customer acts.
    pub style: Option<Style>,
    /// What sort of person the customer is.
    pub personality: Option<Personality>,
    /// How the customer reaches us.
    pub channel: Option<Channel>,
    /// Where the case stands.
    pub stage: Option<Stage>,
    /// Category now.
    pub category: Option<String>,
}

/// How much a condition about the moment outweighs one about the matter.
const MOMENT: u32 = 3;

/// How much a condition about the person outweighs one about the matter.
const PERSON: u32 = 4;

impl Conditions {
    /// Tells whether nothing is asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Says how well a tip fits, none where it does not (SKILL-12).
    ///
    /// Every side that is asked for must be known and among what is asked; what
    /// says more about the person comes before what fits everybody at a stage.
    #[must_use]
    pub fn fit(&self, now: &Situation) -> Option<u32> {
        let mut fit = 0;
        side(&self.moments, now.moment.as_ref(), MOMENT, &mut fit)?;
        side(&self.moods, now.mood.as_ref(), PERSON, &mut fit)?;
        side(&self.listening, now.listening.as_ref(), PERSON, &mut fit)?;
        side(&self.styles, now.style.as_ref(), PERSON, &mut fit)?;
        side(&self.personalities, now.personality.as_ref(), PERSON, &mut fit)?;
        side(&self.channels, now.channel.as_ref(), 1, &mut fit)?;
        side(&self.stages, now.stage.as_ref(), 1, &mut fit)?;
        side(&self.categories, now.category.as_ref(), 2, &mut fit)?;
        (fit > 0).then_some(fit)
    }

    /// Tells whether what is offered everywhere unless it says where fits now.
    #[must_use]
    pub fn suits(&self, now: &Situation) -> bool {
        self.is_empty() || self.fit(now).is_some()
    }
}

fn side<T: PartialEq>(asked: &[T], known: Option<&T>, weight: u32, fit: &mut u32) -> Option<()> {
    if asked.is_empty() {
        return Some(());
    }
    let found = known.is_some_and(|known| asked.contains(known));
    *fit += weight;
    found.then_some(())
}
