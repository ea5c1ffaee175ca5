//! Expressions: the views that a packed node decodes into.

use super::node::{NONE, Pool};
use super::{BindingId, FunctionId, Name};

/// Index of an expression within its module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ValueId(pub u32);

impl ValueId {
    pub(crate) fn optional(raw: u32) -> Option<ValueId> {
        (raw != NONE).then_some(ValueId(raw))
    }
}

/// A list of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Items<'m>(pub(crate) &'m [u32]);

impl<'m> Items<'m> {
    /// How many there are.
    pub fn len(self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// The one at an index.
    pub fn get(self, index: usize) -> Option<ValueId> {
        self.0.get(index).map(|&raw| ValueId(raw))
    }

    /// All, in source order.
    pub fn iter(self) -> impl DoubleEndedIterator<Item = ValueId> + ExactSizeIterator + 'm {
        self.0.iter().map(|&raw| ValueId(raw))
    }
}

/// The arguments of a call or of a class definition.
#[derive(Clone, Copy, Debug)]
pub struct Arguments<'m> {
    positional: &'m [u32],
    keywords: &'m [u32],
}

impl<'m> Arguments<'m> {
    pub(crate) fn at(pool: &'m Pool, index: u32) -> Arguments<'m> {
        let (positional, keywords) = (pool.word(index), pool.word(index.saturating_add(1)));
        let start = index.saturating_add(2);
        Arguments {
            positional: pool.words(start, positional),
            keywords: pool.words(start.saturating_add(positional), keywords.saturating_mul(2)),
        }
    }

    /// The positional arguments in order; a `*args` is one of them, as [`Value::Starred`].
    pub fn positional(self) -> Items<'m> {
        Items(self.positional)
    }

    /// The keyword arguments in order; the name of a `**kwargs` is [`Name::NONE`].
    pub fn keywords(self) -> impl ExactSizeIterator<Item = (Name, ValueId)> + 'm {
        self.keywords.chunks_exact(2).map(|pair| match *pair {
            [name, value] => (Name(name), ValueId(value)),
            _ => (Name::NONE, ValueId(NONE)),
        })
    }

    /// How many arguments there are in all.
    pub fn len(self) -> usize {
        self.positional.len() + self.keywords.len() / 2
    }

    /// Whether there is no argument.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }
}

/// A binary operator other than comparisons and `and`/`or`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
#[repr(u8)]
pub enum BinaryOperator {
    Add,
    Subtract,
    Multiply,
    MatrixMultiply,
    Divide,
    Modulo,
    Power,
    LeftShift,
    RightShift,
    BitOr,
    BitXor,
    BitAnd,
    FloorDivide,
}

impl BinaryOperator {
    const ALL: [BinaryOperator; 13] = [
        BinaryOperator::Add,
        BinaryOperator::Subtract,
        BinaryOperator::Multiply,
        BinaryOperator::MatrixMultiply,
        BinaryOperator::Divide,
        BinaryOperator::Modulo,
        BinaryOperator::Power,
        BinaryOperator::LeftShift,
        BinaryOperator::RightShift,
        BinaryOperator::BitOr,
        BinaryOperator::BitXor,
        BinaryOperator::BitAnd,
        BinaryOperator::FloorDivide,
    ];

    pub(crate) fn from_raw(raw: u8) -> BinaryOperator {
        Self::ALL.get(raw as usize).copied().unwrap_or(BinaryOperator::Add)
    }
}

/// A unary operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
#[repr(u8)]
pub enum UnaryOperator {
    Not,
    Minus,
    Plus,
    Invert,
}

impl UnaryOperator {
    pub(crate) fn from_raw(raw: u32) -> UnaryOperator {
        match raw {
            0 => UnaryOperator::Not,
            1 => UnaryOperator::Minus,
            2 => UnaryOperator::Plus,
            _ => UnaryOperator::Invert,
        }
    }
}

/// A comparison operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
#[repr(u8)]
pub enum CompareOperator {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Is,
    IsNot,
    In,
    NotIn,
}

impl CompareOperator {
    const ALL: [CompareOperator; 10] = [
        CompareOperator::Equal,
        CompareOperator::NotEqual,
        CompareOperator::Less,
        CompareOperator::LessEqual,
        CompareOperator::Greater,
        CompareOperator::GreaterEqual,
        CompareOperator::Is,
        CompareOperator::IsNot,
        CompareOperator::In,
        CompareOperator::NotIn,
    ];

    pub(crate) fn from_raw(raw: u32) -> CompareOperator {
        Self::ALL.get(raw as usize).copied().unwrap_or(CompareOperator::Equal)
    }
}

/// The kind byte of a value node. What `a` and `b` hold is said at each; "pool" is an index into the pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum ValueKind {
    /// Nothing known. No words.
    Unknown,
    /// `None`. No words.
    None,
    /// `...`. No words.
    Ellipsis,
    /// a: 0 or 1.
    Bool,
    /// a, b: low and high half of an `i64`.
    Int,
    /// An integer beyond 64 bits, or a complex number. No words.
    OtherNumber,
    /// a, b: low and high half of the bits.
    Float,
    /// a: name.
    Str,
    /// a: index into the byte strings.
    Bytes,
    /// a: name, b: binding or NONE.
    Name,
    /// a: value, b: name.
    Attribute,
    /// a: value, b: key.
    Item,
    /// a: pool, a list of three optional values.
    Slice,
    /// a: callee, b: pool, arguments.
    Call,
    /// a: pool, a list of parts; b: 1 where a part is converted or formatted.
    Format,
    /// a: pool, a list.
    List,
    /// a: pool, a list.
    Tuple,
    /// a: pool, a list.
    Set,
    /// a: pool, a list of pairs; the key of `**x` is NONE.
    Dict,
    /// a: value.
    Starred,
    /// a: operand, b: operator.
    Unary,
    /// a: pool, a list; b: 1 for `and`, 0 for `or`.
    Boolean,
    /// a: pool, a list: left, then operator and right in turn.
    Compare,
    /// a: pool, a list of test, then, otherwise.
    Conditional,
    /// a: function.
    Lambda,
    /// a: value.
    Await,
    /// a: value or NONE.
    Yield,
    /// a: value.
    YieldFrom,
    /// a: target, b: value.
    Assigned,
    /// a: pool, a list: element, value of a dict's element or NONE, then for each clause target, iterable and
    /// a count of conditions with the conditions behind it.
    Comprehension,
    /// The first of the binary operators; a: left, b: right. The others follow in the operators' order.
    Binary,
}

