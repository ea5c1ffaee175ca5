//! Calls that make data harmless.

use super::call::Called;
use super::follow::Follower;
use super::guard::clear_value;
use super::state::State;
use super::value::{Key, Val};
use crate::facts::{hash_text, join_hash};
use crate::models::{Clean, Effect, Kind, Kinds};

impl<'p> Follower<'_, 'p> {
    /// What models know to be harmless, or the text of an argument.
    pub fn cleaned(&mut self, state: &mut State, called: &Called<'p>, paths: &[u64]) -> Option<Val> {
        let models = self.world.project.models();
        let first = || called.given.get(1).map(|one| one.value.clone()).unwrap_or_default();
        self.passed_checks(state, called, paths);
        if paths.iter().any(|path| models.makes_number(*path)) {
            return Some(Val::default());
        }
        if paths.iter().any(|path| models.keeps_text(*path)) {
            return Some(Val { class: None, ..first() });
        }
        if paths.iter().any(|path| models.joins_address(*path)) {
            return Some(address(&first()));
        }
        let mut kinds = Kinds::default();
        for kind in
            self.world.kinds.iter().filter(|kind| paths.iter().any(|path| models.quotes(*path, **kind)))
        {
            kinds = kinds.and(Kinds::of(*kind));
        }
        // Of all that it is given, and of its receiver alone.
        let (mut normal, mut own) = (false, Kinds::default());
        for row in self.clean_rows(called, paths) {
            match row.effect {
                Effect::Clear if row.receiver => own = own.and(row.kinds()),
                Effect::Clear => kinds = kinds.and(row.kinds()),
                Effect::Normalizes => normal = true,
                Effect::Raises | Effect::True | Effect::False => {}
            }
        }
        if kinds.is_empty() && own.is_empty() && !normal {
            return None;
        }
        let mut given: Vec<Val> = called.given.iter().map(|one| one.value.clone()).collect();
        if let Some(receiver) = given.first_mut() {
            *receiver = std::mem::take(receiver).cleared(own);
        }
        let mut value = Self::mixed(&given);
        value.each_mark(&mut |mark| mark.normal |= normal);
        Some(value.cleared(kinds))
    }

    /// What models know of a call making data harmless.
    fn clean_rows(&self, called: &Called<'p>, paths: &[u64]) -> Vec<&'p Clean> {
        let models = self.world.project.models();
        let generic = join_hash(hash_text("?"), hash_text(called.name));
        paths.iter().chain([&generic]).flat_map(|path| models.cleans(*path)).collect()
    }

    /// Notes what a call that returns at all has checked.
    fn passed_checks(&self, state: &mut State, called: &Called<'p>, paths: &[u64]) {
        for row in self.clean_rows(called, paths).into_iter().filter(|row| row.effect == Effect::Raises) {
            let subject = if row.receiver { called.given.first() } else { called.given.get(1) };
            if let Some(subject) = subject {
                clear_value(state, &subject.value, row.kinds());
            }
        }
    }
}

/// An address of its parts: what stands behind the host does not decide where it leads.
fn address(parts: &Val) -> Val {
    let kinds = Kinds::of(Kind::Ssrf).and(Kinds::of(Kind::Redirect));
    let mut all = Val::with_marks(parts.marks.clone());
    for (key, part) in parts.fields.iter().flat_map(|fields| fields.iter()) {
        let is_behind = matches!(key, Key::Index(index) if *index >= 2);
        let part = if is_behind { part.clone().cleared(kinds) } else { part.clone() };
        all = all.join(&Val::with_marks(part.all_marks()));
    }
    all
}
