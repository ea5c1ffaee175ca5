//! What is left of a file that has one syntax error: how many of its calls stand in the tree.

use crate::parsers::Parser;
use crate::table::markdown;

/// A file that calls `step` ten times; one line of it is the fault, at the place of [`FAULT`].
const FILE: &str = "\
step(1)

class A:
    def f(self):
        step(2)
        step(3)
    def g(self):
        step(4)
        FAULT
        step(5)
        if step(6):
            step(7)

def h():
    step(8)
    return step(9)

step(10)
";

/// Where the fault goes.
const FAULT: &str = "FAULT";

/// Calls of `step` in [`FILE`].
const CALLS: usize = 10;

/// Name and text of each fault. The first is none.
const FAULTS: &[(&str, &str)] = &[
    ("none", "pass"),
    ("a statement that stops", "value ="),
    ("a bracket that is not closed", "value = [1, 2"),
    ("a call that is not closed", "call(1, 2"),
    ("a bracket too much", "value = 1)"),
    ("a colon that is missing", "if ready"),
    ("a function that stops", "def"),
    ("a keyword as a name", "class = 3"),
    ("`print` of Python 2", "print \"text\""),
    ("`raise` of Python 2", "raise E, \"text\""),
    ("an indent too much", "    value = 1"),
    ("a text that is not closed", "value = \"text"),
    ("a triple-quoted text that is not closed", "value = \"\"\"text"),
    ("a character that Python has not", "value = $name"),
    ("the marks of a merge", "\n<<<<<<< ours\n        a = 1\n=======\n        a = 2\n>>>>>>> theirs"),
];

/// The table.
pub fn section() -> String {
    let cell = |parser: Parser, text: &str| match parser.tree(text) {
        Some(tree) => calls(&tree).to_string(),
        None => "no tree".to_owned(),
    };
    let row = |&(name, fault): &(&str, &str)| {
        let text = FILE.replace(FAULT, fault);
        let mut row = vec![name.to_owned()];
        row.extend(Parser::ALL.map(|parser| cell(parser, &text)));
        row
    };
    let rows: Vec<Vec<String>> = FAULTS.iter().map(row).collect();
    let mut head = vec!["fault"];
    head.extend(Parser::ALL.map(Parser::name));
    format!(
        "## Recovery\n\nA file of {} lines with {CALLS} calls of `step` and one fault in the middle: how many of \
         the calls are in the tree.\n\n{}",
        FILE.lines().count(),
        markdown(&head, &rows)
    )
}

/// Calls of `step` in a tree that `Debug` printed; both write the name of a variable as `Name("step")` or alike.
fn calls(tree: &str) -> usize {
    tree.matches("(\"step\")").count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_calls_of_the_sound_file_are_counted() {
        for parser in Parser::ALL {
            assert_eq!(parser.tree(&FILE.replace(FAULT, "pass")).map(|tree| calls(&tree)), Some(CALLS));
        }
    }

    #[test]
    fn every_fault_is_one() {
        for (name, fault) in FAULTS.iter().skip(1) {
            for parser in Parser::ALL {
                let text = FILE.replace(FAULT, fault);
                assert_ne!(parser.parse(&text), crate::parsers::Outcome::Read, "{}: {name}", parser.name());
            }
        }
    }
}
