//! The files that are parsed: read before any clock runs, the same for both parsers.

use std::path::{Path, PathBuf};

use walkdir::WalkDir;

/// The text of every file, in the order of their paths.
pub struct Corpus {
    /// Path below the folder that was given, and text.
    pub files: Vec<(PathBuf, String)>,
    /// Files that are not UTF-8. The parsers take text only, so neither is given them.
    pub not_utf8: usize,
}

impl Corpus {
    /// Bytes of all texts.
    pub fn bytes(&self) -> usize {
        self.files.iter().map(|(_, text)| text.len()).sum()
    }

    /// Lines of all texts.
    pub fn lines(&self) -> usize {
        self.files.iter().map(|(_, text)| text.lines().count()).sum()
    }
}

/// Reads every `.py` file below a folder.
pub fn read(folder: &Path) -> Result<Corpus, String> {
    let mut corpus = Corpus { files: Vec::new(), not_utf8: 0 };
    for entry in WalkDir::new(folder).sort_by_file_name() {
        let entry = entry.map_err(|error| error.to_string())?;
        let path = entry.path();
        if !entry.file_type().is_file() || path.extension().is_none_or(|suffix| suffix != "py") {
            continue;
        }
        let bytes = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
        match String::from_utf8(bytes) {
            Ok(text) => {
                corpus.files.push((path.strip_prefix(folder).unwrap_or(path).to_owned(), text));
            }
            Err(_) => corpus.not_utf8 += 1,
        }
    }
    if corpus.files.is_empty() {
        return Err(format!("{}: no Python files", folder.display()));
    }
    Ok(corpus)
}
