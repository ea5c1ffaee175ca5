//! Where the parameters of a handler come from, by the rules of `FastAPI`.

use super::super::model::{Framework, Handler, Input, RoutePath, Source};
use super::marker;
use crate::facts::{FunctionId, ParameterKind, Value, ValueId, path_hash};
use crate::project::{Entity, Project, Site, Type};

const REQUESTS: &[&str] = &[
    "starlette.requests.Request",
    "starlette.requests.HTTPConnection",
    "starlette.websockets.WebSocket",
    "fastapi.Request",
    "fastapi.WebSocket",
    "fastapi.requests.Request",
    "fastapi.requests.HTTPConnection",
    "fastapi.websockets.WebSocket",
];
/// What `FastAPI` gives that has nothing of the client in it.
const GIVEN: &[&str] = &[
    "starlette.responses.Response",
    "fastapi.Response",
    "fastapi.responses.Response",
    "starlette.background.BackgroundTasks",
    "fastapi.BackgroundTasks",
    "fastapi.background.BackgroundTasks",
    "fastapi.security.SecurityScopes",
    "fastapi.security.oauth2.SecurityScopes",
];
const FILES: &[&str] = &["fastapi.UploadFile", "starlette.datastructures.UploadFile"];
const NUMBERS: &[&str] = &[
    "builtins.int",
    "builtins.float",
    "builtins.bool",
    "builtins.complex",
    "uuid.UUID",
    "decimal.Decimal",
    "enum.Enum",
    "enum.IntEnum",
    "enum.StrEnum",
    "enum.Flag",
    "enum.IntFlag",
    "datetime.datetime",
    "datetime.date",
    "datetime.time",
    "datetime.timedelta",
    "ipaddress.IPv4Address",
    "ipaddress.IPv6Address",
    "typing.Literal",
    "typing_extensions.Literal",
];
/// Other classes whose values stand in a query; those of pydantic are told by their module.
const TEXTS: &[&str] = &[
    "builtins.str",
    "builtins.bytes",
    "builtins.object",
    "typing.Any",
    "typing.AnyStr",
    "typing.Text",
    "pathlib.Path",
    "re.Pattern",
    "typing.Pattern",
];
const PYDANTIC_NUMBERS: &[&str] = &[
    "PositiveInt",
    "NegativeInt",
    "NonNegativeInt",
    "NonPositiveInt",
    "PositiveFloat",
    "NegativeFloat",
    "NonNegativeFloat",
    "NonPositiveFloat",
    "StrictInt",
    "StrictFloat",
    "StrictBool",
    "UUID1",
    "UUID3",
    "UUID4",
    "UUID5",
    "UUID7",
    "AwareDatetime",
    "NaiveDatetime",
    "PastDate",
    "FutureDate",
    "PastDatetime",
    "conint",
    "confloat",
    "condecimal",
    "condate",
    "FutureDatetime",
];
const PYDANTIC_TEXTS: &[&str] = &[
    "EmailStr",
    "NameEmail",
    "HttpUrl",
    "AnyUrl",
    "AnyHttpUrl",
    "SecretStr",
    "SecretBytes",
    "StrictStr",
    "StrictBytes",
    "constr",
    "conbytes",
    "FilePath",
    "DirectoryPath",
    "NewPath",
    "Json",
    "IPvAnyAddress",
    "IPvAnyNetwork",
    "FileUrl",
    "PostgresDsn",
    "RedisDsn",
    "Base64Str",
    "Base64Bytes",
    "ByteSize",
    "AnyWebsocketUrl",
    "WebsocketUrl",
    "FtpUrl",
];
const UNIONS: &[&str] = &["typing.Optional", "typing.Union", "typing.Final", "typing.Required"];

/// What a type makes of a parameter that is not marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Number,
    Text,
    /// A model, mapping or sequence.
    Complex,
    File,
}

