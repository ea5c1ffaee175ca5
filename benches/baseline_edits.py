"""Edits of a tree of Python files that change what it looks like and not what it does wrong.

Each is a function from a folder and a seeded generator to the number of things it changed. A file that the edit
cannot be sure about (broken syntax, an unusual encoding) is left as it is.
"""

from __future__ import annotations

import ast
import io
import os
import random
import re
import subprocess
import tokenize
from collections.abc import Callable
from pathlib import Path

# A comment that another tool obeys is a part of the program: without it a suppressed finding is rightly new.
DIRECTIVE = re.compile(rb"#\s*(nosec|noqa|backend-audit|type:|pylint|pragma|fmt|isort|yapf|flake8|ruff)|coding[:=]|^#!", re.I)


def edits(ruff: Path) -> dict[str, Callable[[Path, random.Random], int]]:
    """The kinds of edits by name, in the order of the report."""
    return {
        "nothing": lambda tree, rng: 0,
        "50 blank lines on top of every file": blank_lines,
        "`ruff format` of the whole tree": lambda tree, rng: ruff_format(tree, ruff),
        "every file renamed": rename_files,
        "a package moved": move_package,
        "comments stripped": strip_comments,
        "functions reordered": reorder_functions,
        "local variables renamed": rename_locals,
    }


def python_files(tree: Path) -> list[Path]:
    found = []
    for root, folders, names in os.walk(tree):
        folders[:] = sorted(set(folders) - {".git"})
        paths = (Path(root, name) for name in sorted(names) if name.endswith((".py", ".pyi")))
        found += [path for path in paths if not path.is_symlink()]
    return found


def parsed(path: Path) -> tuple[str, ast.Module] | None:
    """Text and tree of a file in UTF-8 that Python can read."""
    try:
        text = path.read_bytes().decode("utf-8")
        return text, ast.parse(text)
    except (ValueError, SyntaxError, RecursionError):
        return None


def rewrite(tree: Path, change: Callable[[str, ast.Module], tuple[str, int]]) -> int:
    """Changes every file that can be parsed, as long as it still can be afterwards."""
    total = 0
    for path in python_files(tree):
        known = parsed(path)
        if known is None or "\r" in known[0] or "\f" in known[0]:
            continue
        text, count = change(*known)
        if count:
            ast.parse(text)
            path.write_bytes(text.encode())
            total += count
    return total


def blank_lines(tree: Path, _: random.Random) -> int:
    files = python_files(tree)
    for path in files:
        text = path.read_bytes()
        # Python looks for the name of the encoding in the first two lines only.
        head = b"".join(line for line in text.splitlines(True)[:2] if re.search(rb"coding[:=]", line))
        path.write_bytes(head + b"\n" * 50 + text.removeprefix(head))
    return len(files)


def ruff_format(tree: Path, ruff: Path) -> int:
    before = {path: path.read_bytes() for path in python_files(tree)}
    command = [ruff, "format", "--isolated", "--no-cache", "--quiet", "--no-respect-gitignore", "."]
    subprocess.run(command, cwd=tree, check=False, capture_output=True)
    return sum(path.read_bytes() != text for path, text in before.items())


def rename_files(tree: Path, _: random.Random) -> int:
    files = python_files(tree)
    for path in files:
        path.rename(path.with_name(f"renamed_{path.name}"))
    return len(files)


def move_package(tree: Path, rng: random.Random) -> int:
    """Moves the package with the most files below it that is not most of the tree."""
    packages = [path.parent for path in python_files(tree) if path.name == "__init__.py"]
    sizes = {package: len(python_files(package)) for package in packages}
    small = [package for package, size in sizes.items() if size * 2 <= len(python_files(tree))]
    package = max(small, key=lambda package: (sizes[package], str(package)))
    target = tree / "moved" / f"to{rng.randrange(10)}"
    target.mkdir(parents=True)
    package.rename(target / package.name)
    return sizes[package]


def strip_comments(tree: Path, _: random.Random) -> int:
    def change(text: str, _: ast.Module) -> tuple[str, int]:
        lines = text.splitlines(True)
        count = 0
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type != tokenize.COMMENT or DIRECTIVE.search(token.string.encode()):
                continue
            row, column = token.start
            rest = lines[row - 1][column + len(token.string) :]
            code = lines[row - 1][:column].rstrip()
            lines[row - 1] = code + rest if code else ""
            count += 1
        return "".join(lines), count

    return rewrite(tree, change)


def reorder_functions(tree: Path, rng: random.Random) -> int:
    """Shuffles the functions of each module and class among their places."""

    def change(text: str, module: ast.Module) -> tuple[str, int]:
        lines = text.splitlines(True)
        if lines and not lines[-1].endswith("\n"):
            lines[-1] += "\n"
        moved: dict[int, list[tuple[int, int]]] = {}
        bodies = [module.body] + [node.body for node in module.body if isinstance(node, ast.ClassDef)]
        for body in bodies:
            places = [(first_line(node), node.end_lineno) for node in movable(body)]
            shuffled = rng.sample(places, len(places))
            moved |= {place[0]: [place, new] for place, new in zip(places, shuffled) if place != new}
        return "".join(swapped(lines, moved)), len(moved)

    return rewrite(tree, change)


