//! What names lead to, what expressions are worth, and which class they are instances of: `tests/facts/*.py`.
//!
//! A mark is a comment behind an expression that is a statement of its own:
//! `# is: pickle.loads` where it leads outside of the project, `# is: local` where it leads to something of the
//! file, `# is: nothing`; `# equals: 'text'` for a constant, `# equals: nothing`;
//! `# instance of: requests.Session`, `# instance of: local`, `# instance of: nothing`.

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::fs;

use backend_audit::facts::{Module, Statement, ValueId, path_hash};
use backend_audit::input::lines::LineIndex;
use backend_audit::project::{Constant, Entity, FileId, Project, Type};
use support::{fixture_options, scan_options};

fn shown(constant: &Constant<'_>) -> String {
    match constant {
        Constant::None => "None".to_owned(),
        Constant::Bool(value) => if *value { "True" } else { "False" }.to_owned(),
        Constant::Int(value) => value.to_string(),
        Constant::Float(value) => value.to_string(),
        Constant::Str(text) => format!("'{text}'"),
        Constant::Bytes(bytes) => format!("b'{}'", String::from_utf8_lossy(bytes)),
    }
}

fn leads_to(project: &Project, file: FileId, value: ValueId, path: &str) -> bool {
    let found = project.resolve(file, value);
    match path {
        "nothing" => found.is_none(),
        "local" => found.is_some_and(|found| !matches!(found.entity, Entity::External(_))),
        _ => found.is_some_and(|found| project.paths(found).any(|hash| hash == path_hash(path))),
    }
}

fn is_instance(project: &Project, file: FileId, value: ValueId, class: &str) -> bool {
    match (project.type_of(file, value), class) {
        (None, "nothing") | (Some(Type::Class(..)), "local") => true,
        (Some(Type::External(path)), class) => path == path_hash(class),
        _ => false,
    }
}

/// The expression that is the statement of a line.
fn expression_at(module: &Module, text: &str, lines: &LineIndex, line: u32) -> Option<ValueId> {
    module.statements().find_map(|id| match module.statement(id) {
        Statement::Expression(value)
            if lines.position(text, module.statement_span(id).start).line == line =>
        {
            Some(value)
        }
        _ => None,
    })
}

fn check(project: &Project, value: ValueId, mark: &str) -> Result<(), String> {
    let file = FileId(0);
    let (kind, wanted) = mark.split_once(": ").ok_or("the mark has no value")?;
    let right = match kind {
        "is" => leads_to(project, file, value, wanted),
        "instance of" => is_instance(project, file, value, wanted),
        "equals" => {
            let found = project.constant(file, value).map_or("nothing".to_owned(), |found| shown(&found));
            return (found == wanted).then_some(()).ok_or(format!("is worth {found}"));
        }
        _ => return Err("the mark is none".to_owned()),
    };
    let found = (project.resolve(file, value), project.type_of(file, value));
    right.then_some(()).ok_or(format!("found {found:?}"))
}

#[test]
fn every_mark_is_right() {
    let mut wrong = Vec::new();
    let mut checked = 0;
    for entry in fs::read_dir("tests/facts").unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let lines = LineIndex::new(&text);
        let outcome = scan_options(&fixture_options(text.clone().into_bytes(), Vec::new()));
        let module = outcome.project.module(FileId(0)).unwrap();
        assert!(module.faults().is_empty(), "{}: {:?}", path.display(), module.faults());
        for (index, line) in text.lines().enumerate() {
            let Some((_, mark)) = line.split_once("  # ") else { continue };
            let number = index as u32 + 1;
            let value = expression_at(module, &text, &lines, number)
                .unwrap_or_else(|| panic!("{}:{number} holds no expression", path.display()));
            checked += 1;
            if let Err(why) = check(&outcome.project, value, mark.trim()) {
                wrong.push(format!("{}:{number}: {mark}: {why}", path.display()));
            }
        }
    }
    assert!(checked > 100, "only {checked} marks were found");
    assert!(wrong.is_empty(), "{} marks are wrong:\n{}", wrong.len(), wrong.join("\n"));
}