/// A decoded expression.
#[derive(Clone, Copy, Debug)]
pub enum Value<'m> {
    /// Nothing that the facts represent.
    Unknown,
    /// `None`.
    None,
    /// `...`.
    Ellipsis,
    /// `True` or `False`.
    Bool(bool),
    /// An integer of up to 64 bits.
    Int(i64),
    /// A larger integer, or a complex number.
    OtherNumber,
    /// A floating-point number.
    Float(f64),
    /// A string constant, implicit concatenation done.
    Str(Name),
    /// A bytes constant.
    Bytes(&'m [u8]),
    /// A variable; the binding is `None` for builtins and for names bound nowhere in the file.
    Name(Name, Option<BindingId>),
    /// `object.name`.
    Attribute(ValueId, Name),
    /// `object[key]`.
    Item(ValueId, ValueId),
    /// `lower:upper:step`.
    Slice([Option<ValueId>; 3]),
    /// `callee(arguments)`.
    Call(ValueId, Arguments<'m>),
    /// An f-string or t-string: literal parts as [`Value::Str`], the others as they are.
    Format(Items<'m>),
    /// `[a, b]`.
    List(Items<'m>),
    /// `(a, b)`.
    Tuple(Items<'m>),
    /// `{a, b}`.
    Set(Items<'m>),
    /// `{key: value}`; see [`dict_items`].
    Dict(Items<'m>),
    /// `*value`.
    Starred(ValueId),
    /// `-value`, `not value`.
    Unary(UnaryOperator, ValueId),
    /// `a and b` (true) or `a or b`.
    Boolean(bool, Items<'m>),
    /// `left < right`, chained or not; see [`Comparison`].
    Compare(Comparison<'m>),
    /// `then if test else otherwise`, in the order test, then, otherwise.
    Conditional(ValueId, ValueId, ValueId),
    /// A lambda.
    Lambda(FunctionId),
    /// `await value`.
    Await(ValueId),
    /// `yield value`.
    Yield(Option<ValueId>),
    /// `yield from value`.
    YieldFrom(ValueId),
    /// `(target := value)`, and a capture in a pattern.
    Assigned(ValueId, ValueId),
    /// A comprehension or generator; see [`Comprehension`].
    Comprehension(Comprehension<'m>),
    /// `left + right` and its like.
    Binary(BinaryOperator, ValueId, ValueId),
}

/// The pairs of a [`Value::Dict`]: the key is `None` for `**value`.
pub fn dict_items(items: Items<'_>) -> impl Iterator<Item = (Option<ValueId>, ValueId)> {
    items.0.chunks_exact(2).map(|pair| match *pair {
        [key, value] => (ValueId::optional(key), ValueId(value)),
        _ => (None, ValueId(NONE)),
    })
}

/// A comparison with one or more operators.
#[derive(Clone, Copy, Debug)]
pub struct Comparison<'m>(pub(crate) &'m [u32]);

impl<'m> Comparison<'m> {
    /// The first operand.
    pub fn left(self) -> ValueId {
        ValueId(self.0.first().copied().unwrap_or(NONE))
    }

    /// Each operator with the operand on its right.
    pub fn rest(self) -> impl ExactSizeIterator<Item = (CompareOperator, ValueId)> + 'm {
        self.0.get(1..).unwrap_or(&[]).chunks_exact(2).map(|pair| match *pair {
            [operator, right] => (CompareOperator::from_raw(operator), ValueId(right)),
            _ => (CompareOperator::Equal, ValueId(NONE)),
        })
    }

    /// Operator and operands where there is just one operator.
    pub fn single(self) -> Option<(ValueId, CompareOperator, ValueId)> {
        let mut rest = self.rest();
        let (operator, right) = rest.next()?;
        rest.next().is_none().then_some((self.left(), operator, right))
    }
}

/// A comprehension or generator expression.
#[derive(Clone, Copy, Debug)]
pub struct Comprehension<'m>(pub(crate) &'m [u32]);

impl<'m> Comprehension<'m> {
    /// What is collected; the key for a dict.
    pub fn element(self) -> ValueId {
        ValueId(self.0.first().copied().unwrap_or(NONE))
    }

    /// The value of a dict's element.
    pub fn value(self) -> Option<ValueId> {
        self.0.get(1).and_then(|&raw| ValueId::optional(raw))
    }

    /// Each `for target in iterable if …`, with its conditions.
    pub fn clauses(self) -> impl Iterator<Item = (ValueId, ValueId, Items<'m>)> {
        let mut rest = self.0.get(2..).unwrap_or(&[]);
        std::iter::from_fn(move || {
            let (&[target, iterable, count], behind) = rest.split_first_chunk::<3>()?;
            let (conditions, next) = behind.split_at_checked(count as usize)?;
            rest = next;
            Some((ValueId(target), ValueId(iterable), Items(conditions)))
        })
    }
}
