#!/usr/bin/env python3
"""Fetch the benchmark's corpus: 21 Python packages, each at an exact version.

Wheels come from `pip download`; a package that publishes no wheel comes as its
sdist. Archives are unpacked as data: nothing of them is imported, built or run.
The sha256 of every archive stands in `benches/corpus.lock`; an archive that
differs is an error. Running it again fetches only what is missing.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
LOCK = HERE / "corpus.lock"

# Wheels are chosen for one fixed target, so every machine gets the same archives.
PYTHON_VERSION = "3.13"
PLATFORMS = ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64")

PACKAGES = {
    "django": "5.2",
    "apache-superset": "6.1.0",
    "homeassistant": "2024.3.3",
    "sympy": "1.14.0",
    "transformers": "5.23.0",
    "wagtail": "8.0.1",
    "pretix": "2026.8.0",
    "djangorestframework": "3.18.3",
    "flask": "3.1.3",
    "fastapi": "0.165.0",
    "starlette": "1.10.0",
    "sanic": "25.12.1",
    "tornado": "6.6.1",
    "aiohttp": "3.14.5",
    "apache-airflow-core": "3.3.2",
    "mlflow": "3.18.0",
    "prefect": "3.9.1",
    "sentry-sdk": "2.75.0",
    "ansible-core": "2.21.5",
    "salt": "3008.5",
    "notebook": "7.6.5",
}
SDISTS = {"salt"}

EXPECTED_FILES = 22_926
EXPECTED_LINES = 5.91e6
EXPECTED_BYTES = 220e6

# Finds and stores an sdist with pip's own index client, and stops there:
# `pip download --no-binary` would go on to run the package's build for its metadata.
# Pip has no public command for this, so private modules are used.
FETCH_SDIST = """
import sys
from pathlib import Path
from pip._internal.commands import create_command
from pip._vendor.packaging.specifiers import SpecifierSet

name, version, folder = sys.argv[1:]
command = create_command("download")
options, _ = command.parse_args(["--no-deps", "--no-binary", name, "--dest", folder, name])
with command.main_context():
    session = command.get_default_session(options)
    finder = command._build_package_finder(options, session)
    best = finder.find_best_candidate(name, SpecifierSet("==" + version)).best_candidate
    if best is None:
        sys.exit(f"no sdist of {name} {version} in the index")
    answer = session.get(best.link.url_without_fragment, headers={"Accept-Encoding": "identity"}, stream=True)
    answer.raise_for_status()
    partial = Path(folder, best.link.filename + ".part")
    with partial.open("wb") as out:
        for chunk in answer.iter_content(1 << 16):
            out.write(chunk)
    partial.rename(partial.with_suffix(""))
