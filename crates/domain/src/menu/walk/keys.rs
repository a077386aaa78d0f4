//! What keys do: choices, offers while waiting, numbers that are typed.

use super::super::model::CallBack;
use super::{
    Act, Choose, Customer, Does, Expects, Facts, MOST_MOVES, Menu, Node, Opened, Walk, branch, number,
};
use crate::phone;

impl Walk {
    /// Asks for a choice, or takes the key that was pressed before.
    pub(super) fn ask<'m>(&mut self, node: &'m Node, choose: &'m Choose, facts: &Facts<'_>) -> Opened<'m> {
        if self.led {
            self.held.clear();
            return Opened::On(&choose.otherwise);
        }
        if !self.ahead.is_empty() {
            let key = self.ahead.remove(0);
            if let Some(branch) = choose.options.get(&key) {
                self.held.clear();
                self.note(node, Some(key), branch.title.as_ref(), facts);
                return Opened::On(&branch.to);
            }
            self.ahead.clear();
        }
        self.held.extend(node.prompts.iter().cloned());
        Opened::Acts(self.asking(choose, 1))
    }

    fn asking(&mut self, choose: &Choose, said: u32) -> Vec<Act> {
        let mut acts = self.say(Expects::Key(said));
        acts.push(Act::Collect { wait: choose.wait });
        acts
    }

    pub(super) fn chosen(
        &mut self,
        menu: &Menu,
        node: &Node,
        (key, said): (char, u32),
        facts: &Facts<'_>,
    ) -> Vec<Act> {
        let Does::Choose(choose) = &node.does else { return Vec::new() };
        if let Some(branch) = choose.options.get(&key) {
            self.note(node, Some(key), branch.title.as_ref(), facts);
            return self.enter(menu, &branch.to, facts);
        }
        if choose.again == Some(key) {
            // each time counts, so that a stuck key comes to a person
            return self.enter(menu, &node.name, facts);
        }
        self.once_more(menu, node, (choose, said, &choose.wrong), facts)
    }

    pub(super) fn silent(&mut self, menu: &Menu, node: &Node, said: u32, facts: &Facts<'_>) -> Vec<Act> {
        let Does::Choose(choose) = &node.does else { return Vec::new() };
        self.once_more(menu, node, (choose, said, &choose.silent), facts)
    }

    fn once_more(
        &mut self,
        menu: &Menu,
        node: &Node,
        (choose, said, why): (&Choose, u32, &[String]),
        facts: &Facts<'_>,
    ) -> Vec<Act> {
        if said >= choose.tries {
            return self.enter(menu, &choose.otherwise, facts);
        }
        self.held.extend(why.iter().chain(&node.prompts).cloned());
        self.asking(choose, said + 1)
    }

    /// Takes who calls and branches by it.
    pub(super) fn known(
        &mut self,
        menu: &Menu,
        node: &Node,
        found: Option<Customer>,
        facts: &Facts<'_>,
    ) -> Vec<Act> {
        let Does::Customer(lookup) = &node.does else { return Vec::new() };
        self.customer = found;
        let to = branch::customer(lookup, self.customer.as_ref());
        self.enter(menu, to, facts)
    }

    /// A key while waiting: the offer to be called back.
    pub(super) fn offered(&mut self, menu: &Menu, node: &Node, key: char, facts: &Facts<'_>) -> Vec<Act> {
        let Does::Queue(queue) = &node.does else { return Vec::new() };
        match &queue.call_back {
            Some(offer) if offer.key == key && !self.led => {
                self.note(node, Some(key), None, facts);
                self.enter(menu, &offer.to, facts)
            }
            _ => Vec::new(),
        }
    }

    /// Goes on from a queue that is full or a ring that nobody answered.
    pub(super) fn onward(&mut self, menu: &Menu, node: &Node, facts: &Facts<'_>) -> Vec<Act> {
        match &node.does {
            Does::Queue(queue) => self.enter(menu, &queue.full, facts),
            Does::Duty(transfer) | Does::Transfer(transfer) => self.enter(menu, &transfer.failed, facts),
            _ => Vec::new(),
        }
    }

    /// Takes one more digit of a number; `#` ends it, `*` begins anew.
    pub(super) fn typed(
        &mut self,
        menu: &Menu,
        node: &Node,
        (mut typed, key): (String, char),
        facts: &Facts<'_>,
    ) -> Vec<Act> {
        let Does::CallBack(back) = &node.does else { return Vec::new() };
        match key {
            '#' => return self.number(menu, node, &typed, facts),
            '*' => {
                self.moves += 1;
                if self.moves > MOST_MOVES {
                    return self.number(menu, node, "", facts);
                }
                typed.clear();
            }
            digit if digit.is_ascii_digit() => typed.push(digit),
            _ => {}
        }
        if typed.len() >= phone::MOST_DIGITS {
            return self.number(menu, node, &typed, facts);
        }
        self.expects = Expects::Number(typed);
        vec![Act::Collect { wait: back.wait }]
    }

    /// Takes the number that was typed, else the one that calls.
    pub(super) fn number(&mut self, menu: &Menu, node: &Node, typed: &str, facts: &Facts<'_>) -> Vec<Act> {
        let Does::CallBack(back) = &node.does else { return Vec::new() };
        let caller = || facts.caller.and_then(phone::digits);
        match phone::digits(typed).or_else(caller) {
            Some(number) => self.promised(back, number),
            None => self.enter(menu, &back.failed, facts),
        }
    }

    /// Promises the call; a number that was typed is said once more.
    pub(super) fn promised(&mut self, back: &CallBack, number: String) -> Vec<Act> {
        let repeat = back.ask && !back.done.is_empty();
        let mut said: Vec<String> = back.done.clone();
        if repeat {
            said.extend(number::digits(&number).into_iter().map(str::to_owned));
        }
        let mut acts = vec![Act::CallBack { queue: back.queue.clone(), number }];
        acts.extend(self.goodbye(said));
        acts
    }
}
