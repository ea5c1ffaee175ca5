//! Lowers expressions.

use ruff_python_ast::{
    Arguments, BoolOp, CmpOp, Comprehension, ConversionFlag, Expr, ExprCall, FStringPart,
    InterpolatedStringElement, InterpolatedStringElements, Number, Operator, UnaryOp,
};
use ruff_text_size::Ranged;

use super::builder::{NONE, Scratch};
use super::{span, span_of};
use crate::facts::{
    BinaryOperator, CompareOperator, DefinitionKind, ScopeKind, Span, UnaryOperator, ValueId, ValueKind,
};

impl Scratch {
    /// Lowers an expression; inner ones get their ids before it.
    pub(super) fn value(&mut self, expression: &Expr) -> ValueId {
        if !self.descend() {
            return self.push_value(ValueKind::Unknown, span_of(expression), 0, 0);
        }
        let id = self.expression(expression);
        self.ascend();
        id
    }

    /// The word for an expression that may be missing.
    pub(super) fn optional(&mut self, expression: Option<&Expr>) -> u32 {
        expression.map_or(NONE, |expression| self.value(expression).0)
    }

    fn expression(&mut self, expression: &Expr) -> ValueId {
        match expression {
            Expr::Name(name) => self.name(&name.id, span(name.range)),
            Expr::Attribute(attribute) => {
                let object = self.value(&attribute.value);
                let name = self.names.intern(&attribute.attr);
                self.push_value(ValueKind::Attribute, span(attribute.range), object.0, name.raw())
            }
            Expr::Call(call) => self.call(call),
            Expr::StringLiteral(literal) => {
                let text = self.names.intern(literal.value.to_str());
                self.push_value(ValueKind::Str, span(literal.range), text.raw(), 0)
            }
            Expr::NumberLiteral(literal) => self.number(&literal.value, span(literal.range)),
            Expr::BooleanLiteral(literal) => {
                self.push_value(ValueKind::Bool, span(literal.range), u32::from(literal.value), 0)
            }
            Expr::NoneLiteral(literal) => self.push_value(ValueKind::None, span(literal.range), 0, 0),
            Expr::EllipsisLiteral(literal) => self.push_value(ValueKind::Ellipsis, span(literal.range), 0, 0),
            Expr::BytesLiteral(literal) => {
                let bytes = self.push_bytes(literal.value.bytes().collect());
                self.push_value(ValueKind::Bytes, span(literal.range), bytes, 0)
            }
            Expr::Subscript(subscript) => {
                let object = self.value(&subscript.value);
                let key = self.value(&subscript.slice);
                self.push_value(ValueKind::Item, span(subscript.range), object.0, key.0)
            }
            Expr::Tuple(tuple) => self.sequence(ValueKind::Tuple, &tuple.elts, span(tuple.range)),
            Expr::List(list) => self.sequence(ValueKind::List, &list.elts, span(list.range)),
            Expr::Set(set) => self.sequence(ValueKind::Set, &set.elts, span(set.range)),
            _ => self.operation(expression),
        }
    }

