"""`unescaped-templates`: marked where templates escape nothing and nothing says that they make pages."""
# only: unescaped-templates
from jinja2 import Environment, FileSystemLoader, select_autoescape


def interfaces(values):
    environment = Environment(loader=FileSystemLoader("net"))  # expect: unescaped-templates
    return environment.get_template("interfaces.jinja").render(values)


def by_ending(values):
    environment = Environment(loader=FileSystemLoader("net"), autoescape=select_autoescape())
    return environment.get_template("interfaces.jinja").render(values)


def code(values):
    return Environment(autoescape=False).from_string("x = {{ x }}").render(values)  # expect: unescaped-templates


def html(values):
    return Environment(autoescape=False)  # expect: autoescape-off
