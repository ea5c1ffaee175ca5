"""`exponential-regex`: marked where a text can be divided among loops in exponentially many ways."""
# only: exponential-regex
import re

from django.core.validators import RegexValidator

NAME = re.compile(r"^([a-z]+)+$")  # expect: exponential-regex
EMAIL = re.compile(r"^[^@]+@[^@]+(?:\.[^@]+)*$")  # expect: exponential-regex
QUOTED = r'"(?:\\.|[^"])*"'
VALUE = r"(?:[^;\"]+|" + QUOTED + r")"
OPTION = re.compile(r";\s*(\w+)=(" + VALUE + r")$")  # expect: exponential-regex
BYTES = re.compile(rb"(?:\w|\d)*;")  # expect: exponential-regex
WORDS = ("of", "off", "o")


def parsed(text):
    re.search(r"(?:.*,)*[ \t]*realm=(['\"])(.*?)\1", text)  # expect: exponential-regex
    # expect-next: exponential-regex
    re.match(r"""
        (?: \s* \w+ \s* )+   # words
        :
        """, text, re.VERBOSE)
    re.fullmatch("(?:%s)*!" % "|".join(map(re.escape, ("ab", "a", "b"))), text)  # expect: exponential-regex
    re.fullmatch(f"(?:{QUOTED})*", text)  # expect: exponential-regex
    RegexValidator(r"^(\w+\s?)*$")  # expect: exponential-regex


class Lexer:
    TEXT = r"(?:\s*[^\s<]+\s*)*<"  # expect: exponential-regex
    RULES = [
        ("word", r"\w+"),
        ("string", r"'(?:[^'\\]|\\.|\\')*'"),  # expect: exponential-regex
    ]


# One way only.
PLAIN = re.compile(r"^[a-z]+$")
PARTS = re.compile(r"^[^@]+@[^@.]+(?:\.[^@.]+)*$")
TEXT = re.compile(r'"(?:\\.|[^"\\])*"$')
LIST = re.compile(r"(?:\w+,)*\w+$")
# It cannot fail behind the loop.
ANY = re.compile(r"(a|a)*")
EVERY = re.compile(r"(?:.|\n)*", re.S)
# What was taken is never given back, since Python 3.11.
ATOMIC = re.compile(r"(?>(?:a+)+)$")
POSSESSIVE = re.compile(r"(?:a+)++$")


def harmless(text, pattern, words):
    re.compile(pattern)
    re.match(r"(\d{1,3}\.){3}\d{1,3}$", text)
    re.search("|".join(re.escape(word) for word in words) + "$", text)
    note = "(see (a+)+ and \\d+ in the manual)*"
    broken = re.compile("(a+)+$)")
    return note, broken