    fn operation(&mut self, expression: &Expr) -> ValueId {
        let range = span_of(expression);
        match expression {
            Expr::BinOp(operation) => {
                let left = self.value(&operation.left);
                let right = self.value(&operation.right);
                let kind = ValueKind::Binary as u8 + binary(operation.op) as u8;
                self.push_raw_value(kind, range, left.0, right.0)
            }
            Expr::UnaryOp(operation) => {
                let operand = self.value(&operation.operand);
                self.push_value(ValueKind::Unary, range, operand.0, unary(operation.op) as u32)
            }
            Expr::BoolOp(operation) => {
                let mark = self.values_on_stack(&operation.values);
                let list = self.list(mark);
                self.push_value(ValueKind::Boolean, range, list, u32::from(operation.op == BoolOp::And))
            }
            Expr::Compare(compare) => {
                let mark = self.stack.len();
                let left = self.value(&compare.left);
                self.stack.push(left.0);
                for (operator, right) in compare.ops.iter().zip(&compare.comparators) {
                    let right = self.value(right);
                    self.stack.push(comparison(*operator) as u32);
                    self.stack.push(right.0);
                }
                let list = self.list(mark);
                self.push_value(ValueKind::Compare, range, list, 0)
            }
            Expr::If(conditional) => {
                let mark = self.stack.len();
                for part in [&conditional.test, &conditional.body, &conditional.orelse] {
                    let part = self.value(part);
                    self.stack.push(part.0);
                }
                let list = self.list(mark);
                self.push_value(ValueKind::Conditional, range, list, 0)
            }
            Expr::FString(_) | Expr::TString(_) => self.format(expression, range),
            Expr::Dict(dict) => {
                let mark = self.stack.len();
                for item in &dict.items {
                    let key = self.optional(item.key.as_ref());
                    let value = self.value(&item.value);
                    self.stack.extend([key, value.0]);
                }
                let list = self.list(mark);
                self.push_value(ValueKind::Dict, range, list, 0)
            }
            _ => self.special(expression, range),
        }
    }

    fn special(&mut self, expression: &Expr, range: Span) -> ValueId {
        match expression {
            Expr::Starred(starred) => {
                let value = self.value(&starred.value);
                self.push_value(ValueKind::Starred, range, value.0, 0)
            }
            Expr::Await(awaited) => {
                let value = self.value(&awaited.value);
                self.push_value(ValueKind::Await, range, value.0, 0)
            }
            Expr::Yield(yielded) => {
                self.mark_generator();
                let value = self.optional(yielded.value.as_deref());
                self.push_value(ValueKind::Yield, range, value, 0)
            }
            Expr::YieldFrom(yielded) => {
                self.mark_generator();
                let value = self.value(&yielded.value);
                self.push_value(ValueKind::YieldFrom, range, value.0, 0)
            }
            Expr::Slice(slice) => {
                let mark = self.stack.len();
                for part in [&slice.lower, &slice.upper, &slice.step] {
                    let part = self.optional(part.as_deref());
                    self.stack.push(part);
                }
                let list = self.list(mark);
                self.push_value(ValueKind::Slice, range, list, 0)
            }
            Expr::Named(named) => {
                let value = self.value(&named.value);
                let target = self.target(&named.target, DefinitionKind::Assigned, value);
                self.push_value(ValueKind::Assigned, range, target.0, value.0)
            }
            Expr::Lambda(lambda) => self.lambda(lambda),
            Expr::ListComp(list) => self.comprehension(&list.elt, None, &list.generators, range),
            Expr::SetComp(set) => self.comprehension(&set.elt, None, &set.generators, range),
            Expr::Generator(generator) => {
                self.comprehension(&generator.elt, None, &generator.generators, range)
            }
            Expr::DictComp(dict) => match &dict.key {
                Some(key) => self.comprehension(key, Some(&dict.value), &dict.generators, range),
                None => self.comprehension(&dict.value, None, &dict.generators, range),
            },
            _ => self.push_value(ValueKind::Unknown, range, 0, 0),
        }
    }

    fn name(&mut self, name: &str, span: Span) -> ValueId {
        let name = self.names.intern(name);
        let binding = self.resolve(name);
        self.push_value(ValueKind::Name, span, name.raw(), binding)
    }

    fn number(&mut self, number: &Number, span: Span) -> ValueId {
        let (kind, wide) = match number {
            Number::Int(int) => match int.as_i64() {
                Some(int) => (ValueKind::Int, int.cast_unsigned()),
                None => (ValueKind::OtherNumber, 0),
            },
            Number::Float(float) => (ValueKind::Float, float.to_bits()),
            Number::Complex { .. } => (ValueKind::OtherNumber, 0),
        };
        self.push_value(kind, span, wide as u32, (wide >> 32) as u32)
    }

    fn values_on_stack(&mut self, expressions: &[Expr]) -> usize {
        let mark = self.stack.len();
        for expression in expressions {
            let value = self.value(expression);
            self.stack.push(value.0);
        }
        mark
    }

