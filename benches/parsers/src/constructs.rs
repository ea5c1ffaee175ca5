//! Which constructs of which version of Python each parser reads: one snippet for each.

use crate::parsers::{Outcome, Parser};
use crate::table::markdown;

/// Version of Python that brought it, its name, an example.
type Construct = (&'static str, &'static str, &'static str);

/// In the order of the versions.
const CONSTRUCTS: &[Construct] = &[
    ("3.8", "assignment expressions", "if (n := len(a)) > 10:\n    pass\n"),
    ("3.8", "positional-only parameters", "def f(a, /, b):\n    pass\n"),
    ("3.8", "`f\"{x=}\"`", "f\"{x=}\"\n"),
    ("3.8", "unpacking in `return`", "def f():\n    return 1, *a\n"),
    ("3.9", "any expression as a decorator", "@a[0].b\ndef f():\n    pass\n"),
    ("3.10", "`match`", "match a:\n    case {\"k\": [x, *_]} | P(y=x) if x:\n        pass\n"),
    ("3.10", "`match`, `case` and `type` as names", "match = case = type\nmatch(case)[type]\n"),
    ("3.10", "parentheses around the items of `with`", "with (open(a) as b, open(c) as d):\n    pass\n"),
    ("3.11", "`except*`", "try:\n    pass\nexcept* E:\n    pass\n"),
    ("3.11", "star in an index", "a[*b]\n"),
    ("3.11", "star in an annotation of `*args`", "def f(*args: *Ts):\n    pass\n"),
    ("3.12", "f-string, the same quote inside", "f\"{a[\"b\"]}\"\n"),
    ("3.12", "f-string, backslash in a field", "f\"{'\\n'.join(a)}\"\n"),
    ("3.12", "f-string, line break and comment in a field", "f\"{a  # why\n}\"\n"),
    ("3.12", "f-string, fields nested deep", "f\"{f\"{f\"{f\"{1}\"}\"}\"}\"\n"),
    ("3.12", "type parameters of functions", "def f[T: int, *Ts, **P](a: T) -> T:\n    pass\n"),
    ("3.12", "type parameters of classes", "class A[T]:\n    pass\n"),
    ("3.12", "`type` statement", "type A[T] = list[T]\n"),
    ("3.13", "defaults of type parameters", "class A[T = int]:\n    pass\n"),
    ("3.14", "`except A, B:` without parentheses", "try:\n    pass\nexcept A, B:\n    pass\n"),
    ("3.14", "template strings", "t\"{a}\"\n"),
];

/// The table.
pub fn section() -> String {
    let cell = |parser: Parser, text: &str| match parser.parse(text) {
        Outcome::Read => "yes".to_owned(),
        Outcome::Refused(_) => "**no**".to_owned(),
        Outcome::Panicked => "**panic**".to_owned(),
    };
    let row = |&(version, name, text): &Construct| {
        let mut row = vec![version.to_owned(), name.to_owned()];
        row.extend(Parser::ALL.map(|parser| cell(parser, text)));
        row
    };
    let rows: Vec<Vec<String>> = CONSTRUCTS.iter().map(row).collect();
    let mut head = vec!["since", "construct"];
    head.extend(Parser::ALL.map(Parser::name));
    format!("## Constructs\n\n{}", markdown(&head, &rows))
}

#[cfg(test)]
mod tests {
    use ruff_python_ast::PythonVersion;
    use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};

    use super::*;

    /// What no version is held against, or an older one: 3.9 read the parentheses of `with` without promising it.
    const UNVERSIONED: &[&str] =
        &["`f\"{x=}\"`", "`match`, `case` and `type` as names", "parentheses around the items of `with`"];

    fn versions(text: &str) -> Vec<String> {
        let fits = |version: &PythonVersion| {
            let options = ParseOptions::from(Mode::Module).with_target_version(*version);
            let parsed = parse_unchecked(text, options);
            parsed.errors().is_empty() && parsed.unsupported_syntax_errors().is_empty()
        };
        PythonVersion::iter().filter(fits).map(|version| version.to_string()).collect()
    }

    #[test]
    fn each_is_new_in_its_version() {
        for (version, name, text) in CONSTRUCTS.iter().filter(|(_, name, _)| !UNVERSIONED.contains(name)) {
            assert_eq!(versions(text).first().map(String::as_str), Some(*version), "{name}");
        }
    }

    #[test]
    fn both_refuse_what_is_not_python() {
        for text in ["x = = 1\n", "print 'x'\n", "def f(:\n", "class\n"] {
            for parser in Parser::ALL {
                assert!(matches!(parser.parse(text), Outcome::Refused(_)), "{}: {text}", parser.name());
            }
        }
    }
}
