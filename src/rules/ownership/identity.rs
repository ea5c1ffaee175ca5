//! Which expressions say who is calling, and on whose behalf.

use super::frame::{Frame, given};
use super::names::{is_current, is_who, tells_who};
use crate::facts::{Arguments, Name, Value, ValueId};

/// What every request has. Anything else was put there by who checked the caller: `request.user`, `request.tenant`.
const PLAIN: &[&str] = &[
    "method",
    "GET",
    "POST",
    "args",
    "form",
    "json",
    "data",
    "query_params",
    "body",
    "headers",
    "META",
    "COOKIES",
    "cookies",
    "FILES",
    "files",
    "path",
    "path_params",
    "url",
    "values",
    "view_args",
    "match_info",
    "rel_url",
    "query",
    "content_type",
    "get_json",
    "get_data",
    "is_ajax",
    "build_absolute_uri",
    "remote_addr",
    "client",
    "host",
    "app",
    "scheme",
    "stream",
    "forms",
    "params",
    "get_full_path",
    "path_info",
    "resolver_match",
    "encoding",
    "LANGUAGE_CODE",
    "is_secure",
    "get_host",
    "base_url",
    "url_root",
    "endpoint",
    "blueprint",
    "user_agent",
    "environ",
    "raw",
    "text",
    "read",
    "post",
    "charset",
    "protocol",
    "arguments",
    "accepted_renderer",
    "version",
    "query_string",
    "referrer",
    "htmx",
    "is_json",
    "mimetype",
    "content_length",
    "url_rule",
    "full_path",
    "url_for",
    "is_disconnected",
    "scope",
    "receive",
    "send",
    "id",
    "ip",
    "port",
    "token",
    "config",
    "conn_info",
    "uri",
    "connection",
    "remote",
    "session_interface",
    "content",
    "has_body",
    "parsers",
    "authenticators",
    "successful_authenticator",
    "parser_context",
    "accepted_media_type",
    "site",
    "request",
    "response",
    "view",
    "is_preview",
    "urlconf",
    "upload_handlers",
    "csp_nonce",
    "limiter",
    "cache",
    "loop",
    "transport",
    "writer",
    "finish",
    "write",
    "db",
    "dbsession",
    "registry",
    "matchdict",
    "context",
    "root",
    "traversed",
    "POST_data",
    "dispatcher",
    "timezone",
    "locale",
    "language",
    "is_bot",
    "is_mobile",
    "get",
    "pop",
    "setdefault",
    "keys",
    "items",
    "setattr",
];
/// What is asked of who is calling without a decision: his id, his name.
const PARTS: &[&str] = &[
    "get",
    "get_id",
    "_get_current_object",
    "pop",
    "copy",
    "get_username",
    "get_full_name",
    "strip",
    "lower",
    "getlist",
    "first",
];
const CASTS: &[&str] = &["int", "str", "UUID", "ObjectId", "PydanticObjectId", "cast"];

impl<'p> Frame<'p> {
    /// Whether an expression is who is calling, or a part of that: `current_user.id`, `session["user_id"]`.
    pub fn is_known(&self, value: ValueId) -> bool {
        match self.site.value(value) {
            Value::Name(name, binding) => self.is_known_name(name, binding),
            Value::Attribute(object, name) => self.is_known(object) || self.is_known_attribute(object, name),
            Value::Item(object, key) => {
                self.is_known(object) || self.is_session(object) || self.is_put(object, key)
            }
            Value::Call(callee, arguments) => self.is_known_call(callee, arguments),
            Value::Await(inner) | Value::Assigned(_, inner) => self.is_known(inner),
            Value::Boolean(false, items) => items.get(0).is_some_and(|first| self.is_known(first)),
            _ => false,
        }
    }

    fn is_known_name(&self, name: Name, binding: Option<crate::facts::BindingId>) -> bool {
        match binding {
            Some(binding) if self.known.contains(&binding) => true,
            Some(binding) if self.asked.contains(&binding) => false,
            _ => is_current(self.site.module.text(name)),
        }
    }

    fn is_known_attribute(&self, object: ValueId, name: Name) -> bool {
        let name = self.site.module.text(name);
        match self.site.last_segment(object) {
            Some("g" | "self" | "cls") => is_who(name) || is_current(name),
            Some("state" | "ctx") => true,
            Some("context" | "info" | "websocket") => is_who(name),
            _ => self.is_request(object) && !PLAIN.contains(&name) && !name.starts_with("get_"),
        }
    }

    /// The session of a framework, which its user has no hand in: `session`, `request.session`.
    fn is_session(&self, value: ValueId) -> bool {
        let Value::Name(name, _) = self.site.value(value) else { return false };
        self.site.module.text(name) == "session"
            && self.site.is_any(value, &["flask.session", "quart.session", "flask.globals.session"])
    }

    /// `request["user"]`, `request.scope["user"]`.
    fn is_put(&self, object: ValueId, key: ValueId) -> bool {
        let Value::Str(key) = self.site.value(key) else { return false };
        let is_place = self.is_request(object) || self.site.last_segment(object) == Some("scope");
        is_place && is_who(self.site.module.text(key))
    }

    fn is_known_call(&self, callee: ValueId, arguments: Arguments<'p>) -> bool {
        let name = self.site.last_segment(callee).unwrap_or_default();
        let mut arguments = given(arguments);
        if let Value::Attribute(object, _) = self.site.value(callee)
            && (self.is_known(object) || self.is_session(object))
            && PARTS.contains(&name)
        {
            return true;
        }
        // `request.get("user")`
        if let Value::Attribute(object, _) = self.site.value(callee)
            && name == "get"
            && let Some(key) = arguments.next()
        {
            return self.is_put(object, key);
        }
        if CASTS.contains(&name) {
            return arguments.any(|argument| self.is_known(argument));
        }
        if name == "getattr" {
            let (object, key) = (arguments.next(), arguments.next());
            let (Some(object), Some(key)) = (object, key) else { return false };
            let Value::Str(key) = self.site.value(key) else { return false };
            return self.is_known(object) || self.is_known_attribute(object, key);
        }
        // `get_jwt_identity()`, but not `get_user(user_id)`.
        tells_who(name) && !arguments.any(|argument| self.mentions_asked(argument))
    }
}
