//! Jupyter notebooks: the code of their cells as one text, and where each place of it stands in the file.
//!
//! `ruff_notebook` knows which cells hold Python. It is not what reads the file: it keeps no places, and refuses a
//! notebook for a member that it does not know.

use std::ops::Range;

use ruff_notebook::{
    Cell, CellMetadata, CodeCell, CodeCellMetadataVSCode, Kernelspec, LanguageInfo, MarkdownCell,
    RawNotebook, RawNotebookMetadata, SourceValue,
};
use serde::Deserialize;
use serde_json::error::Category;
use serde_json::value::RawValue;

use crate::finding::NoticeKind;

/// Bytes of code between two places that are kept: no look-up walks further.
const STRIDE: u32 = 256;

/// The code of a notebook.
#[derive(Debug)]
pub struct Notebook {
    text: String,
    /// Its cells that are Python, in order.
    cells: Vec<Code>,
    /// Sorted by offset in the text.
    places: Vec<Place>,
}

/// Why a file yields no code.
#[derive(Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// Stable kebab-case id of the notice.
    pub id: &'static str,
    /// Lossless where there was nothing to judge.
    pub kind: NoticeKind,
    /// What is wrong, one sentence without a full stop.
    pub message: &'static str,
    /// The line of the file, 1-based, where one is known.
    pub line: Option<u32>,
}

#[derive(Debug)]
struct Code {
    /// Which of all cells, 1-based.
    number: u32,
    /// Where it begins in the text.
    start: u32,
}

/// An offset in the text, and where that character stands in the file.
#[derive(Clone, Copy, Debug)]
struct Place {
    text: u32,
    file: u32,
}

impl Notebook {
    /// Reads a notebook of format 4, which is JSON. Takes time linear in its length.
    pub fn read(json: &str) -> Result<Notebook, Unreadable> {
        let document: Document = serde_json::from_str(json).map_err(|error| unreadable(&error))?;
        if document.nbformat != Some(4) {
            return Err(Unreadable {
                id: "notebook-format",
                kind: NoticeKind::Incomplete,
                message: "the notebook is not of format 4 and was not judged; open and save it with a current Jupyter",
                line: None,
            });
        }
        let mut decoded: Vec<Vec<Place>> = Vec::with_capacity(document.cells.len());
        let mut cells = Vec::with_capacity(document.cells.len());
        for cell in document.cells {
            let (source, places) = decode(json, &cell).ok_or_else(no_notebook)?;
            cells.push(raw_cell(&cell, source));
            decoded.push(places);
        }
        let raw =
            RawNotebook { cells, metadata: metadata(document.metadata), nbformat: 4, nbformat_minor: 4 };
        let notebook = ruff_notebook::Notebook::from_raw_notebook(raw, false).map_err(|_| no_notebook())?;
        if !notebook.is_python_notebook() {
            return Err(Unreadable {
                id: "notebook-not-python",
                kind: NoticeKind::Lossless,
                message: "the notebook is in another language and was not judged",
                line: None,
            });
        }
        Ok(Notebook::joined(&notebook, &decoded))
    }

    /// The Python cells as `ruff_notebook` joins them, each ended by a line end of its own.
    fn joined(notebook: &ruff_notebook::Notebook, decoded: &[Vec<Place>]) -> Notebook {
        let (mut cells, mut places) = (Vec::new(), Vec::new());
        for (cell, start) in notebook.index().iter().zip(notebook.cell_offsets().iter()) {
            let (index, start) = (cell.cell_index().to_zero_indexed(), start.to_u32());
            cells.push(Code { number: index as u32 + 1, start });
            let of_cell = decoded.get(index).into_iter().flatten();
            places.extend(of_cell.map(|place| Place { text: place.text + start, file: place.file }));
        }
        Notebook { text: notebook.source_code().to_owned(), cells, places }
    }

    /// The code, for the parser.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The cell around an offset in the text: its number, 1-based, those that are no code counted in, and where it
    /// stands in the text, without the line end that follows each cell.
    pub fn cell_at(&self, offset: u32) -> Option<(u32, Range<u32>)> {
        let index = self.cells.partition_point(|cell| cell.start <= offset).checked_sub(1)?;
        let cell = self.cells.get(index)?;
        let next = self.cells.get(index + 1).map_or(self.text.len() as u32, |next| next.start);
        Some((cell.number, cell.start..next.saturating_sub(1).max(cell.start)))
    }

    /// Where a range of the text stands in the file, whose text is given again, as byte offsets.
    pub fn in_file(&self, json: &str, start: u32, end: u32) -> (u32, u32) {
        let first = self.walk(json, start, self.places.partition_point(|place| place.text <= start));
        if end <= start {
            return (first, first);
        }
        // The end is behind the last character, which may stand in another string than the next.
        let last = self.walk(json, end, self.places.partition_point(|place| place.text < end));
        (first, last.max(first))
    }