"""


def main() -> int:
    arguments = parse_arguments()
    if arguments.list:
        print("\n".join(f"{name}=={version}" for name, version in PACKAGES.items()))
        return 0
    unknown = set(arguments.package) - set(PACKAGES)
    if unknown:
        sys.exit(f"error: not in the corpus: {', '.join(sorted(unknown))}")
    fetch(arguments.package or list(PACKAGES))
    return 0 if report(arguments.package) else 1


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="BACKEND_AUDIT_BENCH_CACHE names the cache folder (default: benches/.cache).",
    )
    parser.add_argument("package", nargs="*", help="fetch these only (default: all)")
    parser.add_argument("--list", action="store_true", help="print the packages and stop")
    return parser.parse_args()


def cache_folder() -> Path:
    return Path(os.environ.get("BACKEND_AUDIT_BENCH_CACHE") or HERE / ".cache").resolve()


def corpus_folder() -> Path:
    return cache_folder() / "corpus"


def tools_folder() -> Path:
    """The virtual environment for pip, ruff and bandit; made when it is absent."""
    folder = cache_folder() / "venv"
    if not (folder / "bin" / "pip").exists():
        print(f"making {folder}", flush=True)
        venv.create(folder, with_pip=True)
    return folder


def fetch(names: list[str]) -> None:
    if not hasattr(tarfile, "data_filter"):
        sys.exit("error: this Python is too old to unpack an sdist safely (3.11.4 or newer is needed)")
    lock = read_lock()
    for name in names:
        version = PACKAGES[name]
        target = corpus_folder() / f"{name}-{version}"
        marker = cache_folder() / "archives" / f"{name}-{version}" / "unpacked"
        archive = stored_archive(name, version) or download(name, version)
        key = f"{name}=={version}"
        digest = sha256(archive)
        if lock.setdefault(key, (digest, archive.name))[0] != digest:
            archive.unlink()
            sys.exit(
                f"error: {archive.name} has sha256 {digest}, {LOCK.name} says {lock[key][0]}\n"
                "The archive was removed; run again, or remove the line if the change is wanted."
            )
        if target.is_dir() and marker.exists() and marker.read_text() == digest:
            continue
        unpack(archive, target)
        marker.write_text(digest)
        write_lock(lock)
    write_lock(lock)


def stored_archive(name: str, version: str) -> Path | None:
    folder = cache_folder() / "archives" / f"{name}-{version}"
    found = [path for path in folder.glob("*") if path.suffix in {".whl", ".gz"}]
    return found[0] if len(found) == 1 else None


def download(name: str, version: str) -> Path:
    folder = cache_folder() / "archives" / f"{name}-{version}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    print(f"fetching {name} {version}", flush=True)
    python = tools_folder() / "bin" / "python"
    if name in SDISTS:
        command = [python, "-c", FETCH_SDIST, name, version, folder]
    else:
        command = [python, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
        command += ["--implementation", "cp", "--python-version", PYTHON_VERSION]
        for platform in PLATFORMS:
            command += ["--platform", platform]
        command += ["--dest", folder, f"{name}=={version}"]
    if subprocess.run([str(part) for part in command], check=False).returncode != 0:
        sys.exit(f"error: {name} {version} could not be fetched")
    archive = stored_archive(name, version)
    if archive is None:
        sys.exit(f"error: {folder} does not hold exactly one archive")
    return archive


def unpack(archive: Path, target: Path) -> None:
    """Unpack beside the target and rename, so a killed run leaves no half package."""
    partial = cache_folder() / "partial" / target.name
    for stale in (partial, target):
        shutil.rmtree(stale, ignore_errors=True)
    partial.mkdir(parents=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            wheel.extractall(partial)
    else:
        with tarfile.open(archive) as sdist:
            sdist.extractall(partial, filter="data")
    partial.rename(target)


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_lock() -> dict[str, tuple[str, str]]:
    if not LOCK.exists():
        return {}
    lines = [line.split() for line in LOCK.read_text().splitlines() if line and not line.startswith("#")]
    return {key: (digest, archive) for key, digest, archive in lines}


def write_lock(lock: dict[str, tuple[str, str]]) -> None:
    order = [f"{name}=={version}" for name, version in PACKAGES.items()]
    lines = [f"{key} {lock[key][0]} {lock[key][1]}" for key in order if key in lock]
    text = "\n".join(["# package==version sha256 archive; written and checked by benches/fetch.py", *lines, ""])
    if not LOCK.exists() or LOCK.read_text() != text:
        LOCK.write_text(text)


def python_files(folder: Path) -> list[Path]:
    """Every regular `.py` file below a folder; links are not followed."""
    found = []
    for root, _, names in os.walk(folder):
        paths = (Path(root, name) for name in names if name.endswith(".py"))
        found += [path for path in paths if not path.is_symlink()]
    return found


def report(only: list[str]) -> bool:
    print(f"{'package':<32}{'files':>8}{'lines':>12}{'bytes':>14}")
    total = [0, 0, 0]
    complete = True
    for name, version in PACKAGES.items():
        folder = corpus_folder() / f"{name}-{version}"
        if not folder.is_dir():
            complete = False
            continue
        files = python_files(folder)
        contents = [path.read_bytes() for path in files]
        row = [len(files), sum(text.count(b"\n") for text in contents), sum(map(len, contents))]
        total = [left + right for left, right in zip(total, row)]
        print(f"{folder.name:<32}{row[0]:>8,}{row[1]:>12,}{row[2]:>14,}")
    print(f"{'total':<32}{total[0]:>8,}{total[1]:>12,}{total[2]:>14,}")
    strange = {path.name for path in corpus_folder().iterdir()} - {f"{n}-{v}" for n, v in PACKAGES.items()}
    if strange:
        print(f"not of this corpus: {', '.join(sorted(strange))}")
    if not complete:
        print("the corpus is not complete")
        return bool(only) and not strange
    same = (
        total[0] == EXPECTED_FILES
        and abs(total[1] / EXPECTED_LINES - 1) < 0.005
        and abs(total[2] / EXPECTED_BYTES - 1) < 0.005
    )
    expected = f"{EXPECTED_FILES:,} files, {EXPECTED_LINES / 1e6:.2f} M lines, {EXPECTED_BYTES / 1e6:.0f} MB"
    print(f"as expected ({expected})" if same else f"DIFFERS from what is expected: {expected}")
    return same and not strange


if __name__ == "__main__":
    sys.exit(main())
