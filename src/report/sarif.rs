//! SARIF 2.1.0, for code scanning, editors and other tools. The only file that knows `serde-sarif`.
//!
//! The log is written as it is made, one result at a time, so that its size costs no memory. It keeps the limits
//! of GitHub's upload and says what it left out because of them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use rustc_hash::FxHashMap;
use serde_json::{Value, json};
use serde_sarif::sarif::{
    ArtifactContent, ArtifactLocation, CodeFlow, Invocation, Location as SarifLocation, LogicalLocation,
    Message, MultiformatMessageString, Notification, PhysicalLocation, PropertyBag, Region,
    ReportingConfiguration, ReportingDescriptor, ReportingDescriptorReference,
    ReportingDescriptorRelationship, Result as SarifResult, ResultLevel, RunAutomationDetails, Suppression,
    ThreadFlow, ThreadFlowLocation, Tool, ToolComponent, ToolComponentReference,
};

use super::{FLOW_SUFFIX, Report, TOOL, TOOL_VERSION, WriteOutcome, escape, sarif_text as text};
use crate::finding::{Confidence, Excerpt, Finding, Location, Notice, NoticeKind, Severity, Step};
use crate::rule::Rule;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";
/// Results that GitHub takes in one run.
const RESULTS: usize = 25_000;
/// Results that GitHub shows; above that their order matters, and the worst come first.
const RESULTS_SHOWN: usize = 5_000;
/// Steps of one flow that GitHub shows.
const STEPS: usize = 1_000;
/// Places of one result that GitHub shows.
const RELATED: usize = 100;
/// Related places that the message links to; GitHub shows no others.
const LINKED: usize = 3;
/// Characters that GitHub takes in a rule's descriptions.
const DESCRIPTION: usize = 1_024;
/// Tags of one rule that GitHub shows.
const TAGS: usize = 10;

/// What a SARIF log holds beside the findings.
#[derive(Clone, Debug, Default)]
pub struct SarifOptions {
    /// Whether suppressed and known findings are written, with `suppressions`. GitHub shows them as open.
    pub include_suppressed: bool,
    /// Whether the findings were compared with known ones, so that each has a `baselineState` where all are written.
    pub compared: bool,
    /// Tells apart the logs of several runs over one commit. GitHub's action sets its own where this is none,
    /// and cannot where it is given.
    pub category: Option<String>,
}

/// Writes the log.
pub fn write(report: &Report<'_>, options: &SarifOptions, out: &mut dyn Write) -> io::Result<WriteOutcome> {
    let (findings, left_out) = choose(report, options);
    let cut = findings.iter().filter(|finding| finding.flow.len() > STEPS || finding.related.len() > RELATED);
    let notes = left_out_notes(left_out, cut.count());
    let rules = RuleIndex::new(report, &findings);

    write!(out, "{{\n\"$schema\":\"{SCHEMA}\",\n\"version\":\"2.1.0\",\n\"runs\":[{{\n\"tool\":")?;
    escape::json(&tool(&rules, report.notices, &notes), out)?;
    if let Some(category) = &options.category {
        let id = format!("{}/", category.trim_end_matches('/'));
        member("automationDetails", &RunAutomationDetails::builder().id(id).build(), out)?;
    }
    member("columnKind", "utf16CodeUnits", out)?;
    let root = json!({"%SRCROOT%": {"description": {"text": "The root of the repository."}}});
    member("originalUriBaseIds", &root, out)?;
    if !rules.weaknesses.is_empty() {
        member("taxonomies", &[taxonomy(&rules.weaknesses)], out)?;
    }
    let notices = report.notices.iter().map(notification).chain(notes);
    let invocation = Invocation::builder()
        .execution_successful(true)
        .tool_execution_notifications(notices.collect::<Vec<_>>())
        .build();
    member("invocations", &[invocation], out)?;
    out.write_all(b",\n\"results\":")?;
    escape::json_lines(findings.iter().map(|finding| result(finding, &rules, options)), out)?;
    out.write_all(b"\n}]\n}\n")?;
    Ok(WriteOutcome { left_out })
}

fn member<T: serde::Serialize + ?Sized>(name: &str, value: &T, out: &mut dyn Write) -> io::Result<()> {
    write!(out, ",\n\"{name}\":")?;
    escape::json(value, out)
}

/// The findings to write, and how many were left out, the mildest first.
fn choose<'a>(report: &Report<'a>, options: &SarifOptions) -> (Vec<&'a Finding>, usize) {
    let wanted = |finding: &&Finding| options.include_suppressed || finding.counts();
    let mut findings: Vec<&Finding> = report.findings.iter().filter(wanted).collect();
    if findings.len() > RESULTS_SHOWN {
        findings.sort_by_key(|finding| {
            (!finding.counts(), std::cmp::Reverse((finding.severity, finding.confidence)))
        });
    }
    let left_out = findings.len().saturating_sub(RESULTS);
    findings.truncate(RESULTS);
    (findings, left_out)
}

