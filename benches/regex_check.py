#!/usr/bin/env python3
"""Checks what the rules on regular expressions say against Python's own engine.

  regex_check.py BINARY DIR... [--draw N] [--seed S] [--rules RULES] [--show]

Takes the constant patterns that are given to `re` in all files below DIR, has BINARY judge them, draws N of those
that it finds slow, and runs each in a process of its own on the text that the finding names, longer each time. Told
for each rule: how many patterns, how many found, and of those drawn how many take time that grows faster than the
length of the text, with the power that fits the last two times.
"""
import argparse, ast, collections, json, math, os, random, re, subprocess, sys, tempfile, warnings

FUNCTIONS = {"compile", "match", "search", "fullmatch", "findall", "finditer", "sub", "subn", "split"}
RULES = "exponential-regex,slow-regex"

# Runs one pattern; every line is the length of a text and the seconds it took.
CHILD = r"""
import json, re, sys, time, warnings
warnings.simplefilter("ignore")
function, flags, pattern, text = json.loads(sys.argv[1])
compiled = re.compile(pattern, flags)
run = {"match": compiled.match, "fullmatch": compiled.fullmatch}.get(function, compiled.search)
n = 4
while n < 500_000:
    subject = eval(text, {"n": n})
    start = time.perf_counter()
    run(subject)
    taken = time.perf_counter() - start
    print(len(subject), taken, flush=True)
    if taken > 0.25:
        break
    n = int(n * 1.4) + 1
"""


def patterns(folders):
    """Function, flags and pattern of each call with a constant pattern, each once, in order."""
    found = {}
    for folder in folders:
        for root, dirs, files in os.walk(folder):
            dirs.sort()
            for name in sorted(files):
                if name.endswith(".py"):
                    read(os.path.join(root, name), found)
    return list(found)


def read(path, found):
    try:
        with open(path, encoding="utf-8", errors="replace") as source:
            text = source.read()
        tree = ast.parse(text) if "re." in text else None
    except (OSError, SyntaxError, ValueError, RecursionError):
        return
    for node in ast.walk(tree) if tree else ():
        is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args
        if not is_call or getattr(node.func.value, "id", None) != "re" or node.func.attr not in FUNCTIONS:
            continue
        first = node.args[0]
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            names = [name for name in re.findall(r"\bre\.([A-Z]+)", ast.unparse(node)) if hasattr(re, name)]
            flags = sum({int(getattr(re, name)) for name in names})
            try:
                first.value.encode()
                re.compile(first.value, flags)
            except (re.error, UnicodeError, OverflowError, ValueError):
                continue
            function = "search" if node.func.attr == "compile" else node.func.attr
            found[(function, flags, first.value)] = True


def judged(binary, calls, rules):
    """The findings of a file of these calls: index of the call, rule, text."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "patterns.py")
        with open(path, "w", encoding="utf-8") as out:
            out.write("import re\n")
            for function, flags, pattern in calls:
                named = [flag.name for flag in re.RegexFlag if flag & flags and flag != re.RegexFlag.UNICODE]
                given = "".join(f" | re.{name}" for name in named)
                out.write(f"re.{function}({ascii(pattern)}, text, flags=0{given})\n")
        run = subprocess.run(
            [binary, "scan", path, "--isolated", "--no-ignore", "--select", rules, "--format", "json", "--exit-zero"],
            capture_output=True, check=True, text=True)
    for finding in json.loads(run.stdout)["findings"]:
        text = re.search(r"`(.*)`$", finding["message"]).group(1)
        yield finding["start"]["line"] - 2, finding["rule"], text


def timed(call, text):
    arguments = json.dumps([*call, text])
    child = subprocess.Popen([sys.executable, "-c", CHILD, arguments], stdout=subprocess.PIPE, text=True)
    try:
        out, _ = child.communicate(timeout=8)
    except subprocess.TimeoutExpired:
        child.kill()
        out, _ = child.communicate()
        out += "\n0 8"
    times = [tuple(map(float, line.split())) for line in out.splitlines() if line.strip()]
    if times and times[-1][0] == 0:
        return "stuck", times
    slow = [pair for pair in times if pair[1] > 1e-4]
    if len(slow) < 2:
        return "fast", times
    (short, few), (long, many) = slow[0], slow[-1]
    return math.log(many / few) / math.log(long / short), times


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--draw", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rules", default=RULES)
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    calls = patterns(options.folders)
    by_rule = collections.defaultdict(list)
    for index, rule, text in judged(options.binary, calls, options.rules):
        by_rule[rule].append((index, text))
    print(f"{len(calls)} patterns")
    for rule, findings in sorted(by_rule.items()):
        drawn = random.Random(options.seed).sample(findings, min(options.draw, len(findings)))
        superlinear = 0
        for index, text in drawn:
            power, times = timed(calls[index], text)
            is_slow = power == "stuck" or power != "fast" and power > 1.5
            superlinear += is_slow
            if options.show or not is_slow:
                shown = power if isinstance(power, str) else f"{power:.1f}"
                length, taken = times[-1] if times else (0, 0)
                print(f"  {shown} {int(length)} {taken:.2f} s  {text}  {calls[index][2]!r:.120}")
        print(f"{rule}: {len(findings)} found, {superlinear} of {len(drawn)} drawn are slower than linear")


if __name__ == "__main__":
    main()
