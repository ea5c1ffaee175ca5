#!/usr/bin/env python3
"""Write the hostile inputs: one folder a case, with what a scan of it must answer.

`run.py` scans them; this script alone writes them into a folder for a look.
"""

from __future__ import annotations

import argparse
import os
import random
import socket
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

DEEP = 200_000
MEGABYTE = 1_000_000

CLEAN, FOUND, USAGE, INCOMPLETE = 0, 1, 2, 3
ANY = frozenset({CLEAN, FOUND, INCOMPLETE})

VULNERABLE = """\
import pickle
import subprocess
import yaml

def run(text):
    subprocess.call("ls " + text, shell=True)
    eval(text)
    yaml.load(text)
    return pickle.loads(text)
"""


@dataclass(frozen=True)
class Case:
    """A folder of input and what the scan must say of it."""

    name: str
    write: Callable[[Path], None]
    exits: frozenset[int]
    argument: bytes = b""  # scanned below the case's folder; the folder itself where empty
    notice: tuple[str, str] | None = None  # kind and the file it must name
    finds: str = ""  # a file that must have a finding
    rule: str = ""  # a rule that must have reported
    max_peak: float = 1500 * MEGABYTE
    unprivileged: bool = False  # means nothing to root


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where to write; made if absent")
    parser.add_argument("--only", default="", metavar="TEXT", help="cases whose name holds TEXT")
    parser.add_argument("--list", action="store_true", help="print the cases and stop")
    arguments = parser.parse_args()
    for case in cases():
        if arguments.only in case.name:
            print(f"{case.name:<34} exit {' or '.join(map(str, sorted(case.exits)))}")
            if not arguments.list:
                write(case, arguments.folder)
    return 0


def write(case: Case, folder: Path) -> Path:
    target = folder / case.name
    target.mkdir(parents=True)
    case.write(target)
    return target


def cases() -> list[Case]:
    found = [*deep(), *statements(), *wide(), *chains(), *broken(), *encodings(), *sizes(), *files()]
    names = [case.name for case in found]
    assert len(names) == len(set(names)), "two cases of one name"
    return found


def text(name: str, *pieces: str | bytes, exits: Iterable[int] = (CLEAN,), **more: object) -> Case:
    """A case of one file, `NAME.py`, of these pieces."""

    def put(folder: Path) -> None:
        with (folder / f"{name}.py").open("wb") as out:
            for piece in pieces:
                out.write(piece.encode() if isinstance(piece, str) else piece)

    return Case(name, put, frozenset(exits), **more)  # type: ignore[arg-type]


def folder_of(name: str, contents: Callable[[], Iterable[tuple[str, str]]], exits: Iterable[int], **more: object) -> Case:
    """A case of several text files."""

    def put(folder: Path) -> None:
        for path, body in contents():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(body)

    return Case(name, put, frozenset(exits), **more)  # type: ignore[arg-type]