/// What of the report is missing from the log.
fn left_out_notes(results: usize, shortened: usize) -> Vec<Notification> {
    let note = |id: &str, text: String| {
        Notification::builder()
            .descriptor(ReportingDescriptorReference::builder().id(id).build())
            .level("warning")
            .message(Message::builder().text(text).build())
            .build()
    };
    let mut notes = Vec::new();
    if results > 0 {
        let text = format!("{results} results, the mildest, are left out: a run holds at most {RESULTS}.");
        notes.push(note("results-left-out", text));
    }
    if shortened > 0 {
        let text = format!("{shortened} results have more steps or related places than a log may hold.");
        notes.push(note("results-shortened", text));
    }
    notes
}

/// The rules that fired, by id, and the weaknesses behind them.
struct RuleIndex {
    /// Id and rule, sorted by id.
    rules: Vec<(&'static str, Option<&'static Rule>)>,
    index: FxHashMap<&'static str, i64>,
    /// CWE numbers in ascending order.
    weaknesses: Vec<u16>,
}

impl RuleIndex {
    fn new(report: &Report<'_>, findings: &[&Finding]) -> RuleIndex {
        let mut ids: Vec<&'static str> = findings.iter().map(|finding| finding.rule).collect();
        ids.sort_unstable();
        ids.dedup();
        let rules: Vec<_> = ids.iter().map(|id| (*id, report.rule(id))).collect();
        let numbers = rules.iter().filter_map(|(_, rule)| *rule).flat_map(|rule| rule.cwe.iter().copied());
        let mut weaknesses: Vec<u16> = numbers.collect();
        weaknesses.sort_unstable();
        weaknesses.dedup();
        let index = ids.into_iter().zip(0..).collect();
        RuleIndex { rules, index, weaknesses }
    }
}

fn tool(rules: &RuleIndex, notices: &[Notice], notes: &[Notification]) -> Tool {
    let said = notes.iter().filter_map(|note| note.descriptor.as_ref()?.id.as_deref());
    let mut ids: Vec<&str> = notices.iter().map(|notice| notice.id).chain(said).collect();
    ids.sort_unstable();
    ids.dedup();
    let descriptors: Vec<_> = ids.into_iter().map(notification_descriptor).collect();
    let cwe = ToolComponentReference::builder().name("CWE").index(0).build();
    let mut driver = ToolComponent::builder()
        .name(TOOL)
        .semantic_version(TOOL_VERSION)
        .information_uri(text::tool_page())
        .rules(rules.rules.iter().map(|(id, rule)| descriptor(id, *rule, rules)).collect::<Vec<_>>())
        .notifications(descriptors)
        .build();
    if !rules.weaknesses.is_empty() {
        driver.supported_taxonomies = Some(vec![cwe]);
    }
    Tool::builder().driver(driver).build()
}

fn notification_descriptor(id: &str) -> ReportingDescriptor {
    let what = text::sentence(&id.replace('-', " "));
    let full = "Something about the run, not about the code. As a warning: something was not judged.";
    ReportingDescriptor::builder()
        .id(id)
        .name(text::pascal_case(id))
        .short_description(multiformat(what))
        .full_description(multiformat(full.to_owned()))
        .help(multiformat("The notification says what happened and what to do.".to_owned()))
        .build()
}

fn descriptor(id: &str, rule: Option<&'static Rule>, rules: &RuleIndex) -> ReportingDescriptor {
    let mut descriptor = ReportingDescriptor::builder().id(id).name(text::pascal_case(id)).build();
    let Some(rule) = rule else { return descriptor };
    let is_flow = id.ends_with(FLOW_SUFFIX);
    let severity = rule.flow.filter(|_| is_flow).unwrap_or(rule.severity);
    let (plain, markdown) = text::help(rule);
    let help = MultiformatMessageString::builder().text(plain).markdown(markdown).build();

    descriptor.short_description = Some(multiformat(text::cut(&text::title(rule, is_flow), DESCRIPTION)));
    descriptor.full_description = Some(multiformat(text::cut(&text::sentence(rule.why), DESCRIPTION)));
    descriptor.help = Some(help);
    descriptor.help_uri = text::rule_page(rule);
    descriptor.default_configuration =
        Some(ReportingConfiguration::builder().level(level(severity).to_string()).build());
    descriptor.properties = Some(rule_properties(rule, severity));
    if !rule.cwe.is_empty() {
        descriptor.relationships = Some(rule.cwe.iter().map(|cwe| relationship(*cwe, rules)).collect());
    }
    descriptor
}

