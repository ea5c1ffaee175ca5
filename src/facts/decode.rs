//! From packed nodes to views.

use super::module::Module;
use super::node::NONE;
use super::scope::{BindingId, ImportId};
use super::statement::{Branches, Cases, Contexts, Statement, StatementId, StatementKind, Try, block_at};
use super::value::{
    Arguments, BinaryOperator, Comparison, Comprehension, Items, UnaryOperator, Value, ValueId, ValueKind,
};
use super::{ClassId, FunctionId, Name};

impl Module {
    /// Decodes an expression.
    pub fn value(&self, id: ValueId) -> Value<'_> {
        let Some(node) = self.0.values.get(id.0 as usize) else { return Value::Unknown };
        let (a, b) = (node.a, node.b);
        let kind = node.kind();
        if kind >= ValueKind::Binary as u8 {
            let operator = BinaryOperator::from_raw(kind - ValueKind::Binary as u8);
            return Value::Binary(operator, ValueId(a), ValueId(b));
        }
        if let Some(value) = self.leaf(kind, a, b) { value } else { self.compound(kind, a, b) }
    }

    fn leaf(&self, kind: u8, a: u32, b: u32) -> Option<Value<'_>> {
        let wide = u64::from(b) << 32 | u64::from(a);
        Some(match kind {
            k if k == ValueKind::Name as u8 => Value::Name(Name(a), (b != NONE).then_some(BindingId(b))),
            k if k == ValueKind::Str as u8 => Value::Str(Name(a)),
            k if k == ValueKind::None as u8 => Value::None,
            k if k == ValueKind::Bool as u8 => Value::Bool(a != 0),
            k if k == ValueKind::Int as u8 => Value::Int(wide.cast_signed()),
            k if k == ValueKind::Float as u8 => Value::Float(f64::from_bits(wide)),
            k if k == ValueKind::OtherNumber as u8 => Value::OtherNumber,
            k if k == ValueKind::Ellipsis as u8 => Value::Ellipsis,
            k if k == ValueKind::Bytes as u8 => {
                Value::Bytes(self.0.bytes.get(a as usize).map_or(&[], |bytes| bytes))
            }
            _ => return None,
        })
    }

    fn compound(&self, kind: u8, a: u32, b: u32) -> Value<'_> {
        let list = || self.0.pool.list(a);
        match kind {
            k if k == ValueKind::Attribute as u8 => Value::Attribute(ValueId(a), Name(b)),
            k if k == ValueKind::Call as u8 => Value::Call(ValueId(a), Arguments::at(&self.0.pool, b)),
            k if k == ValueKind::Item as u8 => Value::Item(ValueId(a), ValueId(b)),
            k if k == ValueKind::Format as u8 => Value::Format(Items(list())),
            k if k == ValueKind::List as u8 => Value::List(Items(list())),
            k if k == ValueKind::Tuple as u8 => Value::Tuple(Items(list())),
            k if k == ValueKind::Set as u8 => Value::Set(Items(list())),
            k if k == ValueKind::Dict as u8 => Value::Dict(Items(list())),
            k if k == ValueKind::Starred as u8 => Value::Starred(ValueId(a)),
            k if k == ValueKind::Unary as u8 => Value::Unary(UnaryOperator::from_raw(b), ValueId(a)),
            k if k == ValueKind::Boolean as u8 => Value::Boolean(b != 0, Items(list())),
            k if k == ValueKind::Compare as u8 => Value::Compare(Comparison(list())),
            k if k == ValueKind::Lambda as u8 => Value::Lambda(FunctionId(a)),
            k if k == ValueKind::Await as u8 => Value::Await(ValueId(a)),
            k if k == ValueKind::Yield as u8 => Value::Yield(ValueId::optional(a)),
            k if k == ValueKind::YieldFrom as u8 => Value::YieldFrom(ValueId(a)),
            k if k == ValueKind::Assigned as u8 => Value::Assigned(ValueId(a), ValueId(b)),
            k if k == ValueKind::Comprehension as u8 => Value::Comprehension(Comprehension(list())),
            k if k == ValueKind::Slice as u8 => match *list() {
                [lower, upper, step] => Value::Slice([lower, upper, step].map(ValueId::optional)),
                _ => Value::Unknown,
            },
            k if k == ValueKind::Conditional as u8 => match *list() {
                [test, then, otherwise] => {
                    Value::Conditional(ValueId(test), ValueId(then), ValueId(otherwise))
                }
                _ => Value::Unknown,
            },
            _ => Value::Unknown,
        }
    }

    /// Decodes a statement.
    pub fn statement(&self, id: StatementId) -> Statement<'_> {
        let Some(node) = self.0.statements.get(id.0 as usize) else { return Statement::Other };
        let (kind, a, b) = (node.kind(), node.a, node.b);
        match kind {
            k if k == StatementKind::Docstring as u8 => Statement::Docstring,
            k if k == StatementKind::Expression as u8 => Statement::Expression(ValueId(a)),
            k if k == StatementKind::Assign as u8 => Statement::Assign(ValueId(a), ValueId(b)),
            k if k == StatementKind::Return as u8 => Statement::Return(ValueId::optional(a)),
            k if k == StatementKind::Raise as u8 => {
                Statement::Raise(ValueId::optional(a), ValueId::optional(b))
            }
            k if k == StatementKind::Assert as u8 => Statement::Assert(ValueId(a), ValueId::optional(b)),
            k if k == StatementKind::Function as u8 => Statement::Function(FunctionId(a)),
            k if k == StatementKind::Class as u8 => Statement::Class(ClassId(a)),
            k if k == StatementKind::Import as u8 => Statement::Import(ImportId(a), b),
            k if k == StatementKind::Pass as u8 => Statement::Pass,
            k if k == StatementKind::Break as u8 => Statement::Break,
            k if k == StatementKind::Continue as u8 => Statement::Continue,
            _ => self.wide_statement(kind, a, b),
        }
    }

    fn wide_statement(&self, kind: u8, a: u32, b: u32) -> Statement<'_> {
        let pool = &self.0.pool;
        let list = |index| pool.list(index);
        match kind {
            k if k == StatementKind::If as u8 => Statement::If(Branches { words: list(a), pool }),
            k if k == StatementKind::With as u8 => Statement::With(Contexts(list(a)), block_at(pool, b)),
            k if k == StatementKind::Match as u8 => {
                Statement::Match(ValueId(a), Cases { words: list(b), pool })
            }
            k if k == StatementKind::Delete as u8 => Statement::Delete(Items(list(a))),
            k if k == StatementKind::Global as u8 => Statement::Global(list(a)),
            k if k == StatementKind::Nonlocal as u8 => Statement::Nonlocal(list(a)),
            k if k == StatementKind::Augmented as u8 => Statement::Augmented(
                ValueId(a),
                BinaryOperator::from_raw(pool.word(b) as u8),
                ValueId(pool.word(b + 1)),
            ),
            k if k == StatementKind::Annotated as u8 => {
                Statement::Annotated(ValueId(a), ValueId(pool.word(b)), ValueId::optional(pool.word(b + 1)))
            }
            k if k == StatementKind::While as u8 => {
                Statement::While(ValueId(a), block_at(pool, pool.word(b)), block_at(pool, pool.word(b + 1)))
            }
            k if k == StatementKind::For as u8 => Statement::For(
                ValueId(pool.word(a)),
                ValueId(pool.word(a + 1)),
                block_at(pool, pool.word(a + 2)),
                block_at(pool, pool.word(a + 3)),
            ),
            k if k == StatementKind::Try as u8 => Statement::Try(Try {
                body: block_at(pool, pool.word(a)),
                otherwise: block_at(pool, pool.word(a + 1)),
                finally: block_at(pool, pool.word(a + 2)),
                handlers: list(a + 3),
                star: b != 0,
                pool,
            }),
            _ => Statement::Other,
        }
    }
}
