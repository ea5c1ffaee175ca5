"""`unchecked-url-scheme`: marked where an address may have any scheme that `urllib` knows."""
# only: unchecked-url-scheme
import urllib.request
from urllib.parse import urlparse
from urllib.request import Request, urlopen

API = "https://api.example.com/"


def logo(url):
    return urllib.request.urlopen(url, timeout=5).read()  # expect: unchecked-url-scheme


def logo_of(shop):
    return urllib.request.urlopen(f"https://{shop}/logo.png", timeout=5).read()


def others(url, headers):
    urlopen(url, timeout=5)  # expect: unchecked-url-scheme
    urlopen("file:///etc/hostname")  # expect: unchecked-url-scheme
    urllib.request.urlretrieve(url, "logo.png")  # expect: unchecked-url-scheme
    urllib.request.URLopener()  # expect: unchecked-url-scheme
    urlopen(Request(url, headers=headers))  # expect: unchecked-url-scheme
    request = Request(API + "rates", headers=headers)
    urlopen(request)
    urlopen(API + url)


def checked(url):
    if urlparse(url).scheme != "https":
        raise ValueError(url)
    return urlopen(url, timeout=5)


def checked_by_prefix(url):
    if not url.startswith(("http://", "https://")):
        raise ValueError(url)
    return urlopen(url, timeout=5)