def swapped(lines: list[str], moved: dict[int, list[tuple[int, int]]]) -> list[str]:
    out: list[str] = []
    row = 1
    while row <= len(lines):
        if row in moved:
            (_, end), (new_start, new_end) = moved[row]
            out += lines[new_start - 1 : new_end]
            row = end + 1
        else:
            out.append(lines[row - 1])
            row += 1
    return out


def movable(body: list[ast.stmt]) -> list[ast.stmt]:
    """The functions of a body whose order means nothing: names bound once, no decorator out of a sibling."""
    functions = [node for node in body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    names = [node.name for node in functions]
    single = [node for node in functions if names.count(node.name) == 1]
    siblings = {node.name for node in body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)}
    used = lambda node: {n.id for d in node.decorator_list for n in ast.walk(d) if isinstance(n, ast.Name)}
    free = [node for node in single if not used(node) & siblings]
    # A function that shares a line with another statement is no block of lines of its own.
    ends = {node.end_lineno for node in body}
    alone = lambda node: sum(other.end_lineno == node.end_lineno for other in body) == 1
    return [node for node in free if alone(node) and first_line(node) not in ends]


def first_line(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return min([node.lineno] + [decorator.lineno for decorator in node.decorator_list])


def rename_locals(tree: Path, _: random.Random) -> int:
    """Gives every parameter and local variable a new name, in functions that hold no other scope by name.

    The new name holds the old one: some rules take a name for evidence (an MD5 that becomes a `checksum`), and a
    rename that takes the evidence away changes what is found.
    """

    def change(text: str, module: ast.Module) -> tuple[str, int]:
        lines = [line.encode() for line in text.splitlines(True)]
        count = 0
        for node in ast.walk(module):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                count += rename_in(node, lines)
        return b"".join(lines).decode(), count

    return rewrite(tree, change)


NESTED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.Global, ast.Nonlocal)
PATTERNS = (ast.MatchAs, ast.MatchStar, ast.MatchMapping)
DYNAMIC = {"locals", "eval", "exec", "vars", "globals", "dir"}


def rename_in(function: ast.FunctionDef | ast.AsyncFunctionDef, lines: list[bytes]) -> bool:
    """Renames in place; leaves the function as it is where the places of its names are not certain."""
    inner = [node for statement in function.body for node in ast.walk(statement)]
    if any(isinstance(node, NESTED + PATTERNS) for node in inner):
        return False
    names = [node for node in inner if isinstance(node, ast.Name)]
    if any(node.id in DYNAMIC for node in names):
        return False
    arguments = function.args
    parameters = arguments.posonlyargs + arguments.args + arguments.kwonlyargs
    parameters += [extra for extra in (arguments.vararg, arguments.kwarg) if extra]
    bound = [node.arg for node in parameters] + [node.id for node in names if isinstance(node.ctx, ast.Store)]
    imported = {(alias.asname or alias.name).split(".")[0] for node in inner if isinstance(node, ast.Import | ast.ImportFrom) for alias in node.names}
    caught = {node.name for node in inner if isinstance(node, ast.ExceptHandler)}
    local = [name for name in dict.fromkeys(bound) if name not in imported | caught | {"self", "cls", "__class__"}]
    new = {name: f"{name}_renamed" for name in local}
    places = [(node.lineno, node.col_offset, node.id) for node in names if node.id in new]
    places += [(node.lineno, node.col_offset, node.arg) for node in parameters if node.arg in new]
    return bool(places) and replaced(function, lines, places, new)


def replaced(function, lines: list[bytes], places: list[tuple[int, int, str]], new: dict[str, str]) -> bool:
    span = slice(first_line(function) - 1, function.end_lineno)
    old = lines[span]
    for row, column, name in sorted(places, reverse=True):
        line, raw = lines[row - 1], name.encode()
        # Python 3.11 is not always right about places within f-strings.
        if line[column : column + len(raw)] != raw:
            lines[span] = old
            return False
        lines[row - 1] = line[:column] + new[name].encode() + line[column + len(raw) :]
    if not same_but_for(old, lines[span], new):
        lines[span] = old
        return False
    return True


def same_but_for(old: list[bytes], changed: list[bytes], new: dict[str, str]) -> bool:
    """Whether nothing but the names differs."""
    indent = len(old[0]) - len(old[0].lstrip())
    try:
        trees = [ast.parse((b"if 1:\n" if indent else b"") + b"".join(part)) for part in (old, changed)]
    except SyntaxError:
        return False
    for node in ast.walk(trees[0]):
        if isinstance(node, ast.Name):
            node.id = new.get(node.id, node.id)
        elif isinstance(node, ast.arg):
            node.arg = new.get(node.arg, node.arg)
    return ast.dump(trees[0]) == ast.dump(trees[1])