fn rule_properties(rule: &Rule, severity: Severity) -> PropertyBag {
    let weaknesses = rule.cwe.iter().map(|number| format!("external/cwe/cwe-{number:03}"));
    let tags: Vec<String> = ["security".to_owned()].into_iter().chain(weaknesses).take(TAGS).collect();
    let mut properties = BTreeMap::from([
        ("precision".to_owned(), Value::from(precision(rule.confidence))),
        ("problem.severity".to_owned(), Value::from(problem_severity(severity))),
    ]);
    if let Some(score) = score(severity) {
        properties.insert("security-severity".to_owned(), Value::from(score));
    }
    PropertyBag::builder().tags(tags).additional_properties(properties).build()
}

/// The place within GitHub's bands, off their edges.
fn score(severity: Severity) -> Option<&'static str> {
    match severity {
        Severity::Critical => Some("9.5"),
        Severity::High => Some("8.0"),
        Severity::Medium => Some("5.5"),
        Severity::Low => Some("2.5"),
        Severity::Info => None,
    }
}

fn precision(confidence: Confidence) -> &'static str {
    confidence.name()
}

fn level(severity: Severity) -> ResultLevel {
    match severity {
        Severity::Critical | Severity::High => ResultLevel::Error,
        Severity::Medium => ResultLevel::Warning,
        Severity::Low | Severity::Info => ResultLevel::Note,
    }
}

fn problem_severity(severity: Severity) -> &'static str {
    match level(severity) {
        ResultLevel::Error => "error",
        ResultLevel::Warning => "warning",
        ResultLevel::Note | ResultLevel::None => "recommendation",
    }
}

fn relationship(cwe: u16, rules: &RuleIndex) -> ReportingDescriptorRelationship {
    let component = ToolComponentReference::builder().name("CWE").index(0).build();
    let index = rules.weaknesses.binary_search(&cwe).ok().and_then(|index| i64::try_from(index).ok());
    let target = ReportingDescriptorReference::builder()
        .id(format!("CWE-{cwe}"))
        .index(index.unwrap_or(-1))
        .tool_component(component)
        .build();
    ReportingDescriptorRelationship::builder().target(target).kinds(vec!["superset".to_owned()]).build()
}

fn taxonomy(weaknesses: &[u16]) -> ToolComponent {
    let taxon = |number: &u16| {
        ReportingDescriptor::builder()
            .id(format!("CWE-{number}"))
            .help_uri(text::cwe_page(*number))
            .short_description(multiformat(format!("Common weakness {number}.")))
            .build()
    };
    ToolComponent::builder()
        .name("CWE")
        .organization("MITRE")
        .information_uri("https://cwe.mitre.org/")
        .short_description(multiformat("The MITRE Common Weakness Enumeration.".to_owned()))
        .is_comprehensive(false)
        .taxa(weaknesses.iter().map(taxon).collect::<Vec<_>>())
        .build()
}

fn notification(notice: &Notice) -> Notification {
    let level = match notice.kind {
        NoticeKind::Incomplete => "warning",
        NoticeKind::Lossless => "note",
    };
    let mut notification = Notification::builder()
        .descriptor(ReportingDescriptorReference::builder().id(notice.id).build())
        .level(level)
        .message(plain(text::message(&notice.message)))
        .build();
    if let Some(path) = &notice.path {
        let mut place = PhysicalLocation::builder().artifact_location(artifact(path)).build();
        place.region = notice.line.map(|line| Region::builder().start_line(line).build());
        notification.locations = Some(vec![SarifLocation::builder().physical_location(place).build()]);
    }
    notification
}

fn result(finding: &Finding, rules: &RuleIndex, options: &SarifOptions) -> SarifResult {
    let mut place = physical(&finding.location);
    add_excerpt(&mut place, &finding.location, &finding.excerpt);
    let mut location = SarifLocation::builder().physical_location(place).build();
    let scope = Some(finding.scope.clone()).filter(|scope| !scope.is_empty());
    let cell = finding.location.cell.map(|cell| format!("cell {}, line {}", cell.number, cell.start.line));
    let logical: Vec<LogicalLocation> = cell
        .into_iter()
        .chain(scope)
        .map(|name| LogicalLocation::builder().fully_qualified_name(name).build())
        .collect();
    location.logical_locations = Some(logical).filter(|logical| !logical.is_empty());
    let properties = BTreeMap::from([
        ("severity".to_owned(), Value::from(finding.severity.name())),
        ("confidence".to_owned(), Value::from(finding.confidence.name())),
    ]);
    let mut result = SarifResult::builder()
        .rule_id(finding.rule)
        .level(level(finding.severity))
        .message(plain(message(finding)))
        .locations(vec![location])
        .partial_fingerprints(fingerprints(finding))
        .properties(PropertyBag::builder().additional_properties(properties).build())
        .build();
    result.rule_index = rules.index.get(finding.rule).copied();
    if !finding.related.is_empty() {
        let related = (1..).zip(finding.related.iter().take(RELATED));
        result.related_locations = Some(related.map(|(id, step)| step_location(step, Some(id))).collect());
    }
    if !finding.flow.is_empty() {
        result.code_flows = Some(vec![code_flow(&finding.flow)]);
    }
    if options.include_suppressed {
        let in_source = finding.suppression.iter().map(|reason| suppression("inSource", reason));
        let external = finding.known.iter().map(|reason| suppression("external", reason));
        result.suppressions = Some(in_source.chain(external).collect());
        let state = if finding.known.is_some() { "unchanged" } else { "new" };
        result.baseline_state = options.compared.then(|| state.into());
    }
    result
}

