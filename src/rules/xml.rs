//! XML parsers that expand what the document tells them to.

use crate::facts::{Value, ValueId, hash_text};
use crate::finding::{Confidence, Severity};
use crate::models::Kind;
use crate::project::Project;
use crate::rule::{Call, Fact, FactKind, Hit, IMPORTERS, On, Origin, Preset, Rule, Site};

/// Parsers of lxml, and what makes them.
const LXML: &[&str] = &[
    "lxml.etree.XMLParser",
    "lxml.etree.XMLPullParser",
    "lxml.etree.ETCompatXMLParser",
    "lxml.etree.iterparse",
    "lxml.objectify.makeparser",
];

/// What reads a document, with the parser as the second argument.
const LXML_READERS: &[&str] = &[
    "lxml.etree.parse",
    "lxml.etree.fromstring",
    "lxml.etree.fromstringlist",
    "lxml.etree.XML",
    "lxml.etree.XMLID",
    "lxml.objectify.parse",
    "lxml.objectify.fromstring",
    "lxml.objectify.XML",
];

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "xml-external-entities",
        aliases: &[],
        preset: Preset::Gate,
        severity: Severity::High,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[611],
        message: "`{call}` makes the parser read files and addresses that the document names",
        why: "An external entity puts the content of a local file, or of a server that only this machine reaches, into \
              the document.",
        help: "leave external entities, DTD loading and network access off",
        on: On::Any(&[On::Call(LXML, external_entities), On::Call(&["?.setFeature"], external_feature)]),
    },
    Rule {
        name: "xml-default-entities",
        aliases: &[],
        preset: Preset::Gate,
        severity: Severity::Low,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[611, 776],
        message: "`{call}` reads files that the document names, where lxml is older than 5.0",
        why: "Before 5.0 lxml resolves external entities unless told otherwise, and no setting of the installed version \
              is seen here.",
        help: "pass `resolve_entities=False` to the parser, or ask for lxml 5 or later",
        on: On::Any(&[On::Call(LXML, default_parser), On::Call(LXML_READERS, without_parser)]),
    },
    Rule {
        name: "xml-parser",
        aliases: &[
            "B313", "B314", "B315", "B316", "B317", "B318", "B319", "B411", "S313", "S314", "S315", "S316",
            "S317", "S318", "S319", "S411",
        ],
        preset: Preset::Review,
        severity: Severity::Low,
        flow: Some(Severity::Medium),
        confidence: Confidence::Medium,
        cwe: &[776, 20],
        message: "`{call}` expands entities without a limit",
        why: "A document of a kilobyte can expand to gigabytes where the installed expat is older than 2.4.1.",
        help: "parse documents of strangers with `defusedxml`",
        on: On::Any(&[
            On::Sink(Kind::Xml, &["xml", "xmlrpc"], strange_document),
            On::Call(LXML, lifted_limits),
            On::Call(&["xmltodict.parse"], enabled_entities),
        ]),
    },
    Rule {
        name: "xml-import",
        aliases: &["B405", "B406", "B407", "B408", "B409", "S405", "S406", "S407", "S408", "S409"],
        preset: Preset::Review,
        severity: Severity::Low,
        flow: None,
        confidence: Confidence::High,
        cwe: &[776, 20],
        message: "this file parses XML with the standard library",
        why: "It is the list of files to read first when a document of a client is parsed: the parsers expand \
              entities, with a bound only since expat 2.4.1.",
        help: "parse documents of strangers with `defusedxml`",
        on: On::Any(&[
            On::Fact(&[FactKind::Import], imports_parser),
            On::Call(IMPORTERS, |call| parses_xml(call.site, call.brings(PARSERS))),
        ]),
    },
    Rule {
        name: "xmlrpc-import",
        aliases: &["B411", "S411"],
        preset: Preset::Review,
        severity: Severity::Low,
        flow: None,
        confidence: Confidence::High,
        cwe: &[776, 20],
        message: "this file speaks XML-RPC",
        why: "Both sides parse the XML of the other, and an RPC server of the standard library answers everybody \
              who can reach it.",
        help: "patch the parser with `defusedxml.xmlrpc.monkey_patch`, or speak JSON",
        on: On::Any(&[
            On::Fact(&[FactKind::Import], |fact| speaks_xmlrpc(fact.site, fact.brings(XMLRPC))),
            On::Call(IMPORTERS, |call| speaks_xmlrpc(call.site, call.brings(XMLRPC))),
        ]),
    },
];

