//! What is looked up in a pack: moves, stages, categories, causes, forms, advice.

use super::model::*;
use crate::case::{ApprovalOf, Channel, Duty, Gate, Kind, PackRef, Stage, Target};

impl Pack {
    /// Gives the reference that binds cases to this version.
    #[must_use]
    pub fn reference(&self) -> PackRef {
        PackRef { name: self.name.clone(), version: self.version }
    }

    /// Lists the rules of one move for a kind of case.
    pub fn moves_to(&self, kind: Kind, target: Target) -> impl Iterator<Item = &MoveRule> {
        self.moves.iter().filter(move |rule| rule.to == target && rule.of.contains(&kind))
    }

    /// Lists every target that a kind of case can move to, each once.
    #[must_use]
    pub fn targets(&self, kind: Kind) -> Vec<Target> {
        let mut targets: Vec<Target> =
            self.moves.iter().filter(|rule| rule.of.contains(&kind)).map(|rule| rule.to).collect();
        targets.sort_unstable();
        targets.dedup();
        targets
    }

    /// Lists the stages that a kind of case can be in, closed included.
    #[must_use]
    pub fn stages(&self, kind: Kind) -> Vec<Stage> {
        let rules = self.moves.iter().filter(|rule| rule.of.contains(&kind));
        let mut stages: Vec<Stage> = rules
            .flat_map(|rule| rule.from.iter().copied().chain([rule.to.stage()]))
            .chain(self.reopen.get(&kind).copied())
            .collect();
        stages.sort_unstable();
        stages.dedup();
        stages
    }

    /// Lists the pairs of duties that one person may not join.
    #[must_use]
    pub fn separations(&self, kind: Kind) -> Vec<(Duty, Duty)> {
        let mut pairs = Vec::new();
        let moves = self.moves.iter().filter(|rule| rule.of.contains(&kind)).flat_map(|rule| &rule.gates);
        let closing = self.closing.iter().filter(|rule| rule.of.contains(&kind)).flat_map(|rule| &rule.gates);
        for rule in moves.chain(closing) {
            rule.each(&mut |gate| {
                if let Gate::Different(one, other) = gate {
                    pairs.push((*one, *other));
                }
            });
        }
        pairs.sort_unstable();
        pairs.dedup();
        pairs
    }

    /// Lists the rules about approvals of this content.
    pub fn approvals_of(&self, of: ApprovalOf) -> impl Iterator<Item = &ApprovalRule> {
        self.approvals.iter().filter(move |rule| rule.of == of)
    }

    /// Lists the remedies for a kind of case.
    pub fn remedies_of(&self, kind: Kind) -> impl Iterator<Item = &RemedyDef> {
        self.remedies.iter().filter(move |def| def.of.contains(&kind))
    }

    /// Finds a category by its code.
    #[must_use]
    pub fn category(&self, code: &str) -> Option<&CategoryDef> {
        self.categories.iter().find(|category| category.code == code)
    }

    /// Names the department that a cause points to, else a category (MOB-7).
    #[must_use]
    pub fn department_for(&self, category: Option<&str>, cause: Option<&str>) -> Option<&Names> {
        let by_cause = cause.and_then(|code| self.cause(code)).and_then(|cause| cause.department.as_ref());
        let of_category = |code: &str| {
            let category = self.category(code)?;
            let above = || self.category(category.parent.as_deref()?)?.department.as_ref();
            category.department.as_ref().or_else(above)
        };
        by_cause.or_else(|| category.and_then(of_category))
    }

    /// Finds a leaf of the cause tree by its code.
    #[must_use]
    pub fn cause(&self, code: &str) -> Option<&CauseDef> {
        let is_leaf = |code: &str| !self.causes.iter().any(|cause| cause.parent.as_deref() == Some(code));
        self.causes.iter().find(|cause| cause.code == code && is_leaf(code))
    }

    /// Finds a field that a kind of case has.
    #[must_use]
    pub fn field(&self, kind: Kind, name: &str) -> Option<&FieldDef> {
        self.fields.iter().find(|field| field.name == name && field.of.contains(&kind))
    }

    /// Lists the advice for a case of the kind in a stage, by this channel.
    pub fn tips_for(&self, kind: Kind, stage: Stage, channel: Channel) -> impl Iterator<Item = &TipDef> {
        self.tips.iter().filter(move |tip| {
            tip.of.contains(&kind)
                && (tip.stages.is_empty() || tip.stages.contains(&stage))
                && (tip.channels.is_empty() || tip.channels.contains(&channel))
        })
    }

    /// Finds a form that a kind of case has.
    #[must_use]
    pub fn form(&self, kind: Kind, name: &str) -> Option<&FormDef> {
        self.forms.iter().find(|form| form.name == name && form.of.contains(&kind))
    }
}