/// What is wrong, and links to the first related places.
fn message(finding: &Finding) -> String {
    let mut message = text::message(&finding.message);
    for (id, step) in (1..).zip(finding.related.iter().take(LINKED)) {
        let _ = write!(message, " See [{}]({id}).", text::link(&step.message));
    }
    message
}

fn fingerprints(finding: &Finding) -> BTreeMap<String, String> {
    let known = [("primaryLocationLineHash", &finding.line_hash), ("backendAudit/v1", &finding.fingerprint)];
    let known = known.into_iter().filter(|(_, value)| !value.is_empty());
    known.map(|(key, value)| (key.to_owned(), value.clone())).collect()
}

fn suppression(kind: &str, suppression: &crate::finding::Suppression) -> Suppression {
    let mut written = Suppression::builder().kind(kind).build();
    written.justification.clone_from(&suppression.reason);
    written
}

/// The path from source to sink; of one that is too long its ends.
fn code_flow(steps: &[Step]) -> CodeFlow {
    let skipped = steps.len().saturating_sub(STEPS);
    let (head, tail) =
        if skipped > 0 { (STEPS / 2, STEPS / 2 + skipped) } else { (steps.len(), steps.len()) };
    let kept = steps.iter().take(head).chain(steps.iter().skip(tail));
    let locations: Vec<_> =
        kept.map(|step| ThreadFlowLocation::builder().location(step_location(step, None)).build()).collect();
    let thread = ThreadFlow::builder().locations(locations).build();
    CodeFlow::builder().thread_flows(vec![thread]).build()
}

fn step_location(step: &Step, id: Option<i64>) -> SarifLocation {
    let mut location = SarifLocation::builder()
        .physical_location(physical(&step.location))
        .message(plain(text::message(&step.message)))
        .build();
    location.id = id;
    location
}

fn physical(location: &Location) -> PhysicalLocation {
    let (start, end) = (location.start, location.end.max(location.start));
    let region = Region::builder()
        .start_line(start.line)
        .start_column(start.utf16_column)
        .end_line(end.line)
        .end_column(end.utf16_column)
        .build();
    PhysicalLocation::builder().artifact_location(artifact(&location.path)).region(region).build()
}

fn artifact(path: &str) -> ArtifactLocation {
    let mut artifact = ArtifactLocation::builder().uri(text::uri(path)).build();
    if !path.starts_with('/') {
        artifact.uri_base_id = Some("%SRCROOT%".to_owned());
    }
    artifact
}

/// The marked text, and the lines around it where the window holds all of the finding.
fn add_excerpt(place: &mut PhysicalLocation, location: &Location, excerpt: &Excerpt) {
    // The code of a notebook is not as it stands in the file, which is JSON.
    if excerpt.first_line == 0 || location.cell.is_some() {
        return;
    }
    let (start, end) = excerpt.marked;
    let marked = excerpt.text.get(start..end).filter(|marked| !marked.is_empty());
    if let (Some(region), Some(marked)) = (&mut place.region, marked) {
        region.snippet = Some(content(marked));
    }
    let last_line = excerpt.first_line + lines(&excerpt.text).saturating_sub(1);
    if excerpt.first_line <= location.start.line && location.end.line <= last_line {
        let window = Region::builder()
            .start_line(excerpt.first_line)
            .end_line(last_line)
            .snippet(content(&excerpt.text));
        place.context_region = Some(window.build());
    }
}

/// How many lines a text has; a line end at its end begins none.
fn lines(text: &str) -> u32 {
    let text = text.strip_suffix('\n').unwrap_or(text);
    let text = text.strip_suffix('\r').unwrap_or(text);
    let alone = text.matches('\r').count() - text.matches("\r\n").count();
    (text.matches('\n').count() + alone + 1) as u32
}

fn content(text: &str) -> ArtifactContent {
    ArtifactContent::builder().text(text).build()
}

fn plain(text: String) -> Message {
    Message::builder().text(text).build()
}

fn multiformat(text: String) -> MultiformatMessageString {
    MultiformatMessageString::builder().text(text).build()
}
