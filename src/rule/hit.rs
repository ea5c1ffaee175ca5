//! What a judge answers.

use crate::facts::{Anchor, Span};
use crate::finding::{Confidence, Severity};
use crate::project::FileId;
use crate::taint::Step;

/// A finding in the making. What it leaves open is taken from the rule.
#[derive(Clone, Debug, Default)]
pub struct Hit {
    /// Where, if not the whole of what was judged.
    pub span: Option<Span>,
    /// What is wrong, if the rule's message does not say it well enough. One sentence without a full stop.
    pub message: Option<String>,
    /// Another confidence than the rule's.
    pub confidence: Option<Confidence>,
    /// Another severity than the rule's, where context shifts it.
    pub severity: Option<Severity>,
    /// The code that it is about, if not what was judged; a rule about the project says it.
    pub anchor: Option<Anchor>,
    /// Other places that matter, with a sentence each.
    pub related: Vec<(FileId, Span, String)>,
    /// The way that data takes to it, from its source on.
    pub flow: Vec<Step>,
    /// What no report may show.
    pub secrets: Vec<Secret>,
}

/// A text that no report may show, and no hash may give away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secret {
    /// The constant that it stands in.
    pub span: Span,
    /// The part of the constant's text that is secret; all of it where there is none.
    pub part: Option<String>,
}

/// How a secret is shown: the ends of a long one tell which it is, of a short one they would tell too much.
pub fn abbreviated(secret: &str) -> String {
    let ends =
        shows_ends(secret).then(|| Some((secret.get(..4)?, secret.get(secret.len() - 4..)?))).flatten();
    ends.map_or_else(|| "…".to_owned(), |(head, tail)| format!("{head}…{tail}"))
}

/// Whether a secret is so long that its first and last four characters may be shown.
pub fn shows_ends(secret: &str) -> bool {
    secret.len() >= 20 && secret.is_ascii()
}

impl Hit {
    /// A hit on the whole of what was judged, as the rule says it.
    #[allow(clippy::unnecessary_wraps)]
    pub fn here() -> Hit {
        Hit::default()
    }

    /// A hit on a part of it.
    pub fn at(span: Span) -> Hit {
        Hit { span: Some(span), ..Hit::default() }
    }

    /// Says it in other words than the rule.
    #[must_use]
    pub fn says(self, message: impl Into<String>) -> Hit {
        Hit { message: Some(message.into()), ..self }
    }

    /// Is as sure as this.
    #[must_use]
    pub fn confidence(self, confidence: Confidence) -> Hit {
        Hit { confidence: Some(confidence), ..self }
    }

    /// Is as bad as this.
    #[must_use]
    pub fn severity(self, severity: Severity) -> Hit {
        Hit { severity: Some(severity), ..self }
    }

    /// Is about this code, for telling it from other hits of the rule in later runs.
    #[must_use]
    pub fn anchor(self, anchor: Anchor) -> Hit {
        Hit { anchor: Some(anchor), ..self }
    }

    /// Keeps a constant out of every report.
    #[must_use]
    pub fn hides(self, constant: Span) -> Hit {
        self.hides_part(constant, None)
    }

    /// Keeps a part of the text of a constant out of every report, or all of it.
    #[must_use]
    pub fn hides_part(mut self, constant: Span, part: Option<String>) -> Hit {
        self.secrets.push(Secret { span: constant, part });
        self
    }

    /// Points to another place.
    #[must_use]
    pub fn beside(mut self, file: FileId, span: Span, message: impl Into<String>) -> Hit {
        self.related.push((file, span, message.into()));
        self
    }
}