/// Parsers of the standard library.
const PARSERS: &[&str] = &[
    "xml.etree.ElementTree",
    "xml.etree.cElementTree",
    "xml.sax",
    "xml.dom.expatbuilder",
    "xml.dom.minidom",
    "xml.dom.pulldom",
    "xml.parsers.expat",
];

/// XML-RPC of the standard library.
const XMLRPC: &[&str] = &["xmlrpc", "xmlrpclib", "SimpleXMLRPCServer", "DocXMLRPCServer"];

/// What writes XML, and parses none.
const WRITERS: &[&str] = &[
    "xml.etree.ElementTree.Element",
    "xml.etree.ElementTree.SubElement",
    "xml.etree.ElementTree.ElementTree",
    "xml.etree.ElementTree.ParseError",
    "xml.etree.ElementTree.QName",
    "xml.etree.ElementTree.tostring",
    "xml.etree.ElementTree.indent",
    "xml.etree.ElementTree.register_namespace",
    "xml.dom.minidom.Document",
    "xml.dom.minidom.getDOMImplementation",
    "xml.parsers.expat.ExpatError",
    "xml.sax.saxutils",
    "xml.sax.SAXParseException",
    "xml.sax.SAXException",
    "xml.sax.handler",
];

/// Silent in tests, where `defusedxml` replaces the parsers, and on names of an import that only write XML.
fn parses_xml(site: Site<'_>, module: Option<&str>) -> Option<Hit> {
    let module = module.filter(|_| !site.is_test() && !is_defused(site.project, false))?;
    Some(Hit::here().says(format!("this file parses XML with the standard library: it imports `{module}`")))
}

fn imports_parser(fact: &Fact<'_>) -> Option<Hit> {
    let module = fact.brings_beside(PARSERS, WRITERS)?;
    parses_xml(fact.site, Some(module))
}

/// Silent in tests, and where `defusedxml` replaces the parser.
fn speaks_xmlrpc(site: Site<'_>, module: Option<&str>) -> Option<Hit> {
    module.filter(|_| !site.is_test() && !is_defused(site.project, true)).map(|_| Hit::here())
}

/// Whether a switch is on or off by a constant; `resolve_entities="internal"` is neither.
fn is_set(call: &Call<'_>, name: &str, wanted: bool) -> bool {
    let value = call.keyword_or_spread(name).and_then(|value| call.site.constant(value));
    value.is_some_and(|value| value.is_true() == wanted && value.as_int().is_some())
}

/// Only where the switch is on by a constant: lxml 5 has them off by default. `no_network=False` alone opens
/// nothing there; it did before, when entities were resolved by default.
fn external_entities(call: &Call<'_>) -> Option<Hit> {
    if call.site.is_test() {
        return None;
    }
    let network = is_set(call, "no_network", false);
    let entities = is_set(call, "resolve_entities", true);
    let dtd = is_set(call, "load_dtd", true) || is_set(call, "dtd_validation", true);
    match (network, entities || dtd) {
        (true, true) => Some(Hit::here().confidence(Confidence::High)),
        (false, true) => entities.then(Hit::here),
        (true, false) => {
            (!is_set(call, "resolve_entities", false)).then(|| Hit::here().confidence(Confidence::Low))
        }
        (false, false) => None,
    }
}

/// Only where a feature of SAX that follows external entities is set to a constant that is true.
fn external_feature(call: &Call<'_>) -> Option<Hit> {
    let site = call.site;
    let feature = call.argument(0, "name")?;
    let known = ["xml.sax.handler.feature_external_ges", "xml.sax.handler.feature_external_pes"];
    let external = site.is_any(feature, &known)
        || site
            .constant(feature)
            .is_some_and(|name| name.as_str().is_some_and(|name| name.contains("/features/external-")));
    let state = call.argument(1, "state").and_then(|value| site.constant(value));
    let on = state.is_some_and(|value| value.is_true());
    (external && on && !site.is_test()).then(|| Hit::here().confidence(Confidence::High))
}

