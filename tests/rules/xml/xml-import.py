"""`xml-import`: marked where a parser of the standard library is imported, silent on what only writes."""
# only: xml-import
import importlib
import xml
import xml.dom.minidom  # expect: xml-import
import xml.etree.ElementTree as ET  # expect: xml-import
from xml import sax  # expect: xml-import
from xml.dom.pulldom import parse, parseString  # expect: xml-import
from xml.etree.ElementTree import Element, SubElement, tostring
from xml.etree.ElementTree import Element as Node, fromstring  # expect: xml-import
from xml.parsers.expat import ExpatError
from xml.sax.saxutils import escape

import defusedxml.ElementTree
import lxml.etree


def late():
    return importlib.import_module("xml.sax.expatreader")  # expect: xml-import
