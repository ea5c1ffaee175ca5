"""`defusedxml` replaces the parsers of the standard library for the whole program."""
import xmlrpc.client
from xml.etree import ElementTree

import defusedxml
from defusedxml.xmlrpc import monkey_patch

defusedxml.defuse_stdlib()
monkey_patch()


def feed(body):
    ElementTree.fromstring(body)
    return xmlrpc.client.ServerProxy("https://stock.example/rpc")
