//! What a permission class demands: as models know it, by its code, by its name.

use super::super::access;
use super::super::classes::{Lineage, Member, class_type};
use super::super::names;
use super::permissions::Judge;
use super::scenes::{Run, run};
use crate::facts::{FunctionId, UnaryOperator, Value, ValueId, path_hash};
use crate::project::{Entity, Site, Type};

/// Actions of sets of views that are about one object.
const DETAIL: &[&str] = &["retrieve", "update", "partial_update", "destroy"];
/// Views that are about one object.
const DETAIL_VIEWS: &[&str] = &[
    "rest_framework.generics.RetrieveAPIView",
    "rest_framework.generics.UpdateAPIView",
    "rest_framework.generics.DestroyAPIView",
    "rest_framework.generics.RetrieveUpdateAPIView",
    "rest_framework.generics.RetrieveDestroyAPIView",
    "rest_framework.generics.RetrieveUpdateDestroyAPIView",
];

impl<'p> Judge<'_, 'p> {
    /// Whether a permission class demands to know the caller.
    pub(super) fn demands(&self, class: Type, name: &str, depth: u32) -> Option<bool> {
        let lineage = Lineage::of(self.project, class);
        for member in lineage.members("has_permission") {
            if let Member::Function(site, function) = member {
                return self.code(site, function, depth);
            }
        }
        for path in lineage.external() {
            if let Some(known) = self.known(path) {
                return Some(known);
            }
        }
        if let Some(Member::Function(site, function)) = lineage.member("has_object_permission") {
            // It is asked where an object is fetched, and only there.
            return if self.is_detail() { self.code(site, function, depth) } else { Some(false) };
        }
        if matches!(class, Type::Class(..)) && lineage.external().next().is_some_and(is_base) {
            return Some(false);
        }
        let lower = name.to_ascii_lowercase();
        if lower.contains("readonly") || lower.contains("safemethod") {
            return Some(self.scene.reads() == Some(false));
        }
        names::by_name(name)
    }

    fn known(&self, path: u64) -> Option<bool> {
        let models = self.project.models();
        if models.protects(path) {
            return Some(true);
        }
        if models.protects_writes(path) {
            return Some(self.scene.reads() == Some(false));
        }
        models.opens(path).then_some(false)
    }

    fn is_detail(&self) -> bool {
        if let Some(is_detail) = self.scene.is_detail {
            return is_detail;
        }
        match self.scene.action {
            Some(action) => DETAIL.contains(&action),
            None => self.lineage.is_some_and(|lineage| lineage.has_any(DETAIL_VIEWS)),
        }
    }

    /// What the code of `has_permission` demands: all that it may return has to.
    fn code(&self, site: Site<'p>, function: FunctionId, depth: u32) -> Option<bool> {
        let run = run(site, function, self.scene);
        let mut all = Some(true);
        for returned in &run.returned {
            let demanded =
                if returned.is_known { Some(true) } else { self.demanded(&run, returned.value, depth) };
            match demanded {
                Some(true) => {}
                Some(false) => return Some(false),
                None => all = None,
            }
        }
        if run.returned.is_empty() { None } else { all }
    }

    /// Whether a value is true only for known callers.
    fn demanded(&self, run: &Run<'p, '_>, value: ValueId, depth: u32) -> Option<bool> {
        let depth = depth.checked_sub(1)?;
        let site = run.site;
        if let Some(holds) = run.test(value) {
            return Some(!holds);
        }
        match site.value(value) {
            Value::None => Some(true),
            Value::Boolean(is_and, items) => {
                let answers: Vec<Option<bool>> =
                    items.iter().map(|item| self.demanded(run, item, depth)).collect();
                let decides = Some(is_and);
                if answers.contains(&decides) {
                    return decides;
                }
                if answers.contains(&None) { None } else { Some(!is_and) }
            }
            Value::Name(..) => {
                let worth = run.worth(value);
                let mut all = if worth.is_empty() { self.asks(site, value, depth) } else { Some(true) };
                for value in worth {
                    match self.demanded(run, value, depth) {
                        Some(true) => {}
                        other => all = other,
                    }
                }
                all
            }
            Value::Unary(UnaryOperator::Not, _) => None,
            Value::Conditional(_, then, otherwise) => {
                let (then, otherwise) =
                    (self.demanded(run, then, depth), self.demanded(run, otherwise, depth));
                if then == Some(true) { otherwise } else { then }
            }
            Value::Call(callee, arguments) => match site.last_segment(callee) {
                Some("bool" | "any" | "all") => self.demanded(run, arguments.positional().get(0)?, depth),
                Some("has_permission" | "has_object_permission") => self.other(site, callee, depth),
                _ => self.asks(site, value, depth),
            },
            _ => self.asks(site, value, depth),
        }
    }

    /// `super().has_permission(…)`, `IsAuthenticated().has_permission(…)`.
    fn other(&self, site: Site<'p>, callee: ValueId, depth: u32) -> Option<bool> {
        let Value::Attribute(object, _) = site.value(callee) else { return None };
        if let Value::Call(inner, _) = site.value(object) {
            if site.last_segment(inner) != Some("super") {
                return self.demands(site.class_of(inner)?, site.last_segment(inner)?, depth);
            }
            let class = site.module.class_at(site.module.span(callee).start)?;
            let bases: Vec<Entity> = site.project.bases(site.file, class).collect();
            let types = bases.into_iter().filter_map(|base| class_type(self.project, base));
            return types.filter_map(|base| self.demands(base, "", depth)).reduce(|a, b| a || b);
        }
        None
    }

    /// Whether an expression asks who is calling, by itself or in a function of the project that it calls.
    fn asks(&self, site: Site<'p>, value: ValueId, depth: u32) -> Option<bool> {
        let depth = depth.checked_sub(1)?;
        if access::asks_who(site, value) {
            return Some(true);
        }
        let Value::Call(callee, _) = site.value(value) else { return None };
        let (file, function) = access::callee_of(site, callee)?;
        let owner = Site::new(self.project, file)?;
        self.code(owner, function, depth)
    }
}

fn is_base(path: u64) -> bool {
    path == path_hash("rest_framework.permissions.BasePermission")
}
