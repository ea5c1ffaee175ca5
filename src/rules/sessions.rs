//! Cookies, and requests that other sites make browsers send.

mod cookies;
mod cors;
mod csrf;

use crate::finding::{Confidence, Severity};
use crate::models::Kind;
use crate::rule::{FactKind, On, Preset, Rule};

/// What puts a middleware around an application of Starlette, the class given.
const MIDDLEWARE: &[&str] = &[
    "?.add_middleware",
    "fastapi.FastAPI.add_middleware",
    "starlette.applications.Starlette.add_middleware",
    "starlette.middleware.Middleware",
];

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "insecure-cookie",
        aliases: &[],
        preset: Preset::Gate,
        severity: Severity::Medium,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[614, 1004, 1275],
        message: "this cookie is open to others than the site that sets it",
        why: "Without `Secure` it is sent over plain HTTP, without `HttpOnly` every script on the page reads it, and \
              without `SameSite` other sites have it sent along with their requests.",
        help: "set it with `secure=True`, `httponly=True` and `samesite=\"Lax\"`",
        on: On::Any(&[
            On::Sink(Kind::Cookie, &[], cookies::set),
            On::Fact(&[FactKind::Assign], cookies::morsel),
        ]),
    },
    Rule {
        name: "insecure-session-cookie",
        aliases: &[],
        preset: Preset::Gate,
        severity: Severity::Medium,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[614, 1004, 1275],
        message: "the cookie of the session is open to others than the site that sets it",
        why: "Who reads the cookie of a session is logged in as its owner.",
        help: "leave the protection on, or turn it off in the settings for development only",
        on: On::Any(&[
            On::Project(cookies::settings),
            On::Call(MIDDLEWARE, cookies::session_middleware),
            On::Call(&["starlette.middleware.sessions.SessionMiddleware"], cookies::session_middleware),
        ]),
    },
    Rule {
        name: "cors-any-origin-with-credentials",
        aliases: &["permissive-cors"],
        preset: Preset::Gate,
        severity: Severity::High,
        flow: None,
        confidence: Confidence::High,
        cwe: &[942, 346],
        message: "any site may send requests with the visitor's cookies and read the answers",
        why: "A page that a logged-in user happens to open reads and changes through the browser all that the user may.",
        help: "list the origins that may, or do without credentials",
        on: On::Any(&[
            On::Project(cors::settings),
            On::Call(MIDDLEWARE, cors::starlette),
            On::Call(&["starlette.middleware.cors.CORSMiddleware"], cors::starlette),
            On::Call(
                &[
                    "flask_cors.CORS",
                    "flask_cors.CORS.init_app",
                    "flask_cors.cross_origin",
                    "quart_cors.cors",
                    "sanic_cors.CORS",
                    "sanic_cors.cross_origin",
                ],
                cors::flask,
            ),
            On::Call(&["aiohttp_cors.ResourceOptions"], cors::aiohttp),
        ]),
    },
    Rule {
        name: "csrf-exempt",
        aliases: &[],
        preset: Preset::Gate,
        severity: Severity::Medium,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[352],
        message: "this view takes requests that other sites make browsers send",
        why: "The browser adds the visitor's cookies to a form on any page, so the view acts in the visitor's name.",
        help: "remove the exemption, or authenticate by what a browser does not add by itself: a signature, a header",
        on: On::Any(&[
            On::Fact(&[FactKind::Function], csrf::exempt_function),
            On::Call(
                &[
                    "django.utils.decorators.method_decorator",
                    "django.views.decorators.csrf.csrf_exempt",
                    "flask_wtf.CSRFProtect.exempt",
                    "flask_wtf.csrf.CSRFProtect.exempt",
                    "flask_wtf.CsrfProtect.exempt",
                    "flask_wtf.csrf.CsrfProtect.exempt",
                ],
                csrf::exempt_call,
            ),
        ]),
    },
    Rule {
        name: "csrf-disabled",
        aliases: &[],
        preset: Preset::Gate,
        severity: Severity::Medium,
        flow: None,
        confidence: Confidence::High,
        cwe: &[352],
        message: "forms are not protected against requests from other sites",
        why: "Any page on the web can send such a form in the name of whoever visits both.",
        help: "leave the protection on, and exempt single endpoints that authenticate without cookies",
        on: On::Any(&[
            On::Project(csrf::disabled),
            On::Fact(&[FactKind::Function], csrf::session_without_check),
        ]),
    },
];
