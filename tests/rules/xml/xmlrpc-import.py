"""`xmlrpc-import`: marked where XML-RPC of the standard library is imported."""
# only: xmlrpc-import
import xmlrpc.client  # expect: xmlrpc-import
from xmlrpc.server import SimpleXMLRPCRequestHandler, SimpleXMLRPCServer  # expect: xmlrpc-import

import aiohttp_xmlrpc
from .xmlrpc import client


def late():
    return __import__("xmlrpclib")  # expect: xmlrpc-import
