//! The text of a file that has findings, and where its places stand for those who read reports.

use std::borrow::Cow;
use std::sync::Arc;

use super::findings::Origin;
use crate::facts::Span;
use crate::finding::{CellRange, Excerpt, Location, Position};
use crate::gate::line_hash::line_hashes;
use crate::gate::mask::{Masks, starred};
use crate::input::files::FileKind;
use crate::input::lines::{LineIndex, excerpt};
use crate::input::source;
use crate::python::notebook::Notebook;
use crate::rule::Secret;

/// The text of a file as it was judged.
pub(super) struct Text {
    /// The bytes of the file.
    raw: Vec<u8>,
    /// What was judged: of a notebook its code.
    pub judged: String,
    /// The same without the secrets in it, where there are any.
    shown: Option<String>,
    /// What keeps the secrets out.
    pub masks: Masks,
    lines: LineIndex,
    notebook: Option<Cells>,
}

/// A notebook and its file.
struct Cells {
    notebook: Notebook,
    json: String,
    lines: LineIndex,
}

impl Text {
    /// Reads a file again; what is wrong if that is not possible or its bytes are not those that were judged.
    pub fn read(origin: &Origin<'_>) -> Result<Text, String> {
        let raw = origin.content.bytes(u64::MAX).map_err(|fault| fault.message)?;
        let source = source::decode(raw.clone());
        if source.hash != origin.hash {
            return Err("the file changed while it was being scanned; scan again".to_owned());
        }
        if origin.kind != FileKind::Notebook {
            let lines = LineIndex::new(&source.text);
            return Ok(Text {
                raw,
                judged: source.text,
                shown: None,
                masks: Masks::default(),
                lines,
                notebook: None,
            });
        }
        let notebook = Notebook::read(&source.text).map_err(|fault| fault.message.to_owned())?;
        let judged = notebook.text().to_owned();
        let (lines, json_lines) = (LineIndex::new(&judged), LineIndex::new(&source.text));
        let notebook = Some(Cells { notebook, json: source.text, lines: json_lines });
        Ok(Text { raw, judged, shown: None, masks: Masks::default(), lines, notebook })
    }

    /// A piece of what was judged, without secrets.
    pub fn slice(&self, span: Span) -> Cow<'_, str> {
        let piece = self.shown().get(span.start as usize..span.end as usize).unwrap_or_default();
        if self.shown.is_some() { starred(piece, (0, 0)).0.into() } else { piece.into() }
    }

    /// The line of an offset in what was judged, 1-based.
    pub fn line(&self, offset: u32) -> u32 {
        self.lines.position(&self.judged, offset).line
    }

    /// The cell of a notebook that an offset in what was judged is in.
    pub fn cell(&self, offset: u32) -> Option<u32> {
        self.notebook.as_ref()?.notebook.cell_at(offset).map(|(number, _)| number)
    }

    /// What stands before an offset on its line.
    pub fn before(&self, offset: u32) -> &str {
        let start = self.lines.line_range(self.line(offset)).map_or(0, |range| range.start);
        self.judged.get(start..offset as usize).unwrap_or_default()
    }

    /// Where a range of what was judged stands.
    pub fn location(&self, path: &Arc<str>, span: Span) -> Location {
        let place = |offset| self.lines.position(&self.judged, offset);
        let (start, end) = (place(span.start), place(span.end));
        let path = Arc::clone(path);
        let Some(cells) = &self.notebook else {
            return Location { path, start, end, bytes: (span.start, span.end), cell: None };
        };
        let bytes = cells.notebook.in_file(&cells.json, span.start, span.end);
        let in_file = |offset| cells.lines.position(&cells.json, offset);
        let cell = cells.notebook.cell_at(span.start).map(|(number, range)| {
            let first = place(range.start).line;
            let within = |position: Position| Position { line: position.line - first + 1, ..position };
            CellRange { number, start: within(start), end: within(end.min(place(range.end)).max(start)) }
        });
        Location { path, start: in_file(bytes.0), end: in_file(bytes.1), bytes, cell }
    }

    /// The lines around a range, without secrets; of a notebook those of its cell.
    pub fn excerpt(&self, span: Span) -> Excerpt {
        let mut whole = excerpt(self.shown(), &self.lines, span.start, span.end);
        if self.shown.is_some() {
            (whole.text, whole.marked) = starred(&whole.text, whole.marked);
        }
        match self.notebook.as_ref().and_then(|cells| cells.notebook.cell_at(span.start)) {
            Some((_, range)) => clipped(&whole, self.line(range.start), self.line(range.end)),
            None => whole,
        }
    }

    /// Keeps secrets out of what is shown.
    pub fn hide(&mut self, secrets: &[Secret]) {
        if !secrets.is_empty() {
            self.masks = Masks::new(&self.judged, secrets);
            self.shown = Some(self.masks.code(&self.judged));
        }
    }

    /// What may be shown: as many bytes as were judged, in the same places.
    fn shown(&self) -> &str {
        self.shown.as_ref().unwrap_or(&self.judged)
    }

    /// GitHub's hashes of lines of the file, but none that covers a secret: it would be a way to guess it, and whoever
    /// uploads the report has the code.
    pub fn line_hashes(&self, lines: &[u32]) -> Vec<String> {
        let mut hashes = line_hashes(&self.raw, lines);
        let Some(shown) = &self.shown else { return hashes };
        let real = if self.raw == self.judged.as_bytes() {
            hashes.clone()
        } else {
            line_hashes(self.judged.as_bytes(), lines)
        };
        let told = line_hashes(shown.as_bytes(), lines);
        for (hash, (real, told)) in hashes.iter_mut().zip(real.iter().zip(&told)) {
            // The lines of a notebook are not those of its code.
            if real != told || self.notebook.is_some() {
                hash.clear();
            }
        }
        hashes
    }
}

/// What of an excerpt lies within the lines `first` to `last`, numbered from `first` on.
fn clipped(whole: &Excerpt, first: u32, last: u32) -> Excerpt {
    let index = LineIndex::new(&whole.text);
    let above = first.saturating_sub(whole.first_line);
    let from = index.line_range(above + 1).map_or(0, |range| range.start);
    let last = last.max(first) + 1 - whole.first_line;
    let to = index.line_range(last).map_or(whole.text.len(), |range| range.end).max(from);
    let mark = |offset: usize| offset.clamp(from, to) - from;
    Excerpt {
        first_line: whole.first_line + above - first + 1,
        text: whole.text.get(from..to).unwrap_or_default().to_owned(),
        marked: (mark(whole.marked.0), mark(whole.marked.1)),
    }
}
