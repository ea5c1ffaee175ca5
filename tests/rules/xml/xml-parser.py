"""`xml-parser`: for review where the standard library parses a document that is not constant."""
import xml.dom.minidom
import xml.sax as sax
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import fromstring

import defusedxml.ElementTree as safe


def feed(body, path):
    ET.parse(path)  # expect: xml-parser
    fromstring(body)  # expect: xml-parser
    xml.dom.minidom.parseString(body)  # expect: xml-parser
    sax.parse(path, None)  # expect: xml-parser
    return sax.make_parser()  # expect: xml-parser


def known(body):
    fromstring("<settings/>")
    safe.fromstring(body)
    ET.Element("root")
    return ET.tostring(ET.Element("root"))
