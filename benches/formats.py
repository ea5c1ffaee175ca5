"""Times each report format on one file of 16,000 lines with 20,000 findings, as a module and as a notebook.

    cargo build --release --locked
    python3 benches/formats.py [target/release/backend-audit]
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FORMATS = ["console", "json", "sarif", "github", "gitlab", "junit", "markdown", "csv", "bandit"]
ROUNDS = 3


def main() -> None:
    binary = str(Path(sys.argv[1] if len(sys.argv) > 1 else "target/release/backend-audit").resolve())
    four = "eval(a{0}); eval(b{0})\neval(c{0})\neval('é' + d{0})\neval(e{0})\n"
    text = "".join(four.format(number) for number in range(4000))
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "source": text.splitlines(keepends=True)}
    notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    with tempfile.TemporaryDirectory() as folder:
        module, other, report = (Path(folder) / name for name in ("module.py", "notebook.ipynb", "report"))
        module.write_text(text, encoding="utf-8")
        other.write_text(json.dumps(notebook, indent=1), encoding="utf-8")
        print(f"{'format':10} {'module s':>9} {'notebook s':>11} {'report MB':>10}")
        for name in FORMATS:
            took = [best(binary, name, file, report) for file in (module, other)]
            print(f"{name:10} {took[0]:9.2f} {took[1]:11.2f} {report.stat().st_size / 1e6:10.1f}")


def best(binary: str, name: str, file: Path, report: Path) -> float:
    """The shortest wall time of a scan of a file, in seconds."""
    command = [binary, "scan", "--isolated", "--exit-zero", str(file), "--format", name, "--output", str(report)]
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
        times.append(time.perf_counter() - start)
    return min(times)


if __name__ == "__main__":
    main()
