"""What docs/ci.md and docs/pre-commit.md say is what action.yml, the manifest and the workflows have."""

import re
import unittest

from support import ROOT

ACTION = (ROOT / "action.yml").read_text()
CI = (ROOT / "docs/ci.md").read_text()
HOOKS = (ROOT / "docs/pre-commit.md").read_text()


def block(name: str) -> list:
    """The names in a block of action.yml."""
    text = re.search(rf"^{name}:\n((?:  .*\n|\n)+)", ACTION, re.M)[1]
    return re.findall(r"^  ([\w-]+):$", text, re.M)


class Pages(unittest.TestCase):
    def test_every_input_is_described(self):
        table = CI.split("### Inputs")[1].split("###")[0]
        self.assertEqual(sorted(re.findall(r"^\| `([\w-]+)` \|", table, re.M)), sorted(block("inputs")))

    def test_every_output_is_described(self):
        text = CI.split("### Outputs")[1].split("###")[0]
        self.assertEqual(sorted(re.findall(r"`([\w-]+)`", text)), sorted(block("outputs")))

    def test_every_hook_is_described(self):
        ids = re.findall(r"^- id: ([\w-]+)$", (ROOT / ".pre-commit-hooks.yaml").read_text(), re.M)
        self.assertEqual(re.findall(r"^\| `([\w-]+)` \|", HOOKS, re.M), ids)

    def test_an_action_has_one_pin(self):
        pins = {}
        for file in [ROOT / "action.yml", ROOT / "docs/ci.md", *(ROOT / ".github/workflows").iterdir()]:
            for name, pin in re.findall(r"uses: ([\w-]+/[\w/-]+)@([0-9a-f]{40} # v[\d.]+)", file.read_text()):
                self.assertEqual(pins.setdefault(name, pin), pin, f"{file}: {name}")
        self.assertIn("github/codeql-action/upload-sarif", pins)


if __name__ == "__main__":
    unittest.main()
