"""`xml-parser`: for review where the standard library parses a document that is not constant."""
# only: xml-parser
import xml.dom.minidom
import xmlrpc.client
import xml.sax as sax
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import fromstring

import defusedxml.ElementTree as safe
import xmltodict
from flask import request
from lxml import etree


def feed(body, path):
    ET.parse(path)  # expect: xml-parser
    fromstring(body)  # expect: xml-parser
    xml.dom.minidom.parseString(body)  # expect: xml-parser
    sax.parse(path, None)  # expect: xml-parser
    xmlrpc.client.ServerProxy("https://stock.example/rpc")  # expect: xml-parser
    return sax.make_parser()  # expect: xml-parser


def wide_open(stream, body):
    etree.XMLParser(huge_tree=True)  # expect: xml-parser, xml-default-entities
    etree.XMLParser(load_dtd=True)  # expect: xml-parser, xml-default-entities
    xmltodict.parse(body, disable_entities=False)  # expect: xml-parser
    return ET.parse(stream, parser=ET.XMLParser())  # expect: xml-parser


def known(body):
    fromstring("<settings/>")
    safe.fromstring(body)
    ET.Element("root")
    return ET.tostring(ET.Element("root"))


class Refusing(ET.XMLParser):
    def __init__(self):
        super().__init__()


def refusing_parser():
    return Refusing()


def other_parsers(stream, body):
    ET.parse(stream, parser=refusing_parser())
    ET.parse(stream, safe.XMLParser())
    xmltodict.parse(body)
    etree.XMLParser(huge_tree=False, resolve_entities=False)


def own_document(root):
    xml.dom.minidom.parseString(ET.tostring(root)).toprettyxml()
    text = ET.tostring(root, encoding="unicode")
    return ET.fromstring(text)


def stock_of_supplier():
    return ET.fromstring(request.data)  # expect: xml-parser/flow


def stock_by_strict_parser():
    ET.XML(request.data, parser=refusing_parser())
    safe.fromstring(request.data)
