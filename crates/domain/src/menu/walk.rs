//! A caller's way through a menu: a machine of small steps, pure.
//!
//! Whoever plays it carries out the acts and tells what came of them; everything
//! that takes time (prompts, keys, look-ups, queues) comes back as an input.

mod branch;

use super::act::{Act, Input, Step};
use super::facts::{Customer, Facts};
use super::model::{Choose, Does, Menu, Node};
use super::number;
use crate::pack::Names;
use serde::{Deserialize, Serialize};

/// After so many moves a caller is led to a person without further questions.
pub const MOST_MOVES: u32 = 60;

/// The most keys that are remembered before somebody asks for them.
const MOST_AHEAD: usize = 8;

/// What a walk waits for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Expects {
    /// The end of prompts, after which the node does what it does.
    Said,
    /// A key; the prompts were said so many times.
    Key(u32),
    /// Who calls.
    Customer,
    /// An agent, or that there is none.
    Agent,
    /// That somebody does not answer.
    Answer,
    /// A spoken message.
    Message,
    /// Further digits of a number, or its end.
    Number(String),
    /// The end of the last prompts.
    Goodbye,
    /// Nothing any more.
    Nothing,
}

/// One call within one menu.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Walk {
    node: String,
    expects: Expects,
    moves: u32,
    led: bool,
    ahead: Vec<char>,
    held: Vec<String>,
    customer: Option<Customer>,
    /// True once the caller refused to be recorded.
    #[serde(default)]
    unrecorded: bool,
    path: Vec<Step>,
    told: usize,
}

impl Walk {
    /// Begins at the start of a menu.
    #[must_use]
    pub fn begin(menu: &Menu, facts: &Facts<'_>) -> (Self, Vec<Act>) {
        let mut walk = Self {
            node: menu.start.clone(),
            expects: Expects::Nothing,
            moves: 0,
            led: false,
            ahead: Vec::new(),
            held: Vec::new(),
            customer: None,
            unrecorded: false,
            path: Vec::new(),
            told: 0,
        };
        let acts = walk.enter(menu, &menu.start, facts);
        (walk, acts)
    }

    /// Takes what happened and says what is to be done; nothing when it was not
    /// waited for.
    pub fn step(&mut self, menu: &Menu, input: Input, facts: &Facts<'_>) -> Vec<Act> {
        if input == Input::Over {
            self.expects = Expects::Nothing;
            return Vec::new();
        }
        let Some(node) = menu.node(&self.node) else { return self.goodbye(Vec::new()) };
        match (self.expects.clone(), input) {
            (Expects::Said, Input::Played) => self.said(menu, node, facts),
            (Expects::Said, Input::Digit(key)) => self.interrupted(menu, node, key, facts),
            (Expects::Key(said), Input::Digit(key)) => self.chosen(menu, node, (key, said), facts),
            (Expects::Key(said), Input::Timeout) => self.silent(menu, node, said, facts),
            (Expects::Customer, Input::Known(found)) => self.known(menu, node, found, facts),
            (Expects::Customer, Input::Timeout) => self.known(menu, node, None, facts),
            (Expects::Customer, Input::Digit(key)) => self.remember(key),
            (Expects::Agent, Input::Digit(key)) => self.offered(menu, node, key, facts),
            (Expects::Agent, Input::Full) => self.onward(menu, node, facts),
            (Expects::Answer, Input::Failed | Input::Timeout) => self.onward(menu, node, facts),
            (Expects::Message, Input::Taken | Input::Timeout | Input::Digit('#')) => match &node.does {
                Does::Voicemail(mail) => self.goodbye(mail.done.clone()),
                _ => self.goodbye(Vec::new()),
            },
            (Expects::Number(typed), Input::Digit(key)) => self.typed(menu, node, (typed, key), facts),
            (Expects::Number(typed), Input::Timeout) => self.number(menu, node, &typed, facts),
            (Expects::Goodbye, Input::Played) => self.goodbye(Vec::new()),
            _ => Vec::new(),
        }
    }

