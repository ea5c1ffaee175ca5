//! What operators make of constants, and slices of lists that are known.

use std::sync::Arc;

use super::value::{Const, Key, Val};
use crate::facts::{BinaryOperator, CompareOperator};

/// The longest text that is kept as a constant, in bytes.
pub(super) const LONGEST_TEXT: usize = 256;

/// A bound of a slice: not given, or given and perhaps known.
pub(super) type Bound = Option<Option<Const>>;

/// A part of a list or text.
pub(super) fn sliced(owner: &Val, bounds: &[Bound; 3]) -> Val {
    let bound = |bound: &Bound| match bound {
        None => Some(None),
        Some(Some(Const::Int(number))) => Some(Some(*number)),
        Some(_) => None,
    };
    let [first, end, step] = bounds;
    if let (Some(length), Some(first), Some(end), None) = (owner.length, bound(first), bound(end), step) {
        let length = i64::from(length);
        let place = |index: i64| if index < 0 { (index + length).max(0) } else { index.min(length) };
        let (first, end) = (place(first.unwrap_or(0)), place(end.unwrap_or(length)));
        let mut list = Val::default();
        list.fields.get_or_insert_with(Arc::default);
        for index in first..end {
            list.set(Key::Index(index - first), owner.part(Key::Index(index)));
        }
        list.length = u32::try_from((end - first).max(0)).ok();
        return list;
    }
    if owner.fields.is_some() {
        let mut list = Val::default();
        list.set(Key::Any, owner.part(Key::Any));
        return list;
    }
    Val { constant: None, callable: None, ..owner.clone() }
}

/// The outcome of a comparison of constants.
pub(super) fn compared(left: &Const, operator: CompareOperator, right: &Val) -> Option<bool> {
    if let CompareOperator::In | CompareOperator::NotIn = operator {
        let is_in = match (left, &right.constant) {
            (Const::Str(part), Some(Const::Str(text))) => Some(text.contains(&**part)),
            _ => contains(right, left),
        }?;
        return Some(is_in == (operator == CompareOperator::In));
    }
    let right = right.constant.as_ref()?;
    let ordered = match (left, right) {
        (Const::Int(a), Const::Int(b)) => Some(a.cmp(b)),
        (Const::Str(a), Const::Str(b)) => Some(a.cmp(b)),
        _ => None,
    };
    match operator {
        CompareOperator::Equal | CompareOperator::Is => Some(left == right),
        CompareOperator::NotEqual | CompareOperator::IsNot => Some(left != right),
        CompareOperator::Less => ordered.map(std::cmp::Ordering::is_lt),
        CompareOperator::LessEqual => ordered.map(std::cmp::Ordering::is_le),
        CompareOperator::Greater => ordered.map(std::cmp::Ordering::is_gt),
        CompareOperator::GreaterEqual => ordered.map(std::cmp::Ordering::is_ge),
        CompareOperator::In | CompareOperator::NotIn => None,
    }
}

/// Whether a list of constants holds one.
fn contains(list: &Val, wanted: &Const) -> Option<bool> {
    let length = list.length?;
    let mut all = (0..i64::from(length)).map(|index| list.part(Key::Index(index)).constant);
    let constants: Option<Vec<Const>> = all.by_ref().collect();
    Some(constants?.contains(wanted))
}

/// What an operator makes of constants.
pub(super) fn computed(left: &Const, operator: BinaryOperator, right: &Const) -> Option<Const> {
    match (left, right) {
        (Const::Int(a), Const::Int(b)) => {
            let result = match operator {
                BinaryOperator::Add => a.checked_add(*b),
                BinaryOperator::Subtract => a.checked_sub(*b),
                BinaryOperator::Multiply => a.checked_mul(*b),
                BinaryOperator::FloorDivide => a.checked_div_euclid(*b),
                BinaryOperator::Modulo => a.checked_rem_euclid(*b),
                // The quotient of whole numbers may be none; where it is one, comparisons hold.
                BinaryOperator::Divide => (*b != 0 && a % b == 0).then(|| a / b),
                BinaryOperator::Power => u32::try_from(*b).ok().and_then(|b| a.checked_pow(b)),
                BinaryOperator::BitAnd => Some(a & b),
                BinaryOperator::BitOr => Some(a | b),
                BinaryOperator::BitXor => Some(a ^ b),
                _ => None,
            };
            result.map(Const::Int)
        }
        (Const::Str(a), Const::Str(b)) if operator == BinaryOperator::Add => {
            (a.len() + b.len() <= LONGEST_TEXT).then(|| Const::Str(Arc::from(format!("{a}{b}"))))
        }
        _ => None,
    }
}
