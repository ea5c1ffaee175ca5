//! The rules: one file a family, the table first, then the judges it names. A rule is one literal here and one
//! fixture of the same name in `tests/rules/<family>/`; nothing else is edited by hand.
//!
//! How rules meet facts is in [`dispatch`]; nothing else here knows it.

pub mod dispatch;
pub mod examples;

mod access;
mod archive;
mod change;
mod code;
mod command;
mod crypto;
mod deserialization;
mod download;
mod errors;
mod files;
mod flows;
mod handlers;
mod html;
mod jwt;
mod logs;
mod network;
mod overlap;
mod ownership;
mod regex;
mod rest;
mod secrets;
mod sessions;
mod settings;
mod sql;
mod suppression;
mod syntax;
mod tls;
mod whole;
mod xml;

use std::collections::HashMap;
use std::sync::LazyLock;

pub(crate) use self::secrets::secrets_in_lines;
use crate::rule::Rule;

/// The families: name and table, by name.
const FAMILIES: &[(&str, &[Rule])] = &[
    ("access", access::RULES),
    ("archive", archive::RULES),
    ("change", change::RULES),
    ("code", code::RULES),
    ("command", command::RULES),
    ("crypto", crypto::RULES),
    ("deserialization", deserialization::RULES),
    ("download", download::RULES),
    ("errors", errors::RULES),
    ("files", files::RULES),
    ("flows", flows::RULES),
    ("html", html::RULES),
    ("jwt", jwt::RULES),
    ("logs", logs::RULES),
    ("network", network::RULES),
    ("ownership", ownership::RULES),
    ("regex", regex::RULES),
    ("rest", rest::RULES),
    ("secrets", secrets::RULES),
    ("sessions", sessions::RULES),
    ("settings", settings::RULES),
    ("sql", sql::RULES),
    ("suppression", suppression::RULES),
    ("syntax", syntax::RULES),
    ("tls", tls::RULES),
    ("xml", xml::RULES),
];

/// Every rule with its family, by family and as the tables list them.
pub fn all() -> impl Iterator<Item = (&'static str, &'static Rule)> {
    FAMILIES.iter().flat_map(|(family, rules)| rules.iter().map(|rule| (*family, rule)))
}

/// The rules that find secrets. They are judged in every run, since reports must not show what they find.
pub fn keeping_secrets() -> impl Iterator<Item = &'static Rule> {
    secrets::RULES.iter()
}

/// The rule of a name or alias.
pub fn find(name: &str) -> Option<&'static Rule> {
    all().map(|(_, rule)| rule).find(|rule| rule.is_named(name))
}

/// The ids of flows, by the names of their rules.
static FLOWS: LazyLock<HashMap<&'static str, String>> =
    LazyLock::new(|| all().map(|(_, rule)| (rule.name, format!("{}/flow", rule.name))).collect());

/// The id of a flow into what a rule minds.
pub fn flow_id(rule: &'static Rule) -> &'static str {
    FLOWS.get(rule.name).map_or(rule.name, String::as_str)
}
