//! The words that names are made of: what people call a thing tells what it is for.

use rustc_hash::FxHashSet;

use super::Site;
use crate::facts::{BindingId, Definition, DefinitionKind, ImportId, ImportKind, Span, Value};

/// Strings longer than this are texts, not names.
const LONGEST_NAME: usize = 48;

/// Lower-case words.
#[derive(Clone, Debug, Default)]
pub struct Words(FxHashSet<String>);

impl Words {
    /// Adds the words of a name.
    pub fn add(&mut self, name: &str) {
        self.0.extend(words(name));
    }

    /// Adds others.
    pub fn extend(&mut self, other: Words) {
        self.0.extend(other.0);
    }

    /// Leaves one out.
    pub fn remove(&mut self, word: &str) {
        self.0.remove(word);
    }

    /// Whether one of these is there.
    pub fn has_any(&self, wanted: &[&str]) -> bool {
        wanted.iter().any(|word| self.0.contains(*word))
    }
}

/// The lower-case words of an identifier: `access_token`, `accessToken` and `ACCESS-TOKEN` have two.
pub fn words(name: &str) -> Vec<String> {
    as_written(name).map(str::to_lowercase).collect()
}

/// Whether one of the words of an identifier is among some, which are lower-case ASCII.
pub fn has_word(name: &str, wanted: &[&str]) -> bool {
    as_written(name).any(|word| wanted.iter().any(|one| one.eq_ignore_ascii_case(word)))
}

/// The words of an identifier, upper and lower case as they are.
fn as_written(name: &str) -> impl Iterator<Item = &str> {
    let mut rest = name;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|character: char| !character.is_alphanumeric());
        let mut after_lower = false;
        let ends = |character: char| {
            let ends = !character.is_alphanumeric() || (character.is_uppercase() && after_lower);
            after_lower = character.is_lowercase() || character.is_numeric();
            ends
        };
        let (word, behind) = rest.split_at(rest.find(ends).unwrap_or(rest.len()));
        rest = behind;
        (!word.is_empty()).then_some(word)
    })
}

impl Site<'_> {
    /// The words of the names and short strings in a part of the file.
    pub fn words_in(&self, span: Span) -> Words {
        let mut found = Words::default();
        for id in self.module.values().filter(|id| span.covers(self.module.span(*id))) {
            match self.value(id) {
                Value::Name(_, Some(binding)) if self.is_module(binding) => {}
                Value::Name(name, _) | Value::Attribute(_, name) => found.add(self.module.text(name)),
                Value::Str(name) if self.module.text(name).len() <= LONGEST_NAME => {
                    found.add(self.module.text(name));
                }
                Value::Call(_, arguments) => {
                    arguments.keywords().for_each(|(name, _)| found.add(self.module.text(name)));
                }
                _ => {}
            }
        }
        found
    }

    /// Whether a name is bound by `import`: the name of a library says nothing of what it is used for.
    fn is_module(&self, binding: BindingId) -> bool {
        let imported = |definition: &Definition| {
            let import = self.module.import(ImportId(definition.id));
            definition.kind == DefinitionKind::Import
                && import.is_some_and(|import| import.kind != ImportKind::Member)
        };
        self.module.definitions(binding).iter().any(imported)
    }

    /// The words of the names of the functions and classes around a place.
    pub fn words_around(&self, offset: u32) -> Words {
        let mut found = Words::default();
        let mut function = self.module.function_at(offset);
        while let Some(inner) = function.and_then(|id| self.module.function(id)) {
            found.add(self.module.text(inner.name));
            function = inner.parent;
        }
        if let Some(class) = self.module.class_at(offset).and_then(|id| self.module.class(id)) {
            found.add(self.module.text(class.name));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::{has_word, words};

    #[test]
    fn names_are_split_into_words() {
        assert_eq!(words("access_token"), ["access", "token"]);
        assert_eq!(words("accessToken2"), ["access", "token2"]);
        assert_eq!(words("__MD5-sum"), ["md5", "sum"]);
        assert_eq!(words("HTTPServer"), ["httpserver"]);
        assert_eq!(words("getÄnderung"), ["get", "änderung"]);
        assert!(words("_").is_empty());
        assert!(has_word("requireLogin", &["login"]));
        assert!(!has_word("loginless", &["login"]));
    }
}
