"""`xml-default-entities`: marked where lxml is left to its defaults, which before 5.0 follow what a document names."""
# only: xml-default-entities
import os
import sys

from lxml import etree, html, objectify


def load(path):
    parser = etree.XMLParser(remove_comments=True, recover=True)  # expect: xml-default-entities
    return etree.parse(path, parser=parser)


def report(content, stream):
    feedback = objectify.fromstring(content)  # expect: xml-default-entities
    tree = etree.fromstring(content)  # expect: xml-default-entities
    etree.parse(stream, parser=None)  # expect: xml-default-entities
    for _, node in etree.iterparse(stream):  # expect: xml-default-entities
        yield node
    return feedback, tree


def harmless(content, path, options, resolve, node):
    parser = etree.XMLParser(resolve_entities=False)
    etree.fromstring(content, parser)
    etree.XMLParser(resolve_entities=resolve)
    etree.XMLParser(**options)
    html.fromstring(content)
    etree.parse(path, etree.HTMLParser())
    etree.fromstring("<a/>")
    etree.fromstring(etree.tostring(node))
    etree.parse(os.path.join(os.path.dirname(__file__), "schema.xsd"))
    etree.parse(sys.argv[1])
