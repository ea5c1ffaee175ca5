"""`unsandboxed-template`: marked where a text that is not constant becomes a template that reaches all of Python."""
# only: unsandboxed-template
import jinja2
from jinja2 import Environment, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

MAIL = "Dear {{ name }}"
sandbox = ImmutableSandboxedEnvironment()


class ChatFormatter:
    def __init__(self, template):
        self.template = template
        self.environment = jinja2.Environment(  # expect: unsandboxed-template
            loader=jinja2.BaseLoader(),
            trim_blocks=True,
        ).from_string(self.template)


def rendered(text, options, strict):
    if strict:
        environment = Environment(undefined=jinja2.StrictUndefined, **options)
    else:
        environment = Environment(**options)
    template = environment.from_string(text)  # expect: unsandboxed-template
    Template(text).render(options)  # expect: unsandboxed-template
    return template


def harmless(text, environment, path):
    sandbox.from_string(text)
    ImmutableSandboxedEnvironment().from_string(text)
    environment.from_string(text)
    Template(MAIL).render(name=text)
    Environment().from_string("Hello {{ name }}")
    with open(path) as source:
        return Template(source.read())
