"""`xml-external-entities`: marked where a parser is told to follow what the document names."""
# only: xml-external-entities, xml-parser
import xml.sax
from xml.sax import handler

from lxml import etree

RESOLVE = True


def invoice(stream):
    parser = etree.XMLParser(resolve_entities=True)  # expect: xml-external-entities
    etree.XMLParser(no_network=False)  # expect: xml-external-entities
    etree.XMLParser(resolve_entities=RESOLVE, load_dtd=True)  # expect: xml-external-entities
    etree.iterparse(stream, load_dtd=True, no_network=False)  # expect: xml-external-entities
    options = {"resolve_entities": True}
    etree.XMLParser(**options)  # expect: xml-external-entities
    reader = xml.sax.make_parser()  # expect: xml-parser
    reader.setFeature(handler.feature_external_ges, True)  # expect: xml-external-entities
    reader.setFeature("http://xml.org/sax/features/external-general-entities", 1)  # expect: xml-external-entities
    return etree.parse(stream, parser)


def harmless(stream, resolve):
    etree.XMLParser()  # expect: xml-default-entities
    etree.XMLParser(resolve_entities=False, no_network=True)
    etree.XMLParser(resolve_entities=resolve)
    etree.XMLParser(resolve_entities="internal")
    etree.HTMLParser(no_network=False)
    reader = xml.sax.make_parser()  # expect: xml-parser
    reader.setFeature(handler.feature_external_ges, False)
    reader.setFeature(handler.feature_namespaces, True)
