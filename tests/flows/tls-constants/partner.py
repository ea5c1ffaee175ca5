import requests

import config
from config import VERIFY_BANK, VERIFY_PARTNER


def partner(url):
    return requests.get(url, verify=VERIFY_PARTNER, timeout=5)  # expect: tls-verify-disabled


def partner_again(url):
    return requests.get(url, verify=config.VERIFY_PARTNER, timeout=5)  # expect: tls-verify-disabled


def bank(url):
    return requests.get(url, verify=VERIFY_BANK, timeout=5)
