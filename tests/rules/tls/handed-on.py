"""`tls-verify-disabled`: a switch that a function hands on."""
import requests


def post(url, data, verify=True):
    return requests.post(url, data=data, verify=verify, timeout=10)


def request(method, url, **options):
    return requests.request(method, url, timeout=10, **options)


def checked(value, verify):
    return value if verify else None


def remove(url, name):
    post(url, {"remove": name}, verify=False)  # expect: tls-verify-disabled
    request("delete", url, verify=False)  # expect: tls-verify-disabled
    post(url, {"remove": name}, verify=True)
    post(url, {"remove": name})
    return checked(name, verify=False)