    /// Tells whether nothing more can come of it.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.expects == Expects::Nothing
    }

    /// Tells whether the caller waits for an agent.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        self.expects == Expects::Agent
    }

    /// Gives the name of the node where the caller is.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.node
    }

    /// Gives who calls, once it was looked up.
    #[must_use]
    pub const fn customer(&self) -> Option<&Customer> {
        self.customer.as_ref()
    }

    /// Tells whether the caller refused to be recorded on the way.
    #[must_use]
    pub const fn is_unrecorded(&self) -> bool {
        self.unrecorded
    }

    /// Gives the whole way, in order.
    #[must_use]
    pub fn path(&self) -> &[Step] {
        &self.path
    }

    /// Gives the steps that were not given before, for the call record.
    pub fn news(&mut self) -> Vec<Step> {
        let news = self.path.get(self.told..).unwrap_or_default().to_vec();
        self.told = self.path.len();
        news
    }

    /// Enters nodes until one waits for something.
    fn enter<'m>(&mut self, menu: &'m Menu, to: &'m str, facts: &Facts<'_>) -> Vec<Act> {
        let mut to = to;
        loop {
            self.moves += 1;
            if self.moves > MOST_MOVES && !self.led {
                // CALL-4: whoever presses keys without end wants a person
                self.led = true;
                self.ahead.clear();
                to = &menu.person;
            }
            let Some(node) = menu.node(to) else { return self.goodbye(Vec::new()) };
            self.node.clone_from(&node.name);
            self.note(node, None, None, facts);
            match self.open(node, facts) {
                Opened::On(next) => to = next,
                Opened::Acts(acts) => return acts,
            }
        }
    }

    /// Writes a step down: an arrival, or a key with what it stands for.
    fn note(&mut self, node: &Node, key: Option<char>, title: Option<&Names>, facts: &Facts<'_>) {
        let plain = || Names { zh: node.name.clone(), en: node.name.clone() };
        let text = title.or(node.title.as_ref()).cloned().unwrap_or_else(plain);
        self.path.push(Step { at: facts.now, step: node.name.clone(), text, key });
    }

    /// Does what a node does on arrival.
    fn open<'m>(&mut self, node: &'m Node, facts: &Facts<'_>) -> Opened<'m> {
        match &node.does {
            Does::Say { to, skip } => {
                self.held.extend(node.prompts.iter().cloned());
                if self.held.is_empty() || (*skip && !self.ahead.is_empty()) {
                    return Opened::On(to);
                }
                Opened::Acts(self.say(Expects::Said))
            }
            Does::Choose(choose) => self.ask(node, choose, facts),
            Does::Called(called) => self.hold(node, branch::called(called, facts)),
            Does::Hours(hours) => self.hold(node, branch::hours(hours, facts)),
            Does::Customer(lookup) => match facts.caller {
                Some(number) => {
                    self.held.extend(node.prompts.iter().cloned());
                    self.expects = Expects::Customer;
                    let look = Act::LookUp { number: number.to_owned(), wait: lookup.wait };
                    Opened::Acts(vec![look])
                }
                None => self.hold(node, &lookup.unknown),
            },
            Does::Incident(incident) => {
                let known = self.customer.as_ref().and_then(|customer| customer.incident.as_ref());
                let Some(known) = known else { return Opened::On(&incident.to) };
                let said = branch::incident(node, incident, known, facts);
                self.held.extend(said);
                Opened::On(&incident.told)
            }
            Does::NoRecording { to } => {
                self.unrecorded = true;
                self.hold(node, to)
            }
            Does::Duty(transfer) if facts.duty.is_none() => Opened::On(&transfer.failed),
            Does::Queue(queue) => {
                self.held.extend(node.prompts.iter().cloned());
                let wait = branch::queue(queue, self.customer.as_ref());
                self.ahead.clear();
                let mut acts = self.say(Expects::Agent);
                acts.push(wait);
                Opened::Acts(acts)
            }
            Does::Duty(_) | Does::Transfer(_) | Does::Voicemail(_) | Does::CallBack(_) | Does::HangUp => {
                self.held.extend(node.prompts.iter().cloned());
                self.ahead.clear();
                if self.held.is_empty() {
                    return self.finish(node, facts);
                }
                Opened::Acts(self.say(Expects::Said))
            }
        }
    }

    /// Keeps a branching node's prompts for whoever speaks next.
    fn hold<'m>(&mut self, node: &Node, to: &'m str) -> Opened<'m> {
        self.held.extend(node.prompts.iter().cloned());
        Opened::On(to)
    }

    /// Says what is held, if anything is.
    fn say(&mut self, expects: Expects) -> Vec<Act> {
        self.expects = expects;
        let prompts = std::mem::take(&mut self.held);
        if prompts.is_empty() { Vec::new() } else { vec![Act::Play { prompts }] }
    }

    /// Does what a node does after its prompts.
    fn finish<'m>(&mut self, node: &'m Node, facts: &Facts<'_>) -> Opened<'m> {
        match &node.does {
            Does::Say { to, .. } => Opened::On(to),
            Does::Duty(transfer) | Does::Transfer(transfer) => {
                let Some(to) = branch::whom(transfer, facts) else {
                    return Opened::On(&transfer.failed);
                };
                self.expects = Expects::Answer;
                Opened::Acts(vec![Act::Transfer { to, ring: transfer.ring }])
            }
            Does::Voicemail(mail) => {
                self.expects = Expects::Message;
                Opened::Acts(vec![Act::Voicemail { queue: mail.queue.clone(), longest: mail.longest }])
            }
            Does::CallBack(back) if back.ask => {
                self.expects = Expects::Number(String::new());
                Opened::Acts(vec![Act::Collect { wait: back.wait }])
            }
            Does::CallBack(back) => match facts.caller.and_then(crate::phone::digits) {
                Some(number) => Opened::Acts(self.promised(back, number)),
                None => Opened::On(&back.failed),
            },
            _ => Opened::Acts(self.goodbye(Vec::new())),
        }
    }

    fn said(&mut self, menu: &Menu, node: &Node, facts: &Facts<'_>) -> Vec<Act> {
        match self.finish(node, facts) {
            Opened::On(to) => self.enter(menu, to, facts),
            Opened::Acts(acts) => acts,
        }
    }

    fn remember(&mut self, key: char) -> Vec<Act> {
        if self.ahead.len() < MOST_AHEAD {
            self.ahead.push(key);
        }
        Vec::new()
    }

    /// A key while something is said: those who know the menu need not listen.
    fn interrupted(&mut self, menu: &Menu, node: &Node, key: char, facts: &Facts<'_>) -> Vec<Act> {
        match &node.does {
            Does::Say { to, skip: true } => {
                self.remember(key);
                self.enter(menu, to, facts)
            }
            // the first digit of a number that is asked for
            Does::CallBack(back) if back.ask => self.typed(menu, node, (String::new(), key), facts),
            _ => Vec::new(),
        }
    }

    /// Ends it, after the prompts that remain.
    fn goodbye(&mut self, prompts: Vec<String>) -> Vec<Act> {
        self.held.extend(prompts);
        if self.held.is_empty() {
            self.expects = Expects::Nothing;
            return vec![Act::Release];
        }
        self.say(Expects::Goodbye)
    }
}

/// What came of entering a node.
enum Opened<'m> {
    /// It leads on at once.
    On(&'m str),
    /// It waits after these.
    Acts(Vec<Act>),
}

mod keys;
