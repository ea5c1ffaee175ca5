//! The reader of patterns, by recursive descent.

use super::{Assertion, Category, Class, Flags, Greed, Node, Tree};

/// Longer patterns are not read.
const LONGEST: usize = 20_000;

/// The deepest nesting of groups.
const DEEPEST: u32 = 100;

/// Reads a pattern; `None` where Python would refuse it, or where it is too long or too deep to be judged.
pub(in crate::rules::regex) fn parse(pattern: &str, flags: Flags) -> Option<Tree> {
    if pattern.len() > LONGEST {
        return None;
    }
    let text: Vec<char> = pattern.chars().collect();
    let mut parser = Parser { text: &text, at: 0, flags, classes: Vec::new(), groups: Vec::new(), depth: 0 };
    parser.leading_flags();
    let root = parser.alternatives()?;
    let groups = parser.groups.len();
    (parser.at == text.len()).then_some(Tree { root, classes: parser.classes, groups })
}

struct Parser<'t> {
    text: &'t [char],
    at: usize,
    flags: Flags,
    classes: Vec<Class>,
    /// The names of the groups so far.
    groups: Vec<Option<String>>,
    depth: u32,
}

/// A character of a class, or a category.
enum Item {
    Character(char),
    Category(Category, bool),
}

impl Parser<'_> {
    fn peek(&self) -> Option<char> {
        self.text.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let character = self.peek()?;
        self.at += 1;
        Some(character)
    }

    fn eat(&mut self, wanted: &str) -> bool {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let same = wanted.chars().enumerate().all(|(index, character)| rest.get(index) == Some(&character));
        if same {
            self.at += wanted.chars().count();
        }
        same
    }

    fn until(&mut self, end: char) -> Option<String> {
        let mut found = String::new();
        loop {
            match self.next()? {
                character if character == end => return Some(found),
                character => found.push(character),
            }
        }
    }

    /// `(?ix)` at the start holds for the whole pattern.
    fn leading_flags(&mut self) {
        let start = self.at;
        if self.eat("(?") {
            let mut flags = self.flags;
            while let Some(letter) = self.next() {
                if letter == ')' && self.at > start + 3 {
                    self.flags = flags;
                    return;
                }
                if !flags.set(letter, true) {
                    break;
                }
            }
        }
        self.at = start;
    }

    fn alternatives(&mut self) -> Option<Node> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return None;
        }
        let mut branches = vec![self.sequence()?];
        while self.eat("|") {
            branches.push(self.sequence()?);
        }
        self.depth -= 1;
        if branches.len() == 1 { branches.pop() } else { Some(Node::Alternate(branches)) }
    }

    fn sequence(&mut self) -> Option<Node> {
        let mut items = Vec::new();
        loop {
            if self.flags.verbose {
                self.skip_blank();
            }
            match self.peek() {
                None | Some('|' | ')') => break,
                _ => {}
            }
            let atom = self.atom()?;
            items.push(self.repeated(atom)?);
        }
        Some(match items.len() {
            0 => Node::Empty,
            1 => items.pop()?,
            _ => Node::Concat(items),
        })
    }

    fn skip_blank(&mut self) {
        while let Some(character) = self.peek() {
            if character == '#' {
                while self.next().is_some_and(|character| character != '\n') {}
            } else if character.is_ascii_whitespace() || character == '\u{b}' {
                self.at += 1;
            } else {
                return;
            }
        }
    }

    /// What may be repeated; nothing for a comment and for flags.
    fn atom(&mut self) -> Option<Node> {
        Some(match self.next()? {
            '.' => self.any(),
            '^' => Node::Assert(if self.flags.multiline { Assertion::StartOfLine } else { Assertion::Start }),
            '$' => Node::Assert(if self.flags.multiline { Assertion::EndOfLine } else { Assertion::LastEnd }),
            '[' => self.class()?,
            '\\' => self.escape()?,
            '(' => return self.group(),
            '*' | '+' | '?' => return None,
            character => self.character(character),
        })
    }

    fn class_node(&mut self, mut class: Class) -> Node {
        class.ignores_case = self.flags.ignore_case;
        class.is_ascii = self.flags.ascii;
        self.classes.push(class);
        Node::Class(self.classes.len() - 1)
    }

    fn character(&mut self, character: char) -> Node {
        let code = u32::from(character);
        self.class_node(Class { ranges: vec![(code, code)], ..Class::default() })
    }

    fn any(&mut self) -> Node {
        let ranges = if self.flags.dot_all { Vec::new() } else { vec![(10, 10)] };
        self.class_node(Class { ranges, is_negated: true, ..Class::default() })
    }

    fn repeated(&mut self, atom: Node) -> Option<Node> {
        let Some((min, max)) = self.quantifier() else { return Some(atom) };
        if matches!(atom, Node::Assert(Assertion::Start)) || max.is_some_and(|max| max < min) {
            return None;
        }
        let greed = if self.eat("?") {
            Greed::Lazy
        } else if self.eat("+") {
            Greed::Possessive
        } else {
            Greed::Greedy
        };
        // Python refuses a second one.
        let more = self.quantifier().is_some();
        (!more).then(|| Node::Repeat { node: Box::new(atom), min, max, greed })
    }

    fn quantifier(&mut self) -> Option<(u32, Option<u32>)> {
        if self.flags.verbose {
            self.skip_blank();
        }
        let bounds = match self.peek()? {
            '*' => (0, None),
            '+' => (1, None),
            '?' => (0, Some(1)),
            '{' => return self.bounds(),
            _ => return None,
        };
        self.at += 1;
        Some(bounds)
    }

    /// `{m}`, `{m,}`, `{,n}`, `{m,n}`, taken if it is one.
    fn bounds(&mut self) -> Option<(u32, Option<u32>)> {
        let start = self.at;
        self.at += 1;
        let read = |parser: &mut Self| {
            let mut number = String::new();
            while let Some(digit) = parser.peek().filter(char::is_ascii_digit) {
                number.push(digit);
                parser.at += 1;
            }
            number
        };
        let low = read(self);
        let has_comma = self.eat(",");
        let high = if has_comma { read(self) } else { low.clone() };
        if !self.eat("}") || low.is_empty() && !has_comma {
            self.at = start;
            return None;
        }
        let max = if high.is_empty() { None } else { Some(high.parse().unwrap_or(u32::MAX)) };
        Some((if low.is_empty() { 0 } else { low.parse().unwrap_or(u32::MAX) }, max))
    }

    fn class(&mut self) -> Option<Node> {
        let mut class = Class { is_negated: self.eat("^"), ..Class::default() };
        let mut is_first = true;
        loop {
            let low = match self.next()? {
                ']' if !is_first => break,
                '\\' => self.class_escape()?,
                character => Item::Character(character),
            };
            is_first = false;
            let low = match low {
                Item::Character(character) => u32::from(character),
                Item::Category(category, negated) => {
                    class.categories.push((category, negated));
                    continue;
                }
            };
            let is_range =
                self.peek() == Some('-') && self.text.get(self.at + 1).is_some_and(|end| *end != ']');
            let high = if is_range {
                self.at += 1;
                match self.next()? {
                    '\\' => match self.class_escape()? {
                        Item::Character(character) => u32::from(character),
                        Item::Category(..) => return None,
                    },
                    character => u32::from(character),
                }
            } else {
                low
            };
            if high < low {
                return None;
            }
            class.ranges.push((low, high));
        }
        Some(self.class_node(class))
    }

    fn class_escape(&mut self) -> Option<Item> {
        let letter = self.next()?;
        if let Some((category, negated)) = category(letter) {
            return Some(Item::Category(category, negated));
        }
        if letter == 'b' {
            return Some(Item::Character('\u{8}'));
        }
        self.escaped_character(letter).map(Item::Character)
    }

    /// The character that an escape stands for.
    fn escaped_character(&mut self, letter: char) -> Option<char> {
        match letter {
            'n' => Some('\n'),
            't' => Some('\t'),
            'r' => Some('\r'),
            'f' => Some('\u{c}'),
            'v' => Some('\u{b}'),
            'a' => Some('\u{7}'),
            'x' => self.code(2),
            'u' => self.code(4),
            'U' => self.code(8),
            'N' => self.eat("{").then(|| self.until('}')).flatten().map(|_| '\u{fffd}'),
            '0'..='7' => {
                self.at -= 1;
                let mut code = 0;
                for _ in 0..3 {
                    let Some(digit) = self.peek().and_then(|digit| digit.to_digit(8)) else { break };
                    code = code * 8 + digit;
                    self.at += 1;
                }
                char::from_u32(code)
            }
            letter if letter.is_ascii_alphanumeric() => None,
            letter => Some(letter),
        }
    }

    fn code(&mut self, digits: usize) -> Option<char> {
        let mut code: u32 = 0;
        for _ in 0..digits {
            code = code.checked_mul(16)? + self.next()?.to_digit(16)?;
        }
        // Half of a pair is no character here.
        Some(char::from_u32(code).unwrap_or('\u{fffd}'))
    }

    fn escape(&mut self) -> Option<Node> {
        let letter = self.next()?;
        if let Some((category, negated)) = category(letter) {
            let class = Class { categories: vec![(category, negated)], ..Class::default() };
            return Some(self.class_node(class));
        }
        Some(match letter {
            'A' => Node::Assert(Assertion::Start),
            'Z' | 'z' => Node::Assert(Assertion::End),
            'b' => Node::Assert(Assertion::Boundary),
            'B' => Node::Assert(Assertion::NoBoundary),
            '1'..='9' => return self.reference(letter),
            _ => {
                let character = self.escaped_character(letter)?;
                self.character(character)
            }
        })
    }

    fn reference(&mut self, first: char) -> Option<Node> {
        let mut number = first.to_digit(10)? as usize;
        let octal: Vec<u32> = self
            .text
            .get(self.at - 1..self.at + 2)
            .into_iter()
            .flatten()
            .filter_map(|digit| digit.to_digit(8))
            .collect();
        if let [a, b, c] = octal[..] {
            self.at += 2;
            let character = char::from_u32(a * 64 + b * 8 + c)?;
            return Some(self.character(character));
        }
        if let Some(digit) = self.peek().and_then(|digit| digit.to_digit(10)) {
            self.at += 1;
            number = number * 10 + digit as usize;
        }
        (number <= self.groups.len()).then_some(Node::Backreference(number))
    }

    /// What a parenthesis opens.
    fn group(&mut self) -> Option<Node> {
        if !self.eat("?") {
            return self.capture(None);
        }
        Some(match self.next()? {
            ':' => self.inner()?,
            '>' => Node::Atomic(Box::new(self.inner()?)),
            '=' => self.look(true, false)?,
            '!' => self.look(true, true)?,
            '#' => {
                self.until(')')?;
                Node::Empty
            }
            '<' => match self.peek()? {
                '=' | '!' => {
                    let negative = self.next()? == '!';
                    self.look(false, negative)?
                }
                // The form of the module `regex`.
                _ => {
                    let name = self.until('>')?;
                    self.capture(Some(name))?
                }
            },
            'P' => match self.next()? {
                '<' => {
                    let name = self.until('>')?;
                    self.capture(Some(name))?
                }
                '=' => {
                    let name = self.until(')')?;
                    Node::Backreference(self.number(&name)?)
                }
                _ => return None,
            },
            '(' => self.conditional()?,
            letter => self.scoped(letter)?,
        })
    }

    fn inner(&mut self) -> Option<Node> {
        let flags = self.flags;
        let node = self.alternatives()?;
        self.flags = flags;
        self.eat(")").then_some(node)
    }

    fn capture(&mut self, name: Option<String>) -> Option<Node> {
        self.groups.push(name);
        let number = self.groups.len();
        Some(Node::Group(number, Box::new(self.inner()?)))
    }

    fn look(&mut self, ahead: bool, negative: bool) -> Option<Node> {
        Some(Node::Look { ahead, negative, node: Box::new(self.inner()?) })
    }

    fn number(&self, name: &str) -> Option<usize> {
        let named = self.groups.iter().position(|group| group.as_deref() == Some(name));
        named
            .map(|index| index + 1)
            .or_else(|| name.parse().ok().filter(|number| *number <= self.groups.len()))
    }

    fn conditional(&mut self) -> Option<Node> {
        let name = self.until(')')?;
        let group = self.number(&name)?;
        let then = self.sequence()?;
        let otherwise = if self.eat("|") { self.sequence()? } else { Node::Empty };
        self.eat(")").then(|| Node::Conditional(group, Box::new(then), Box::new(otherwise)))
    }

    /// `(?i:…)`, and `(?i)` in the middle, which old code has.
    fn scoped(&mut self, first: char) -> Option<Node> {
        let before = self.flags;
        let mut letter = first;
        let mut on = true;
        loop {
            match letter {
                '-' => on = false,
                ':' => {
                    let node = self.alternatives()?;
                    self.flags = before;
                    return self.eat(")").then_some(node);
                }
                ')' => return Some(Node::Empty),
                letter => {
                    if !self.flags.set(letter, on) {
                        return None;
                    }
                }
            }
            letter = self.next()?;
        }
    }
}

fn category(letter: char) -> Option<(Category, bool)> {
    let kind = match letter.to_ascii_lowercase() {
        'd' => Category::Digit,
        'w' => Category::Word,
        's' => Category::Space,
        _ => return None,
    };
    Some((kind, letter.is_ascii_uppercase()))
}