def deep() -> list[Case]:
    """Nesting no tree walk survives: the file is refused with a notice, and nothing else happens."""
    nested = {
        "list": ("[", "", "]"),
        "parentheses": ("(", "1", ")"),
        "set": ("{", "1", "}"),
        "dict": ("{1:", "1", "}"),
        "mixed-brackets": ("[({1:", "1", "})]"),
        "not": ("not ", "1", ""),
        "minus": ("-", "1", ""),
        "invert": ("~", "1", ""),
        "minus-spaced": ("- ", "1", ""),
        "lambda": ("lambda:", "0", ""),
        "lambda-default": ("lambda x=", "0", ":0"),
        "ternary": ("1 if 1 else ", "0", ""),
        "ternary-test": ("1 if(", "1", ")else 0"),
        "attribute": ("a", "", ".b"),
        "call-chain": ("f", "", "()"),
        "subscript-chain": ("a", "", "[0]"),
        "call-nest": ("f(", "1", ")"),
        "keyword-nest": ("f(x=", "1", ")"),
        "subscript-nest": ("a[", "1", "]"),
        "slice-nest": ("a[0:", "1", "]"),
        "plus": ("1", "", "+1"),
        "percent": ("'%s'", "", "%1"),
        "power": ("1**", "1", ""),
        "and-nest": ("a and(", "a", ")"),
        "compare-nest": ("1<(", "1", ")"),
        "walrus": ("(x:=", "1", ")"),
        "starred": ("[*", "[]", "]"),
        "comprehension": ("[x for x in ", "[]", "]"),
        "generator-filter": ("(x for x in y if ", "1", ")"),
        "fstring": ('f"{', "1", '}"'),
        "fstring-spec": ('f"{x:{', "1", '}}"'),
        "tstring": ('t"{', "1", '}"'),
        "method-chain": ("a", "", ".b()"),
        "await-nest": ("await ", "1", ""),
    }
    roots = {"attribute", "call-chain", "subscript-chain", "plus", "percent", "method-chain"}
    found = []
    for name, (before, middle, after) in nested.items():
        head = before if name in roots else before * DEEP
        found.append(refused(f"deep-{name}", "x = ", head, middle, after * DEEP, "\n"))
    found += [
        refused("deep-annotation", "x: ", "a[" * DEEP, "int", "]" * DEEP, "\n"),
        refused("deep-type-default", "type X[T = ", "a[" * DEEP, "int", "]" * DEEP, "] = T\n"),
        refused("deep-target", "[" * DEEP, "x", "]" * DEEP, " = y\n"),
        refused("deep-for-target", "for ", "(" * DEEP, "x", ",)" * DEEP, " in y: pass\n"),
        refused("deep-del", "del ", "(" * DEEP, "x", ")" * DEEP, "\n"),
        refused("deep-decorator", "@f", "()" * DEEP, "\ndef g(): pass\n"),
        refused("deep-default", "def g(x=", "(" * DEEP, ")" * DEEP, "): pass\n"),
        refused("deep-return", "def g():\n return ", "[" * DEEP, "]" * DEEP, "\n"),
        refused("deep-yield", "def g():\n ", "(yield " * DEEP, "1", ")" * DEEP, "\n"),
        refused("deep-two-lines", "x = ", "[\n" * DEEP, "]\n" * DEEP),
        refused("deep-unclosed-list", "x = ", "[" * DEEP),
        refused("deep-unclosed-mixed", "x = ", "[({" * DEEP),
        refused("deep-unclosed-fstring", "x = ", 'f"{' * DEEP),
        refused("deep-unclosed-lines", "(\n" * DEEP),
        text("deep-closers-only", "x = ", "]" * DEEP, "\n", exits=ANY, rule="python-syntax-error"),
        refused("brackets-5-million", "[" * (5 * MEGABYTE), max_peak=1000 * MEGABYTE),
        refused("brackets-5-million-closed", "x = ", "[" * (5 * MEGABYTE), "]" * (5 * MEGABYTE), "\n", max_peak=1000 * MEGABYTE),
        refused("minus-5-million", "x = ", "-" * (5 * MEGABYTE), "1\n", max_peak=1000 * MEGABYTE),
        refused("lambda-1-million", "x = ", "lambda:" * MEGABYTE, "1\n", max_peak=1000 * MEGABYTE),
        refused("plus-5-million", "x = 1", "+1" * (5 * MEGABYTE), "\n", max_peak=1000 * MEGABYTE),
        refused("attribute-5-million", "x = a", ".b" * (5 * MEGABYTE), "\n", max_peak=1000 * MEGABYTE),
    ]
    patterns = {
        "sequence": ("[", "x", "]"),
        "parentheses": ("(", "x", ",)"),
        "group": ("(", "x", ")"),
        "class": ("A(", "x", ")"),
        "keyword": ("A(x=", "x", ")"),
        "mapping": ("{1:", "x", "}"),
        "mixed": ("[A({1:", "x", "})]"),
        "value": ("a", "", ".b"),
    }
    for name, (before, middle, after) in patterns.items():
        head = before if name == "value" else before * DEEP
        found.append(refused(f"deep-pattern-{name}", "match x:\n case ", head, middle, after * DEEP, ":\n  pass\n"))

    # The neighbour of a refused file is still judged; a finding outranks the notice.
    neighbours = {"deep.py": "x = " + "[" * DEEP + "]" * DEEP + "\n", "vulnerable.py": VULNERABLE}
    found.append(
        folder_of(
            "deep-beside-a-finding", neighbours.items, {FOUND}, notice=("incomplete", "deep.py"), finds="vulnerable.py"
        )
    )
    # Real code nests, too: what is far below the limit is not refused.
    found += [
        text("depth-100-list", "x = ", "[" * 100, "]" * 100, "\n"),
        text("depth-400-plus", "x = 1", "+1" * 400, "\n"),
        text("depth-100-attribute", "x = a", ".b" * 100, "\n"),
        text("depth-20-fstring", "x = ", 'f"{' * 20, "1", '}"' * 20, "\n"),
    ]
    return found


