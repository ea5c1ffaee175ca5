"""`slow-regex`: marked where time grows with the cube of a text's length."""
# only: slow-regex
import re

USER_AGENT = re.compile(r"iOS.+OS ([0-9]+)[_0-9]*.*\) Safari")  # expect: slow-regex
LINK = re.compile(r"\[([^\]]+)\|([^\]]+)\]")
DOTTED = re.compile(r"^(?:\(|<)*(?P<middle>.*?)(?:\.|,|\)|>)*$")  # expect: slow-regex


def browser(headers):
    return USER_AGENT.search(headers["User-Agent"])


def parsed(text, line):
    re.search(r"\[(.*?=.*?)\]", line)  # expect: slow-regex
    re.match(r"^([-+]?[0-9]*\.?[0-9]*)\s*(\w*)$", text)  # expect: slow-regex
    re.findall(r"\s*(\d*)\s+(\*)", line)  # expect: slow-regex
    DOTTED.match(text)


def linked(text):
    # Applied from the start only, one loop less.
    return LINK.match(text)


def harmless(text):
    re.search(r"\s+$", text)
    re.match(r"\d+\.\d+\.\d+$", text)
    re.search(r"[a-z]{2,5}[0-9]{1,4}-[a-z]{1,8}", text)
    # A loop behind a text that cannot fail.
    re.match(r"(\w+)\s*(.*)", text)
