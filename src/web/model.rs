//! What a backend answers to: applications, their routes, and who may call them. Plain data.

use std::fmt;

use crate::facts::{ClassId, FunctionId, Span, ValueId};
use crate::project::FileId;

/// A framework.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum Framework {
    Flask,
    FastApi,
    Starlette,
    Django,
    DjangoRest,
    Sanic,
    Aiohttp,
    Tornado,
    Bottle,
    /// `http.server`, `socketserver`, WSGI.
    Plain,
}

impl Framework {
    /// Every framework.
    pub const ALL: [Framework; 10] = [
        Framework::Flask,
        Framework::FastApi,
        Framework::Starlette,
        Framework::Django,
        Framework::DjangoRest,
        Framework::Sanic,
        Framework::Aiohttp,
        Framework::Tornado,
        Framework::Bottle,
        Framework::Plain,
    ];

    /// The name used in options and reports.
    pub fn name(self) -> &'static str {
        match self {
            Framework::Flask => "flask",
            Framework::FastApi => "fastapi",
            Framework::Starlette => "starlette",
            Framework::Django => "django",
            Framework::DjangoRest => "drf",
            Framework::Sanic => "sanic",
            Framework::Aiohttp => "aiohttp",
            Framework::Tornado => "tornado",
            Framework::Bottle => "bottle",
            Framework::Plain => "plain",
        }
    }
}

/// A set of request methods.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Methods(u16);

impl Methods {
    const NAMES: [&'static str; 11] =
        ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "WEBSOCKET", "ANY"];
    /// `GET` alone.
    pub const GET: Methods = Methods(1);
    /// A connection that stays open and goes both ways.
    pub const WEBSOCKET: Methods = Methods(1 << 9);
    /// Whatever the client sends.
    pub const ANY: Methods = Methods(1 << 10);

    /// The method of a name in any case; none for an unknown one.
    pub fn of(name: &str) -> Methods {
        let index = Self::NAMES.iter().position(|known| known.eq_ignore_ascii_case(name));
        index.map_or(Methods::default(), |index| Methods(1 << index))
    }

    /// Both.
    #[must_use]
    pub fn and(self, other: Methods) -> Methods {
        Methods(self.0 | other.0)
    }

    /// Those that are in both.
    #[must_use]
    pub fn common(self, other: Methods) -> Methods {
        Methods(self.0 & other.0)
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The names, in a fixed order.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Self::NAMES
            .into_iter()
            .enumerate()
            .filter(move |(index, _)| self.0 & (1 << index) != 0)
            .map(|(_, name)| name)
    }

    /// Whether one of them is there to change something: all but `GET`, `HEAD`, `OPTIONS`, `TRACE`.
    pub fn change_state(self) -> bool {
        self.names().any(|name| matches!(name, "POST" | "PUT" | "PATCH" | "DELETE"))
    }
}

impl fmt::Display for Methods {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.names().collect::<Vec<_>>().join(","))
    }
}

/// A path as the framework writes it: `/users/<int:id>`, `/users/{id}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoutePath {
    /// The text; what is not constant stands there as `…`.
    pub text: String,
    /// Whether all of it is known.
    pub is_exact: bool,
}

impl RoutePath {
    /// A path that is known.
    pub fn exact(text: impl Into<String>) -> RoutePath {
        RoutePath { text: text.into(), is_exact: true }
    }

    /// A path of which nothing is known.
    pub fn unknown() -> RoutePath {
        RoutePath { text: "…".to_owned(), is_exact: false }
    }
}

/// A place in the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file.
    pub file: FileId,
    /// The part of it.
    pub span: Span,
}

/// What answers a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Handler {
    /// The file.
    pub file: FileId,
    /// The function or method; `None` where it is not in the project, or a method of a class that is not.
    pub function: Option<FunctionId>,
    /// The class whose method it is, or that is the view.
    pub class: Option<ClassId>,
}

/// Where a parameter of a handler comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum Source {
    Path,
    Query,
    Header,
    Cookie,
    Body,
    Form,
    File,
    /// The request itself.
    Request,
    /// The result of a dependency.
    Dependency,
}

/// A parameter of a handler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Input {
    /// Index among the parameters of the handler.
    pub parameter: u32,
    /// Where it comes from.
    pub source: Source,
    /// Whether the framework only lets numbers, identifiers and the like through.
    pub is_number: bool,
}

/// How a route is known to let only some callers pass, or all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Means {
    /// A decorator of the handler.
    Decorator,
    /// A dependency of the handler.
    Dependency,
    /// An attribute of the view class.
    Attribute,
    /// A base class of the view class.
    Mixin,
    /// What is set for the router, blueprint or module that the route is part of.
    Router,
    /// What is set for the whole application: a hook before each request, a middleware.
    Application,
    /// The handler's own code.
    Check,
}

impl Means {
    /// The word for people.
    pub fn name(self) -> &'static str {
        match self {
            Means::Decorator => "decorator",
            Means::Dependency => "dependency",
            Means::Attribute => "attribute",
            Means::Mixin => "base class",
            Means::Router => "router",
            Means::Application => "application",
            Means::Check => "check",
        }
    }
}

/// What lets only some callers pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// What it is.
    pub means: Means,
    /// Its name as written.
    pub name: String,
    /// Where it is.
    pub place: Place,
    /// Whether it lets everybody pass, whatever stands around.
    pub opens: bool,
}

/// An endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The framework.
    pub framework: Framework,
    /// The methods; those that the framework adds by itself (`HEAD`, `OPTIONS`) are left out.
    pub methods: Methods,
    /// The full path, with every prefix.
    pub path: RoutePath,
    /// What answers.
    pub handler: Handler,
    /// Where it is registered.
    pub place: Place,
    /// The router, blueprint, application or module that it was declared on.
    pub group: Option<GroupKey>,
    /// The application that it is part of, where there is one.
    pub application: Option<GroupKey>,
    /// Whether its group is an application, or part of one.
    pub is_mounted: bool,
    /// What its parameters are.
    pub inputs: Vec<Input>,
    /// Who may call it, the innermost first.
    pub evidence: Vec<Evidence>,
}

impl Route {
    /// Whether something lets only some callers pass. The innermost word counts.
    pub fn is_protected(&self) -> bool {
        self.evidence.first().is_some_and(|first| !first.opens)
    }
}

/// What routes are declared on, by what makes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GroupKey {
    /// What a call makes: an application, a blueprint, a router.
    Made(FileId, ValueId),
    /// A parameter of a function, by the index of the parameter.
    Parameter(FileId, FunctionId, u32),
    /// A class.
    Class(FileId, ClassId),
    /// A module whose `urlpatterns` it is.
    Module(FileId),
    /// The application that a framework makes by itself.
    Default(Framework),
}

/// What answers errors in place of the framework.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ErrorPage {
    /// The framework.
    pub framework: Framework,
    /// The status of the errors.
    pub status: u16,
    /// Where it is set.
    pub place: Place,
}