def refused(name: str, *pieces: str, **more: object) -> Case:
    return text(name, *pieces, exits={INCOMPLETE}, notice=("incomplete", f"{name}.py"), **more)


def statements() -> list[Case]:
    """Blocks in blocks; one column a level, so 5,000 levels are 12 MB."""
    heads = {
        "if": "if x:",
        "else": "if x: pass\n{0}else:",
        "for": "for x in y:",
        "while": "while x:",
        "with": "with x:",
        "try": "try:",
        "def": "def f():",
        "class": "class A:",
        "match": "match x:\n{0} case 1:",
    }
    found = []
    for name, head in heads.items():
        for levels in (100, 1000, 5000) if name == "if" else (1000,):
            exits = {CLEAN} if levels == 100 else {CLEAN, INCOMPLETE}
            found.append(blocks(f"blocks-{name}-{levels}", head, levels, exits))
    return found


def blocks(name: str, head: str, levels: int, exits: Iterable[int]) -> Case:
    step = 2 if "case" in head else 1

    def put(folder: Path) -> None:
        with (folder / f"{name}.py").open("w") as out:
            for level in range(levels):
                indent = " " * (level * step)
                out.write(indent + head.replace("{0}", indent) + "\n")
            out.write(" " * (levels * step) + "pass\n")
            if head == "try:":
                for level in reversed(range(levels)):
                    out.write(" " * level + "finally: pass\n")

    return Case(name, put, frozenset(exits))


def wide() -> list[Case]:
    """Long, not deep: nothing to refuse, and no time or memory out of proportion."""
    branch = "".join(f"elif x == {number}:\n y = {number}\n" for number in range(10_000))
    return [
        text("wide-elif", "if x:\n pass\n", branch, exits={CLEAN, INCOMPLETE}),
        text("wide-with", "with (", ", ".join(f"a as b{number}" for number in range(10_000)), "):\n pass\n"),
        text("wide-dict", "x = {", "".join(f"{number}: {number},\n" for number in range(200_000)), "}\n"),
        text("wide-list", "x = [", "'abc', " * 200_000, "]\n"),
        text("wide-compare", "x = 1", "<1" * DEEP, "\n"),
        text("wide-and", "x = a", " and a" * DEEP, "\n"),
        text("wide-or-pattern", "match x:\n case 1", "|1" * DEEP, ":\n  pass\n"),
        text("wide-sequence-pattern", "match x:\n case [", "1," * DEEP, "]:\n  pass\n"),
        text("wide-case", "match x:\n", "".join(f" case {number}:\n  pass\n" for number in range(10_000))),
        text("wide-except", "try:\n pass\n", "except A:\n raise\n" * 10_000),
        text("wide-decorators", "@f\n" * 10_000, "def g(): pass\n"),
        text("wide-arguments", "f(", "x, " * DEEP, ")\n"),
        text("wide-keywords", "f(", "".join(f"k{number}=1, " for number in range(DEEP)), ")\n"),
        text("wide-parameters", "def f(", "".join(f"p{number}=1, " for number in range(DEEP)), "): pass\n"),
        text("wide-targets", "x = " * DEEP, "1\n"),
        text("wide-implicit-strings", "x = (", "'a' " * DEEP, ")\n"),
        text("wide-fstring", "x = f'", "{y}" * DEEP, "'\n"),
        text("wide-semicolons", "x=1;" * DEEP, "\n"),
        text("wide-continuations", "x = 1", " \\\n+ 1" * 400, "\n"),
        text("wide-blank-continuations", "x = \\\n", "\\\n" * DEEP, "1\n", exits=ANY),
        text("wide-imports", "".join(f"import m{number}\n" for number in range(50_000))),
        text("wide-from-import", "from m import (", "".join(f"n{number}, " for number in range(50_000)), ")\n"),
        text("wide-relative-dots", "from ", "." * DEEP, " import x\n", exits={CLEAN, INCOMPLETE}),
        text("wide-dotted-import", "import a", ".a" * DEEP, "\n", exits={CLEAN, INCOMPLETE}),
        text("wide-functions", "".join(f"def f{number}(): pass\n" for number in range(50_000))),
        text("wide-one-name", "x = y\n" * DEEP),
        text("wide-one-method", "class A:\n", " def f(self): self.x = self.f()\n" * 20_000),
        text("wide-comments", "# nosec B101 backend-audit: ignore[x] \n" * 50_000, exits=ANY),
        text("wide-name", "x" * (10 * MEGABYTE), " = 1\n"),
        text("wide-number", "x = ", "9" * (5 * MEGABYTE), "\n"),
        text("wide-hex", "x = 0x", "f" * (5 * MEGABYTE), "\n"),
        text("wide-string", "x = '", "a" * (10 * MEGABYTE), "'\n", exits=ANY),
        text("wide-escapes", "x = '", "\\N{BULLET}\\x41\\u0042" * 100_000, "'\n", exits=ANY),
        text("wide-line-with-a-finding", "x = '", "a" * (10 * MEGABYTE), "'; eval(x + input())\n", exits=ANY),
        text("wide-findings", "def f(x):\n", " eval(x)\n" * 20_000, exits={FOUND}),
        text("wide-one-line-of-findings", "def f(x): ", "eval(x);" * 20_000, "\n", exits={FOUND}),
    ]