/// The inputs of a handler.
pub(super) fn of(project: &Project, handler: Handler, framework: Framework, path: &RoutePath) -> Vec<Input> {
    let (Some(function), Some(site)) = (handler.function, Site::new(project, handler.file)) else {
        return Vec::new();
    };
    let bound = usize::from(is_bound(site, function));
    let parameters = site.module.parameters(function).iter().enumerate().skip(bound);
    let names = path_names(path);
    if framework == Framework::Starlette {
        let parameter = parameters.map(|(index, _)| index as u32).next();
        let request = |parameter| Input { parameter, source: Source::Request, is_number: false };
        return parameter.into_iter().map(request).collect();
    }
    parameters
        .filter(|(_, parameter)| !matches!(parameter.kind, ParameterKind::Rest | ParameterKind::Keywords))
        .filter_map(|(index, parameter)| {
            let name = site.module.text(parameter.name);
            let (source, is_number) = input(site, parameter, names.contains(&name))?;
            Some(Input { parameter: index as u32, source, is_number })
        })
        .collect()
}

/// What stands in the full path is from there, whatever the parameter looked like before the prefixes were known.
pub(in super::super) fn from_path(
    project: &Project,
    handler: Handler,
    path: &RoutePath,
    inputs: &mut [Input],
) {
    let (Some(function), Some(site)) = (handler.function, Site::new(project, handler.file)) else { return };
    let names = path_names(path);
    for input in inputs.iter_mut().filter(|input| matches!(input.source, Source::Query | Source::Body)) {
        let parameter = site.module.parameters(function).get(input.parameter as usize);
        if parameter.is_some_and(|parameter| names.contains(&site.module.text(parameter.name))) {
            input.source = Source::Path;
        }
    }
}

/// `{name}` and `{name:converter}`.
fn path_names(path: &RoutePath) -> Vec<&str> {
    let parts = path.text.split('{').skip(1).filter_map(|part| part.split_once('}'));
    parts.map(|(inside, _)| inside.split(':').next().unwrap_or(inside)).collect()
}

/// Whether the first parameter is the instance.
fn is_bound(site: Site<'_>, function: FunctionId) -> bool {
    let is_method = site.module.function(function).is_some_and(|facts| facts.class.is_some());
    let mut decorators = site.module.decorators(function).iter();
    is_method && !decorators.any(|decorator| site.last_segment(decorator) == Some("staticmethod"))
}

fn input(site: Site<'_>, parameter: &crate::facts::Parameter, in_path: bool) -> Option<(Source, bool)> {
    let annotation = parameter.annotation.map(|value| marker::annotation(site, value).bare);
    if let Some((owner, value)) = annotation {
        if is_one(owner, value, REQUESTS) {
            return Some((Source::Request, false));
        }
        if is_one(owner, value, GIVEN) {
            return None;
        }
    }
    let shape = annotation.map_or(Shape::Text, |(owner, value)| shape(owner, value, 8));
    let is_number =
        shape == Shape::Number || annotation.is_some_and(|(owner, value)| holds_numbers(owner, value));
    if let Some(marker) = marker::of(site, parameter) {
        return Some((marker.source, is_number && marker.source != Source::Dependency));
    }
    let source = match shape {
        _ if in_path => Source::Path,
        Shape::File => Source::File,
        Shape::Complex => Source::Body,
        Shape::Number | Shape::Text => Source::Query,
    };
    Some((source, is_number))
}

/// Whether an annotation is one of these classes, or that class or nothing.
fn is_one(site: Site<'_>, value: ValueId, classes: &[&str]) -> bool {
    match site.value(value) {
        Value::Name(..) | Value::Attribute(..) => site.class_of(value).is_some_and(|class| {
            let bases = site.project.external_bases(class);
            classes.iter().any(|path| bases.contains(&path_hash(path)))
        }),
        Value::Binary(_, left, right) => is_one(site, left, classes) || is_one(site, right, classes),
        Value::Item(object, key) if site.is_any(object, UNIONS) => is_one(site, key, classes),
        _ => false,
    }
}