    /// The pool index of a list of expressions.
    pub(super) fn value_list(&mut self, expressions: &[Expr]) -> u32 {
        let mark = self.values_on_stack(expressions);
        self.list(mark)
    }

    fn sequence(&mut self, kind: ValueKind, items: &[Expr], span: Span) -> ValueId {
        let list = self.value_list(items);
        self.push_value(kind, span, list, 0)
    }

    fn call(&mut self, call: &ExprCall) -> ValueId {
        let callee = self.value(&call.func);
        let arguments = self.arguments(&call.arguments);
        self.push_value(ValueKind::Call, span(call.range()), callee.0, arguments)
    }

    /// The pool index of the arguments of a call or class.
    pub(super) fn arguments(&mut self, arguments: &Arguments) -> u32 {
        let mark = self.stack.len();
        self.stack.push(arguments.args.len() as u32);
        self.stack.push(arguments.keywords.len() as u32);
        for argument in &arguments.args {
            let value = self.value(argument);
            self.stack.push(value.0);
        }
        for keyword in &arguments.keywords {
            let name = keyword.arg.as_ref().map_or(NONE, |name| self.names.intern(name).raw());
            let value = self.value(&keyword.value);
            self.stack.extend([name, value.0]);
        }
        self.words(mark)
    }

    fn format(&mut self, expression: &Expr, range: Span) -> ValueId {
        let mark = self.stack.len();
        let plain = !std::mem::replace(&mut self.converts, false);
        match expression {
            Expr::FString(string) => {
                for part in &string.value {
                    match part {
                        FStringPart::Literal(literal) => {
                            self.literal_part(&literal.value, span(literal.range));
                        }
                        FStringPart::FString(string) => self.format_parts(&string.elements),
                    }
                }
            }
            Expr::TString(string) => {
                string.value.iter().for_each(|part| self.format_parts(&part.elements));
            }
            _ => {}
        }
        let list = self.list(mark);
        let converts = std::mem::replace(&mut self.converts, !plain);
        self.push_value(ValueKind::Format, range, list, u32::from(converts))
    }

    fn literal_part(&mut self, text: &str, span: Span) {
        let text = self.names.intern(text);
        let part = self.push_value(ValueKind::Str, span, text.raw(), 0);
        self.stack.push(part.0);
    }

    fn format_parts(&mut self, elements: &InterpolatedStringElements) {
        for element in elements {
            match element {
                InterpolatedStringElement::Literal(literal) => {
                    self.literal_part(&literal.value, span(literal.range));
                }
                InterpolatedStringElement::Interpolation(part) => {
                    let value = self.value(&part.expression);
                    self.stack.push(value.0);
                    self.converts |= part.conversion != ConversionFlag::None || part.format_spec.is_some();
                    if let Some(spec) = &part.format_spec {
                        self.format_spec(&spec.elements);
                    }
                }
            }
        }
    }

    /// What stands in a format specification is lowered for the calls in it, but is no part of the text.
    fn format_spec(&mut self, elements: &InterpolatedStringElements) {
        if self.descend() {
            let mark = self.stack.len();
            self.format_parts(elements);
            self.stack.truncate(mark);
            self.ascend();
        }
    }

    fn comprehension(
        &mut self,
        element: &Expr,
        value: Option<&Expr>,
        generators: &[Comprehension],
        range: Span,
    ) -> ValueId {
        // The first iterable is evaluated outside.
        let first = generators.first().map(|generator| self.value(&generator.iter));
        self.enter(ScopeKind::Expression);
        for generator in generators {
            self.bind_target(&generator.target);
        }
        self.declared_all();
        let mark = self.stack.len();
        self.stack.extend([NONE, NONE]);
        for (index, generator) in generators.iter().enumerate() {
            let iterable = match first {
                Some(first) if index == 0 => first,
                _ => self.value(&generator.iter),
            };
            let target = self.target(&generator.target, DefinitionKind::Iterated, iterable);
            self.stack.extend([target.0, iterable.0, generator.ifs.len() as u32]);
            for condition in &generator.ifs {
                let condition = self.value(condition);
                self.stack.push(condition.0);
            }
        }
        let element = self.value(element).0;
        let value = self.optional(value);
        if let Some(head) = self.stack.get_mut(mark..mark + 2) {
            head.copy_from_slice(&[element, value]);
        }
        let list = self.list(mark);
        self.leave();
        self.push_value(ValueKind::Comprehension, range, list, 0)
    }