def chains() -> list[Case]:
    """Text that is shallow while its meaning is deep, circular or exponential."""
    many = range(20_000)

    def bomb(first: str, line: str) -> str:
        return first + "".join(line.format(new=f"a{n + 1}", old=f"a{n}") for n in range(64))

    def reexports() -> Iterable[tuple[str, str]]:
        yield "m0.py", "from pickle import loads\n"
        for number in range(1, 3000):
            yield f"m{number}.py", f"from m{number - 1} import loads\n"
        yield "use.py", "from m2999 import loads\nloads(x)\n"

    def import_ring() -> Iterable[tuple[str, str]]:
        for number in range(300):
            after = (number + 1) % 300
            yield f"p/m{number}.py", f"from p.m{after} import *\nfrom p.m{after} import x, y\nfrom . import m{after}\nz = y\n"
        yield "p/__init__.py", "from p import *\nfrom . import x\nfrom .m0 import x as x\n__all__ = ['x'] + p.__all__\n"

    def module_bomb() -> Iterable[tuple[str, str]]:
        yield "m0.py", "a = 'x' * 10\n"
        for number in range(1, 64):
            yield f"m{number}.py", f"from m{number - 1} import a as b\na = b + b\n"

    both = {CLEAN, INCOMPLETE}
    return [
        text("chain-alias", "a0 = x\n", "".join(f"a{n + 1} = a{n}\n" for n in many), "a20000(1)\n", exits=both),
        text("chain-alias-backwards", "".join(f"def f{n}(): return f{n + 1}()\n" for n in many), exits=both),
        text("chain-classes", "class A0: pass\n", "".join(f"class A{n + 1}(A{n}): pass\n" for n in many), "A20000().f()\n", exits=both),
        text("chain-attributes", "class A:\n def f(self):\n", "".join(f"  self.a{n + 1} = self.a{n}\n" for n in many), exits=both),
        text("chain-constants", "a0 = 'x'\n", "".join(f"a{n + 1} = a{n} + 'x'\n" for n in many), "f(a20000)\n", exits=both),
        text("ring-alias", "a = b\nb = c\nc = a\na(1)\na.b.c(1)\n", exits=both),
        text("ring-classes", "class A(B): pass\nclass B(C): pass\nclass C(A): pass\nA().f()\nC.g()\n", exits=both),
        text("ring-functions", "def f(): return g()\ndef g(): return h()\ndef h(): return f()\nf()()()\n", exits=both),
        text("ring-self", "x = x\nx = x.x\nx = [x, x]\nx = x + x\nclass A(A): x = A.x\nx(x)(x)\n", exits=both),
        text("bomb-plus", bomb("a0 = 'x' * 10\n", "{new} = {old} + {old}\n"), "f(a64)\n", exits=both),
        text("bomb-fstring", bomb("a0 = 'x'\n", "{new} = f'{{{old}}}{{{old}}}'\n"), "f(a64)\n", exits=both),
        text("bomb-percent", bomb("a0 = 'x'\n", "{new} = '%s%s' % ({old}, {old})\n"), "f(a64)\n", exits=both),
        text("bomb-format", bomb("a0 = 'x'\n", "{new} = '{{0}}{{0}}'.format({old})\n"), "f(a64)\n", exits=both),
        text("bomb-join", bomb("a0 = 'x'\n", "{new} = ''.join([{old}, {old}])\n"), "f(a64)\n", exits=both),
        text("bomb-list", bomb("a0 = ['x']\n", "{new} = [{old}, {old}, *{old}]\n"), "f(a64)\n", exits=both),
        text("bomb-calls", bomb("def a0(x): return x\n", "def {new}(x): return {old}({old}(x))\n"), "a64(y)\n", exits=both),
        text("bomb-repeat", "a = 'x' * 10**12\nb = [0] * 10**12\nc = b'x' * 999999999999\nf(a, b, c)\n", exits=both),
        text("bomb-power", "a = 10**10**10\nb = 1 << 10**12\nc = 9**9**9**9\nf(a, b, c)\n", exits=both),
        text("bomb-width", "a = f'{1:>999999999999}'\nb = '%999999999999d' % 1\nc = '{:999999999999}'.format(1)\n", exits=both),
        text("bomb-branches", "a = ''\n", "if x: a = a + 'b'\nelse: a = a + 'c'\n" * 64, "f(a)\n", exits=both),
        text("numbers", "a = 1 // 0 + 1 % 0 + 0 ** -1\nb = '%d' % 'x' + '%' % 1 + '{' .format()\nc = 'x'[9999999999999999999]\n", exits=ANY),
        folder_of("bomb-modules", module_bomb, both),
        folder_of("chain-reexports", reexports, {FOUND, INCOMPLETE}),
        folder_of("ring-imports", import_ring, both),
    ]