fn shape(site: Site<'_>, value: ValueId, depth: u32) -> Shape {
    let Some(depth) = depth.checked_sub(1) else { return Shape::Text };
    match site.value(value) {
        Value::Binary(_, left, right) => wider(shape(site, left, depth), shape(site, right, depth)),
        Value::Item(object, key) if site.is_any(object, UNIONS) => match site.value(key) {
            Value::Tuple(items) => items
                .iter()
                .filter(|item| !matches!(site.value(*item), Value::None))
                .map(|item| shape(site, item, depth))
                .reduce(wider)
                .unwrap_or(Shape::Text),
            _ => shape(site, key, depth),
        },
        Value::Item(object, key) if is_sequence(site, object) => {
            if shape(site, key, depth) == Shape::File {
                Shape::File
            } else {
                Shape::Complex
            }
        }
        Value::Item(object, _) => shape(site, object, depth),
        Value::Call(callee, _) => shape(site, callee, depth),
        Value::None => Shape::Number,
        Value::Str(name) => quoted(site, site.module.text(name)),
        Value::Name(..) | Value::Attribute(..) => {
            let bare = marker::annotation(site, value).bare;
            if (bare.0.file, bare.1) == (site.file, value) {
                class_shape(site, value)
            } else {
                shape(bare.0, bare.1, depth)
            }
        }
        _ => Shape::Text,
    }
}

/// Of a union the part that is least like a single value decides.
fn wider(left: Shape, right: Shape) -> Shape {
    let rank = |shape| match shape {
        Shape::Number => 0,
        Shape::Text => 1,
        Shape::File => 2,
        Shape::Complex => 3,
    };
    if rank(left) >= rank(right) { left } else { right }
}

/// An annotation in quotes, where it is a plain name.
fn quoted(site: Site<'_>, name: &str) -> Shape {
    match name {
        "int" | "float" | "bool" => Shape::Number,
        "str" | "bytes" | "Any" => Shape::Text,
        _ => site.project.global(site.file, name).map_or(Shape::Text, |entity| match entity {
            Entity::Class(file, class) => bases_shape(site, Type::Class(file, class)),
            Entity::External(path) => bases_shape(site, Type::External(path)),
            _ => Shape::Text,
        }),
    }
}

fn class_shape(site: Site<'_>, value: ValueId) -> Shape {
    let name = site.last_segment(value).unwrap_or("");
    let Some(class) = site.class_of(value) else { return Shape::Text };
    if matches!(class, Type::External(_)) {
        if PYDANTIC_NUMBERS.contains(&name) {
            return Shape::Number;
        }
        if PYDANTIC_TEXTS.contains(&name) {
            return Shape::Text;
        }
    }
    bases_shape(site, class)
}

fn bases_shape(site: Site<'_>, class: Type) -> Shape {
    let bases = site.project.external_bases(class);
    let inherits = |paths: &[&str]| paths.iter().any(|path| bases.contains(&path_hash(path)));
    if inherits(FILES) {
        Shape::File
    } else if inherits(NUMBERS) {
        Shape::Number
    } else if inherits(TEXTS) {
        Shape::Text
    } else {
        Shape::Complex
    }
}

fn is_sequence(site: Site<'_>, value: ValueId) -> bool {
    const NAMES: &[&str] = &[
        "list",
        "List",
        "set",
        "Set",
        "tuple",
        "Tuple",
        "frozenset",
        "FrozenSet",
        "Sequence",
        "deque",
        "Deque",
        "Iterable",
    ];
    site.last_segment(value).is_some_and(|name| NAMES.contains(&name))
}

/// `list[int]`.
fn holds_numbers(site: Site<'_>, value: ValueId) -> bool {
    match site.value(value) {
        Value::Item(object, key) if is_sequence(site, object) => shape(site, key, 8) == Shape::Number,
        Value::Item(object, key) if site.is_any(object, UNIONS) => holds_numbers(site, key),
        Value::Binary(_, left, right) => {
            let both = [left, right].into_iter().filter(|one| !matches!(site.value(*one), Value::None));
            let mut both = both.peekable();
            both.peek().is_some()
                && both.all(|one| holds_numbers(site, one) || shape(site, one, 8) == Shape::Number)
        }
        _ => false,
    }
}
