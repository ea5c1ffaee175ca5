"""`mako-without-escape`: marked on templates of Mako without filters."""
# only: mako-without-escape
from mako import template
from mako.lookup import TemplateLookup
from mako.template import Template


def page(name):
    return Template("Hello ${name}").render(name=name)  # expect: mako-without-escape


def escaped_page(name):
    return Template("Hello ${name}", default_filters=["h"]).render(name=name)


def others(options):
    template.Template(filename="page.mako")  # expect: mako-without-escape
    TemplateLookup(directories=["templates"])  # expect: mako-without-escape
    TemplateLookup(directories=["templates"], default_filters=["h"])
    TemplateLookup(**options)