def broken() -> list[Case]:
    """No Python; the parser recovers, and what is whole is still judged."""
    syntax = {"exits": {CLEAN, FOUND}, "rule": "python-syntax-error"}
    cut = "def f(x:\n    return x\n\n" + VULNERABLE
    return [
        text("broken-string", "x = 'abc\n", **syntax),
        text("broken-triple-string", "x = '''abc\n" + "y = 1\n" * 1000, **syntax),
        text("broken-fstring", "x = f'{a\n", **syntax),
        text("broken-fstring-2", "x = f'{a!}{b:{'\n", **syntax),
        text("broken-bracket", "x = [1, 2\ny = 3\n", **syntax),
        text("broken-indent", "def f():\n  x = 1\n y = 2\n\tz = 3\n", **syntax),
        text("broken-backslash", "x = 1 \\", **syntax),
        text("broken-prompt", ">>> x = 1\n... y\n$ ls\n", **syntax),
        text("broken-conflict", "<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> main\n", **syntax),
        text("broken-python-2", "print 'x'\nexec 'y' in z\nraise A, 'b'\nx = 0777L <> 1\n", **syntax),
        text("broken-beside-a-finding", cut, exits={FOUND}, rule="python-syntax-error", finds="broken-beside-a-finding.py"),
        text("broken-tokens", "? ! $ ` @ := -> ... ** // <<= >>=\n" * 1000, **syntax),
        text("broken-every-line", "def (\n" * 20_000, exits=ANY, rule="python-syntax-error"),
        text("broken-dedents", "".join(" " * (n % 50) + "if x:\n" for n in range(5000)), exits=ANY, rule="python-syntax-error"),
    ]