    /// Where an offset stands in the file, found from the place before `index` on.
    fn walk(&self, json: &str, offset: u32, index: usize) -> u32 {
        let Some(mut at) = index.checked_sub(1).and_then(|index| self.places.get(index)).copied() else {
            return 0;
        };
        while at.text < offset {
            let Some((character, length)) = json.get(at.file as usize..).and_then(character) else { break };
            at.text += character.len_utf8() as u32;
            at.file += length;
        }
        at.file
    }
}

/// As much of a notebook as is asked about. What is not named here is passed over whatever it is.
#[derive(Deserialize)]
struct Document<'j> {
    nbformat: Option<i64>,
    #[serde(default)]
    metadata: Metadata,
    #[serde(borrow, default)]
    cells: Vec<JsonCell<'j>>,
}

#[derive(Deserialize, Default)]
struct Metadata {
    kernelspec: Option<Language>,
    language_info: Option<Name>,
}

#[derive(Deserialize)]
struct Language {
    language: Option<String>,
}

#[derive(Deserialize)]
struct Name {
    name: String,
}

#[derive(Deserialize)]
struct JsonCell<'j> {
    cell_type: String,
    #[serde(default)]
    metadata: CellMeta,
    #[serde(borrow)]
    source: &'j RawValue,
}

#[derive(Deserialize, Default)]
struct CellMeta {
    vscode: Option<VsCode>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct VsCode {
    language_id: String,
}

/// The source of a cell, which is a string or a list of strings, with the places of its characters.
fn decode(json: &str, cell: &JsonCell<'_>) -> Option<(String, Vec<Place>)> {
    let source = cell.source;
    let (mut text, mut places) = (String::with_capacity(source.get().len()), Vec::new());
    let literals = if source.get().starts_with('[') {
        serde_json::from_str::<Vec<&RawValue>>(source.get()).ok()?
    } else {
        vec![source]
    };
    for literal in literals {
        // What was read is a part of the file, so where it stands is how far it is from the file's first byte.
        let start = (literal.get().as_ptr() as usize).checked_sub(json.as_ptr() as usize)?;
        let mut file = start as u32 + 1;
        let mut inside = literal.get().strip_prefix('"')?;
        let mut next = text.len() as u32;
        while let Some((character, length)) = character(inside) {
            if text.len() as u32 >= next {
                places.push(Place { text: text.len() as u32, file });
                next = text.len() as u32 + STRIDE;
            }
            text.push(character);
            file += length;
            inside = inside.get(length as usize..)?;
        }
    }
    Some((text, places))
}

/// The first character of what is inside a JSON string, and how many bytes it takes there; `None` at its end.
fn character(inside: &str) -> Option<(char, u32)> {
    let mut characters = inside.chars();
    let first = characters.next().filter(|first| *first != '"')?;
    if first != '\\' {
        return Some((first, first.len_utf8() as u32));
    }
    let plain = match characters.next()? {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'u' => return Some(escaped(inside)),
        other => other,
    };
    Some((plain, 2))
}

/// A character written as `\uXXXX`, or as two of them. Half of a pair alone is no character.
fn escaped(inside: &str) -> (char, u32) {
    let unit = |at: usize| {
        let digits = inside.get(at..at + 6)?.strip_prefix("\\u")?;
        u32::from_str_radix(digits, 16).ok()
    };
    let high = unit(0).unwrap_or(0xfffd);
    if let (0xd800..=0xdbff, Some(low @ 0xdc00..=0xdfff)) = (high, unit(6)) {
        let code = 0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00);
        return (char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), 12);
    }
    (char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER), 6)
}

fn raw_cell(cell: &JsonCell<'_>, source: String) -> Cell {
    let source = SourceValue::String(source);
    let language = cell.metadata.vscode.as_ref().map(|vscode| vscode.language_id.clone());
    let vscode = language.map(|language_id| CodeCellMetadataVSCode { language_id });
    let metadata = CellMetadata { vscode, ..CellMetadata::default() };
    if cell.cell_type == "code" {
        Cell::Code(CodeCell { execution_count: None, id: None, metadata, outputs: Vec::new(), source })
    } else {
        Cell::Markdown(MarkdownCell { attachments: None, id: None, metadata, source })
    }
}

fn metadata(metadata: Metadata) -> RawNotebookMetadata {
    let language_info = metadata.language_info.map(|language| LanguageInfo {
        codemirror_mode: None,
        file_extension: None,
        mimetype: None,
        // IPython's own name for it.
        name: if language.name == "ipython" { "python".to_owned() } else { language.name },
        pygments_lexer: None,
        extra: std::collections::BTreeMap::new(),
    });
    let kernelspec = metadata.kernelspec.filter(|kernel| kernel.language.is_some());
    let kernelspec = kernelspec
        .map(|kernel| Kernelspec { language: kernel.language, extra: std::collections::HashMap::new() });
    RawNotebookMetadata { kernelspec, language_info, ..RawNotebookMetadata::default() }
}