/// Silent in tests, where entities are spoken of, and where [`external_entities`] speaks.
fn default_parser(call: &Call<'_>) -> Option<Hit> {
    let spoken = call.keyword_or_spread("resolve_entities").is_some()
        || call.has_spread()
        || is_set(call, "html", true);
    if spoken || call.site.is_test() || external_entities(call).is_some() {
        return None;
    }
    // What a parser reads that is made for one document of the program's own is judged at the document.
    if call.name() == "iterparse" && call.positional(0).is_some_and(|file| is_own(call.site, file)) {
        return None;
    }
    Some(Hit::here())
}

/// Silent in tests, with a parser, on constant texts, and on documents that come from the operator or the program itself.
fn without_parser(call: &Call<'_>) -> Option<Hit> {
    let document = call.positional(0).or_else(|| call.keyword("source")).or_else(|| call.keyword("text"))?;
    let given =
        call.argument(1, "parser").is_some_and(|parser| !matches!(call.site.value(parser), Value::None));
    (!given && !call.has_spread() && !call.site.is_test() && !is_own(call.site, document)).then(Hit::here)
}

/// A document that the program has written, or that its operator names.
fn is_own(site: Site<'_>, document: ValueId) -> bool {
    site.is_made_by(document, &["tostring", "tounicode", "toxml", "toprettyxml"])
        || site.text(document).is_constant()
        || site.origin(document) == Origin::Operator
}

/// `huge_tree`, and a DTD from a file of the machine; one from the network is the other rule's.
fn lifted_limits(call: &Call<'_>) -> Option<Hit> {
    if call.site.is_test() || external_entities(call).is_some() {
        return None;
    }
    if is_set(call, "load_dtd", true) || is_set(call, "dtd_validation", true) {
        return Some(
            Hit::here().says("this parser reads the DTD from any local file that the document names"),
        );
    }
    let huge = is_set(call, "huge_tree", true);
    huge.then(|| Hit::here().says("`huge_tree` lifts the limits on the depth and size of documents"))
}

/// `xmltodict` refuses entities unless told otherwise.
fn enabled_entities(call: &Call<'_>) -> Option<Hit> {
    (is_set(call, "disable_entities", false) && !call.site.is_test()).then(Hit::here)
}

/// Silent in tests, on constant text, on documents that the program has just written, with another parser given
/// (which is judged by itself), and where `defusedxml` replaces the parsers.
fn strange_document(call: &Call<'_>) -> Option<Hit> {
    let site = call.site;
    if site.is_test() || is_defused(site.project, call.path.starts_with("xmlrpc.")) {
        return None;
    }
    let from_text = matches!(call.name(), "fromstring" | "parseString" | "XML" | "XMLID" | "loads");
    let own = |document: ValueId| {
        site.is_made_by(document, &["tostring", "tounicode", "toxml", "toprettyxml", "dumps"])
            || from_text && site.text(document).is_constant()
    };
    if call.subject().is_some_and(own) {
        return None;
    }
    let parser = parser_given(call);
    match parser {
        Some(parser) if site.type_of(parser).is_some() => None,
        Some(_) => Some(Hit::here().confidence(Confidence::Low)),
        None => Some(Hit::here()),
    }
}

/// The parser that a function is given.
fn parser_given(call: &Call<'_>) -> Option<ValueId> {
    let position = match call.name() {
        "parse" | "fromstring" | "XML" | "XMLID" | "fromstringlist" | "parseString"
            if !call.path.contains(".sax.") =>
        {
            1
        }
        "iterparse" => 2,
        _ => return None,
    };
    let parser = call.argument(position, "parser")?;
    (!matches!(call.site.value(parser), Value::None)).then_some(parser)
}

/// Whether `defusedxml` replaces the parsers of the standard library, here or somewhere in the project.
fn is_defused(project: &Project, rpc: bool) -> bool {
    let name = if rpc { "monkey_patch" } else { "defuse_stdlib" };
    let hash = hash_text(name);
    project.files().any(|(_, file)| {
        let module = &file.module;
        let imports =
            module.imports().iter().any(|import| module.text(import.module).starts_with("defusedxml"));
        imports && module.names().contains_hash(hash)
    })
}
