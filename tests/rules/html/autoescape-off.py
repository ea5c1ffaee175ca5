"""`autoescape-off`: marked where templates for pages do not escape their values."""
import jinja2
from jinja2 import Environment, FileSystemLoader, select_autoescape

LOADER = FileSystemLoader("templates")


def page(values):
    environment = Environment(loader=LOADER)  # expect: autoescape-off
    return environment.get_template("page.html").render(values)


def escaped_page(values):
    environment = Environment(loader=LOADER, autoescape=True)
    return environment.get_template("page.html").render(values)


def others(options, choose):
    jinja2.Environment(loader=LOADER, autoescape=False)  # expect: autoescape-off
    jinja2.sandbox.SandboxedEnvironment()  # expect: autoescape-off
    Environment(autoescape="")  # expect: autoescape-off
    Environment(loader=LOADER, autoescape=select_autoescape())
    Environment(loader=LOADER, autoescape=jinja2.select_autoescape(["html"]))
    Environment(loader=LOADER, autoescape=choose)
    Environment(**options)