fn unreadable(error: &serde_json::Error) -> Unreadable {
    let line = u32::try_from(error.line()).ok().filter(|line| *line > 0);
    match error.classify() {
        Category::Data => Unreadable { line, ..no_notebook() },
        Category::Syntax | Category::Eof | Category::Io => Unreadable {
            message: "the notebook is not valid JSON and was not judged; mend or exclude it",
            line,
            ..no_notebook()
        },
    }
}

fn no_notebook() -> Unreadable {
    Unreadable {
        id: "notebook-unreadable",
        kind: NoticeKind::Incomplete,
        message: "the file is JSON but no notebook and was not judged; mend or exclude it",
        line: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notebook(cells: &str) -> String {
        format!("{{\"cells\": [{cells}], \"metadata\": {{}}, \"nbformat\": 4, \"nbformat_minor\": 5}}")
    }

    fn code(source: &str) -> String {
        format!("{{\"cell_type\": \"code\", \"metadata\": {{}}, \"outputs\": [], \"source\": {source}}}")
    }

    const MARKDOWN: &str = r##"{"cell_type": "markdown", "source": "# Title"}"##;

    /// What of the file a piece of the code is.
    fn shown<'j>(json: &'j str, part: &str) -> &'j str {
        let notebook = Notebook::read(json).unwrap();
        let start = notebook.text().find(part).unwrap() as u32;
        let (start, end) = notebook.in_file(json, start, start + part.len() as u32);
        &json[start as usize..end as usize]
    }

    #[test]
    fn cells_are_joined_and_counted() {
        let json =
            notebook(&[MARKDOWN, &code(r#"["a = 1\n", "b = 2"]"#), MARKDOWN, &code(r#""c""#)].join(","));
        let notebook = Notebook::read(&json).unwrap();
        assert_eq!(notebook.text(), "a = 1\nb = 2\nc\n");
        assert_eq!(notebook.cell_at(0), Some((2, 0..11)));
        assert_eq!(notebook.cell_at(11), Some((2, 0..11)), "the line end behind it");
        assert_eq!(notebook.cell_at(12), Some((4, 12..13)));
        assert_eq!(Notebook::read(&self::notebook("")).unwrap().cell_at(0), None);
    }

    #[test]
    fn places_lead_back_to_the_file() {
        let json = notebook(&code(r#"["x = \"\u00e9\ud83e\udd80é🦀\\\"\n", "yy = 1\n", "", "z\ud83e"]"#));
        assert_eq!(shown(&json, "é🦀é"), r"\u00e9\ud83e\udd80é");
        assert_eq!(shown(&json, "\\\""), r#"\\\""#);
        assert_eq!(shown(&json, "x"), "x");
        assert_eq!(shown(&json, "yy = 1"), "yy = 1");
        assert_eq!(shown(&json, "\u{fffd}"), r"\ud83e");
        let long = "é".repeat(5000);
        let json = notebook(&code(&format!("\"{long}\\t{long}x\"")));
        assert_eq!(shown(&json, "\té"), "\\té");
        assert_eq!(shown(&json, "x"), "x");
    }

    #[test]
    fn what_is_no_python_is_left_out() {
        let cells = [
            code(r#""%%bash\nrm -rf /""#),
            code(r#""%%time\nx = 1""#),
            code(r#""pip install x""#),
            r#"{"cell_type": "code", "metadata": {"vscode": {"languageId": "sql"}}, "source": "SELECT 1"}"#
                .to_owned(),
        ];
        assert_eq!(Notebook::read(&notebook(&cells.join(","))).unwrap().text(), "%%time\nx = 1\n");
        let julia = r#"{"cells": [], "metadata": {"language_info": {"name": "julia"}}, "nbformat": 4}"#;
        assert_eq!(Notebook::read(julia).unwrap_err().kind, NoticeKind::Lossless);
        let unknown = r#"{"cells": [{"cell_type": "code", "source": "x", "new": {"deep": [1]}}], "nbformat": 4, "y": 1}"#;
        assert_eq!(Notebook::read(unknown).unwrap().text(), "x\n");
    }

    #[test]
    fn what_is_no_notebook_is_told() {
        let fault = |json: &str| {
            let fault = Notebook::read(json).unwrap_err();
            (fault.id, fault.kind, fault.line)
        };
        assert_eq!(fault("{\n\"cells\": ["), ("notebook-unreadable", NoticeKind::Incomplete, Some(2)));
        assert_eq!(fault("1").0, "notebook-unreadable");
        assert_eq!(fault("{}").0, "notebook-format");
        assert_eq!(fault(r#"{"nbformat": 3, "worksheets": []}"#).0, "notebook-format");
        assert_eq!(fault(&notebook(&code("7"))).0, "notebook-unreadable");
        assert_eq!(fault(&notebook(&code("[1]"))).0, "notebook-unreadable");
        assert_eq!(fault(&"[".repeat(1 << 20)).0, "notebook-unreadable");
    }
}
