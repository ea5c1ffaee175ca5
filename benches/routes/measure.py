"""What the scripts of this folder share: an application in a virtual environment of its own, what it reports about its
routes at run time, and the comparison with `backend-audit routes`.

A script gives `main` the applications and the code that turns `app` into `found`, a list of `[methods, path, module of
the handler]`. Compared are pairs of method and path; where the tool says that a part of a path is not known (`…`: it
stands in a config file), the pair is counted on neither side, and printed as a number. Left out on the side of the application are `HEAD` and `OPTIONS`
that the framework adds, and handlers that are not in the packages scanned (pages of the framework and of extensions);
their number is printed. Paths are compared without the spelling of converters and without what a framework takes for
the same: see `plain`.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field

HERE = pathlib.Path(__file__).resolve().parent
CACHE = pathlib.Path(os.environ.get("BACKEND_AUDIT_BENCH_CACHE", HERE.parent / ".cache")) / "routes"
FIXTURES = HERE.parent.parent / "tests" / "routes"
BOUND = 0.97


@dataclass
class App:
    """`code` makes `app`; `packages` are scanned and own the routes; `folder` is scanned instead, and imported from."""

    requirements: list[str]
    code: str
    packages: list[str] = field(default_factory=list)
    folder: pathlib.Path | None = None
    environment: dict[str, str] = field(default_factory=dict)
    python: str = sys.executable


def own(case: str, *requirements: str, code: str = "from app import app") -> App:
    """An application of the tests."""
    return App(list(requirements), code, folder=FIXTURES / case)


def install(name: str, app: App) -> pathlib.Path:
    home = CACHE / name
    python = home / "bin" / "python"
    done = home / "done"
    wanted = "\n".join(app.requirements)
    if not done.exists() or done.read_text() != wanted:
        subprocess.run([app.python, "-m", "venv", str(home)], check=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, *app.requirements], check=True)
        done.write_text(wanted)
    return python


def place(name: str, python: pathlib.Path, app: App) -> pathlib.Path:
    """What is scanned: a folder with the packages in it, as a repository has them."""
    if app.folder:
        return app.folder
    site = next((python.parent.parent / "lib").glob("python*/site-packages"))
    source = CACHE / "source" / name
    for package in app.packages:
        (source / package).parent.mkdir(parents=True, exist_ok=True)
        if (site / package).is_file():
            shutil.copy(site / package, source / package)
        elif not (source / package).exists():
            left = shutil.ignore_patterns("__pycache__", "node_modules")
            shutil.copytree(site / package, source / package, ignore=left)
    return source


def at_run_time(python: pathlib.Path, app: App, dump: str) -> list[tuple[list[str], str, str]]:
    work = CACHE / "work"
    work.mkdir(parents=True, exist_ok=True)
    ran = subprocess.run(
        [str(python), "-W", "ignore", "-c", app.code + "\n" + dump + "\nimport json\nprint('\\n@@' + json.dumps(found))"],
        capture_output=True,
        text=True,
        cwd=app.folder or work,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **app.environment},
    )
    line = next((line for line in ran.stdout.splitlines() if line.startswith("@@")), None)
    if line is None:
        sys.exit(f"the application did not start:\n{ran.stderr[-3000:]}")
    return [tuple(one) for one in json.loads(line[2:])]


def audited(binary: str, path: pathlib.Path, framework: str) -> list[dict]:
    command = [binary, "routes", str(path), "--no-ignore", "--format", "json", "--framework", framework]
    ran = subprocess.run(command, capture_output=True, text=True)
    if ran.returncode != 0:
        sys.exit(ran.stderr)
    listed = json.loads(ran.stdout)
    return listed["routes"] if isinstance(listed, dict) else listed


def plain(path: str, strict: bool) -> str:
    """A path without converters: `/users/<>`, `/users/<>`, `/users/<>`; groups of patterns as they are."""
    path = path.removesuffix("$").removeprefix("^")
    path = re.sub(r"<[^<>/]*?(<[^<>]*>)?[^<>/]*>", "<>", path)
    path = re.sub(r"\{[^{}]*(\{[^{}]*\}[^{}]*)*\}", "<>", path)
    path = path.replace("//", "/")
    # A path starts with a slash, whatever pattern it is matched with.
    path = "/" + path if path.startswith(".*") else path
    return path if strict else path.rstrip("/") or "/"


def pairs(methods: list[str], path: str, strict: bool) -> set[tuple[str, str]]:
    kept = [one for one in methods if not (one in ("HEAD", "OPTIONS") and len(methods) > 1)]
    return {(one, plain(path, strict)) for one in kept}


def fits(path: str, pattern: str) -> bool:
    return re.fullmatch(".*".join(map(re.escape, pattern.split("…"))), path) is not None


def measure(name: str, app: App, dump: str, options: argparse.Namespace) -> bool:
    python = install(name if not app.folder else "own-" + options.framework, app)
    scanned = place(name, python, app)
    roots = {package.split("/")[0] for package in app.packages}
    wanted: dict[tuple[str, str], str] = {}
    others = set()
    for methods, path, module in at_run_time(python, app, dump):
        root = module.split(".")[0]
        is_own = (app.folder / f"{root}.py").exists() if app.folder else root in roots
        for pair in pairs(methods, path, options.strict):
            if is_own:
                wanted[pair] = module
            else:
                others.add(pair)
    got: dict[tuple[str, str], dict] = {}
    for route in audited(options.bin, scanned, options.framework):
        if route["mounted"] or not (options.mounted or app.folder):
            methods = route["methods"] if isinstance(route["methods"], list) else route["methods"].split(",")
            got |= {pair: route for pair in pairs(methods, route["path"], options.strict)}
    missing, extra = sorted(set(wanted) - set(got)), sorted(set(got) - set(wanted) - others)
    partly = {(one, of) for of in extra if "…" in of[1] for one in missing if one[0] == of[0] and fits(one[1], of[1])}
    missing = [one for one in missing if one not in {left for left, _ in partly}]
    extra = [of for of in extra if of not in {right for _, right in partly}]
    wanted = {pair: wanted[pair] for pair in wanted if pair in got or pair in missing}
    right = len(wanted) - len(missing)
    recall, precision = right / max(1, len(wanted)), right / max(1, right + len(extra))
    counts = f"{len(wanted)} at run time ({len(others)} of libraries), {right} found, {len(extra)} more, "
    counts += f"{len({right for _, right in partly})} with a part that is not known"
    print(f"{name:24} recall {recall:7.1%} precision {precision:7.1%}   {counts}", flush=True)
    for pair in missing:
        print(f"    not found  {pair[0]:9} {pair[1]}   {wanted[pair]}")
    for pair in extra:
        print(f"    not there  {pair[0]:9} {pair[1]}   {got[pair]['location']}")
    return recall >= BOUND and precision >= BOUND


def main(framework: str, apps: dict[str, App], dump: str, strict: bool = True) -> None:
    parser = argparse.ArgumentParser(description=sys.modules["__main__"].__doc__)
    parser.add_argument("--bin", default=str(HERE.parent.parent / "target/release/backend-audit"))
    parser.add_argument("--mounted", action="store_true", help="count only routes that are part of an application")
    parser.add_argument("names", nargs="*", help="only these applications")
    options = parser.parse_args()
    options.framework, options.strict = framework, strict
    named = {name: app for name, app in apps.items() if not options.names or name in options.names}
    results = [measure(name, app, dump, options) for name, app in named.items()]
    sys.exit(0 if all(results) else 1)
