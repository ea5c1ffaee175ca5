"""`quadratic-regex`: marked where time grows with the square of a text's length."""
# only: quadratic-regex
import re

TRAILING = re.compile(r"\s+$")  # expect: quadratic-regex
COMMENT = re.compile(r"<!--.*?-->", re.S)  # expect: quadratic-regex


def cleaned(text):
    text = TRAILING.sub("", text)
    return COMMENT.sub("", text)


def trimmed(text):
    return re.sub(r"^\s+|\s+$", "", text)  # expect: quadratic-regex


def harmless(text):
    re.sub(r"^\s+", "", text)
    re.match(r"\s+$", text)
    re.search(r"[<>&]", text)
    return re.split(r"\s+", text)