    /// Lowers the target of an assignment, loop or `with`, and records what its names are bound to.
    pub(super) fn target(&mut self, target: &Expr, kind: DefinitionKind, value: ValueId) -> ValueId {
        if !self.descend() {
            return self.push_value(ValueKind::Unknown, span_of(target), 0, 0);
        }
        let range = span_of(target);
        let id = match target {
            Expr::Name(name) => {
                let id = self.name(&name.id, range);
                if let Some((_, _, binding)) = self.value_kind(id) {
                    self.define(binding, kind, value.0, range.start);
                }
                id
            }
            Expr::Tuple(tuple) => self.unpacked(ValueKind::Tuple, &tuple.elts, range, value),
            Expr::List(list) => self.unpacked(ValueKind::List, &list.elts, range, value),
            Expr::Starred(starred) => {
                let inner = self.target(&starred.value, DefinitionKind::Unpacked, value);
                self.push_value(ValueKind::Starred, range, inner.0, 0)
            }
            _ => {
                let id = self.value(target);
                self.field(id, Some(value), None, kind != DefinitionKind::Assigned);
                id
            }
        };
        self.ascend();
        id
    }

    fn unpacked(&mut self, kind: ValueKind, targets: &[Expr], range: Span, value: ValueId) -> ValueId {
        let mark = self.stack.len();
        for target in targets {
            let id = self.target(target, DefinitionKind::Unpacked, value);
            self.stack.push(id.0);
        }
        let list = self.list(mark);
        self.push_value(kind, range, list, 0)
    }
}

fn binary(operator: Operator) -> BinaryOperator {
    match operator {
        Operator::Add => BinaryOperator::Add,
        Operator::Sub => BinaryOperator::Subtract,
        Operator::Mult => BinaryOperator::Multiply,
        Operator::MatMult => BinaryOperator::MatrixMultiply,
        Operator::Div => BinaryOperator::Divide,
        Operator::Mod => BinaryOperator::Modulo,
        Operator::Pow => BinaryOperator::Power,
        Operator::LShift => BinaryOperator::LeftShift,
        Operator::RShift => BinaryOperator::RightShift,
        Operator::BitOr => BinaryOperator::BitOr,
        Operator::BitXor => BinaryOperator::BitXor,
        Operator::BitAnd => BinaryOperator::BitAnd,
        Operator::FloorDiv => BinaryOperator::FloorDivide,
    }
}

/// The operator of facts for the parser's.
pub(super) fn binary_operator(operator: Operator) -> u32 {
    binary(operator) as u32
}

fn unary(operator: UnaryOp) -> UnaryOperator {
    match operator {
        UnaryOp::Not => UnaryOperator::Not,
        UnaryOp::USub => UnaryOperator::Minus,
        UnaryOp::UAdd => UnaryOperator::Plus,
        UnaryOp::Invert => UnaryOperator::Invert,
    }
}

fn comparison(operator: CmpOp) -> CompareOperator {
    match operator {
        CmpOp::Eq => CompareOperator::Equal,
        CmpOp::NotEq => CompareOperator::NotEqual,
        CmpOp::Lt => CompareOperator::Less,
        CmpOp::LtE => CompareOperator::LessEqual,
        CmpOp::Gt => CompareOperator::Greater,
        CmpOp::GtE => CompareOperator::GreaterEqual,
        CmpOp::Is => CompareOperator::Is,
        CmpOp::IsNot => CompareOperator::IsNot,
        CmpOp::In => CompareOperator::In,
        CmpOp::NotIn => CompareOperator::NotIn,
    }
}