def encodings() -> list[Case]:
    noise = random.Random(7).randbytes(MEGABYTE)
    odd = {"exits": ANY}
    return [
        text("bytes-nul", b"x = 1\0\ny = 'a\0b'\n", exits={CLEAN, FOUND}),
        text("bytes-nul-only", b"\0" * MEGABYTE, **odd),
        text("bytes-noise", noise, **odd),
        text("bytes-bad-utf-8", b"x = '\xff\xfe\xc3('\n", notice=("lossless", "bytes-bad-utf-8.py")),
        text("bytes-bad-utf-8-only", b"\xff" * 100_000, **odd),
        text("bytes-cut-utf-8", b"x = 1  # \xf0\x9f\x98", notice=("lossless", "bytes-cut-utf-8.py")),
        text("bytes-bom", b"\xef\xbb\xbfx = 1\n"),
        text("bytes-bom-only", b"\xef\xbb\xbf"),
        text("bytes-utf-16", "x = 1\n".encode("utf-16"), **odd),
        text("bytes-utf-32", "x = 1\n".encode("utf-32"), **odd),
        text("bytes-latin-1", b"# -*- coding: latin-1 -*-\nx = '\xe9'\n"),
        text("bytes-unknown-cookie", b"# coding: klingon\nx = '\xe9'\n", **odd),
        text("bytes-odd-cookies", b"# coding: utf-7\n# coding: rot13\nx = '+AOk-'\n", **odd),
        text("bytes-cookie-utf-16", b"# coding: utf-16-le\nx = 1\n", **odd),
        text("bytes-long-cookie", b"# coding: " + b"a" * MEGABYTE + b"\nx = 1\n", **odd),
        text("bytes-empty", b""),
        text("bytes-newline", b"\n"),
        text("bytes-lone-cr", b"x = 1\ry = 2\r\rdef f():\r    return x\r"),
        text("bytes-mixed-ends", b"x = 1\r\ny = 2\rz = 3\n\x0cw = 4\x0c\n"),
        text("bytes-no-end", b"x = 1"),
        text("bytes-separators", "x = '\u2028\u2029\x85\x0b\x1c\x1d'\n", **odd),
        text("bytes-astral", "def f(x):\n    '\U0001f600' * 9; eval(x)  # \U0001f600\n" * 100, exits={FOUND}),
        text("bytes-bidirectional", "x = '\u202e\u2066'  # \u202e\n", **odd),
        text("bytes-nfkc", "\ufb01le = 1\n\U0001d5d2\U0001d5d7 = fi\u200dle\n", **odd),
        text("bytes-combining", "x = 'e" + "\u0301" * 500_000 + "'\n", **odd),
        text("bytes-controls", b"def f(x):\n    eval(x + '\x1b[31m\x1b]0;title\x07\x08\x7f')  # \x1b[2J\n", exits={FOUND}),
    ]


def sizes() -> list[Case]:
    def sparse(folder: Path) -> None:
        with (folder / "sparse.py").open("wb") as out:
            out.truncate(20_000 * MEGABYTE)

    return [
        text(
            "size-100-megabytes",
            *["x = 1\n" * MEGABYTE] * 17,
            exits={INCOMPLETE},
            notice=("incomplete", "size-100-megabytes.py"),
            max_peak=1000 * MEGABYTE,
        ),
        Case("size-20-gigabytes-sparse", sparse, frozenset({INCOMPLETE}), notice=("incomplete", "sparse.py"), max_peak=1000 * MEGABYTE),
        text("size-5-megabytes", "x = f(y, 'abc', [1, 2, 3])  # a line\n" * 140_000, exits={CLEAN, INCOMPLETE}),
    ]


