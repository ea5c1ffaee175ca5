"""`weak-tls-version`: marked where an old version is asked for, silent on the versions of today."""
import ssl
from ssl import PROTOCOL_TLSv1 as OLD

from OpenSSL import SSL


def for_old_printers():
    return ssl.SSLContext(ssl.PROTOCOL_TLSv1)  # expect: weak-tls-version


def for_everybody():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def more(sock):
    ssl.SSLContext(protocol=OLD)  # expect: weak-tls-version
    ssl.wrap_socket(sock, ssl_version=ssl.PROTOCOL_SSLv3, cert_reqs=ssl.CERT_REQUIRED)  # expect: weak-tls-version
    SSL.Context(SSL.SSLv23_METHOD)
    SSL.Context(method=SSL.TLSv1_METHOD)  # expect: weak-tls-version
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1  # expect: weak-tls-version
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED


def handed_on(pool, adapter):
    pool.Manager(ssl_version=ssl.PROTOCOL_TLSv1_1)  # expect: weak-tls-version
    adapter.mount(method=SSL.SSLv3_METHOD)  # expect: weak-tls-version
    pool.Manager(ssl_version=ssl.PROTOCOL_TLS_CLIENT)
    pool.names(ssl.PROTOCOL_TLSv1_1)
    pool.Manager(method="SSLv3_METHOD")


def by_default(host, version=ssl.PROTOCOL_TLSv1):  # expect: weak-tls-version
    return host, version


async def by_default_of_a_keyword(host, *, version=SSL.TLSv1_METHOD):  # expect: weak-tls-version
    return host, version


def by_a_good_default(host, version=ssl.PROTOCOL_TLS_CLIENT):
    return host, version