def files() -> list[Case]:
    """Things in a tree that are no plain readable file."""
    clean, either = frozenset({CLEAN}), frozenset({CLEAN, INCOMPLETE})

    def good(folder: Path, name: str = "good.py", body: str = "x = 1\n") -> Path:
        (folder / name).write_text(body)
        return folder / name

    def link(name: str, target: str) -> Callable[[Path], None]:
        def put(folder: Path) -> None:
            good(folder)
            (folder / name).symlink_to(target)

        return put

    def ring(folder: Path) -> None:
        good(folder)
        (folder / "a.py").symlink_to("b.py")
        (folder / "b.py").symlink_to("a.py")

    def two_rings(folder: Path) -> None:
        for name, other in (("a", "b"), ("b", "a")):
            (folder / name).mkdir()
            good(folder / name)
            (folder / name / "loop").symlink_to(Path("..", other))

    def fifo(folder: Path) -> None:
        good(folder)
        os.mkfifo(folder / "pipe.py")

    def unix_socket(folder: Path) -> None:
        good(folder)
        before = Path.cwd()
        os.chdir(folder)  # the name of a socket is short
        try:
            with socket.socket(socket.AF_UNIX) as server:
                server.bind("socket.py")
        finally:
            os.chdir(before)

    def secret_file(folder: Path) -> None:
        good(folder, "secret.py").chmod(0)

    def secret_folder(folder: Path) -> None:
        good(folder)
        (folder / "secret").mkdir()
        good(folder / "secret", "inside.py")
        (folder / "secret").chmod(0)

    def blind_folder(folder: Path) -> None:
        (folder / "blind").mkdir()
        good(folder / "blind", "inside.py")
        (folder / "blind").chmod(0o444)  # its names can be listed, its files not opened

    def secret_beside(folder: Path) -> None:
        secret_file(folder)
        good(folder, "vulnerable.py", VULNERABLE)

    def bytes_name(folder: Path) -> None:
        Path(os.fsdecode(os.fsencode(folder) + b"/\xff\xfe.py")).write_text(VULNERABLE)

    def bytes_folder(folder: Path) -> None:
        inner = Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9"))
        inner.mkdir()
        good(inner, "vulnerable.py", VULNERABLE)

    def odd_names(folder: Path) -> None:
        for name in ("new\nline.py", "\x1b[31mred.py", "::error::x.py", "a b'\"<>&.py", "-x.py", "\u202egnp.py", "%00.py", "a" * 250 + ".py"):
            good(folder, name, VULNERABLE)

    def deep_folders(folder: Path) -> None:
        inner = str(folder)
        for _ in range(1000):
            inner += "/d"
            os.mkdir(inner)
        good(Path(inner), "vulnerable.py", VULNERABLE)

    def named_like_a_file(folder: Path) -> None:
        (folder / "package.py").mkdir()
        good(folder / "package.py")

    def many(folder: Path) -> None:
        for number in range(5000):
            good(folder, f"m{number}.py", "")

    unreadable = {"exits": frozenset({INCOMPLETE}), "unprivileged": True}
    return [
        Case("file-symlink-loop", link("loop", "."), either),
        Case("file-symlink-up", link("up", "../.."), either),
        Case("file-symlink-rings", two_rings, either),
        Case("file-symlink-self", ring, either),
        Case("file-symlink-self-by-name", ring, frozenset({USAGE, INCOMPLETE}), argument=b"a.py"),
        Case("file-symlink-dangling", link("gone.py", "nowhere.py"), either),
        Case("file-symlink-dangling-by-name", link("gone.py", "nowhere.py"), frozenset({USAGE, INCOMPLETE}), argument=b"gone.py"),
        Case("file-dev-zero", link("zero.py", "/dev/zero"), either),
        Case("file-dev-zero-by-name", link("zero.py", "/dev/zero"), frozenset({USAGE, INCOMPLETE}), argument=b"zero.py"),
        Case("file-dev-null-by-name", link("null.py", "/dev/null"), frozenset({CLEAN, USAGE, INCOMPLETE}), argument=b"null.py"),
        Case("file-fifo", fifo, either),
        Case("file-fifo-by-name", fifo, frozenset({USAGE, INCOMPLETE}), argument=b"pipe.py"),
        Case("file-socket", unix_socket, either),
        Case("file-unreadable", secret_file, notice=("incomplete", "secret.py"), **unreadable),
        Case("file-unreadable-by-name", secret_file, frozenset({USAGE, INCOMPLETE}), argument=b"secret.py", unprivileged=True),
        Case("file-unreadable-folder", secret_folder, notice=("incomplete", "secret"), **unreadable),
        Case("file-blind-folder", blind_folder, notice=("incomplete", "blind"), **unreadable),
        Case(
            "file-unreadable-beside-a-finding",
            secret_beside,
            frozenset({FOUND}),
            notice=("incomplete", "secret.py"),
            finds="vulnerable.py",
            unprivileged=True,
        ),
        Case("file-name-not-utf-8", bytes_name, frozenset({FOUND, INCOMPLETE})),
        Case("file-name-not-utf-8-by-name", bytes_name, frozenset({FOUND, INCOMPLETE}), argument=b"\xff\xfe.py"),
        Case("file-folder-not-utf-8", bytes_folder, frozenset({FOUND, INCOMPLETE})),
        Case("file-odd-names", odd_names, frozenset({FOUND}), finds="line.py"),
        Case("file-deep-folders", deep_folders, frozenset({FOUND, INCOMPLETE})),
        Case("file-folder-named-like-a-file", named_like_a_file, clean),
        Case("file-many-empty", many, clean),
        Case("file-missing", good, frozenset({USAGE}), argument=b"missing.py"),
        Case("file-empty-folder", lambda folder: None, either),
    ]


if __name__ == "__main__":
    sys.exit(main())
