//! A change in one file that makes the code of another dangerous is reported where the danger is.

use crate::run::{committed, staged};

/// Each: the files before, what the change writes (empty: deletes), and what is then reported.
type Case = (&'static [(&'static str, &'static str)], &'static [(&'static str, &'static str)], &'static str);

const SHELL: &str = "import subprocess\nfrom app.settings import TOOL\n\n\ndef run():\n    subprocess.run(TOOL, shell=True)\n";
const FETCH: &str = "import requests\nfrom app.settings import VERIFY\n\n\ndef get(url):\n    return requests.get(url, verify=VERIFY, timeout=9)\n";
const LOAD: &str = "import yaml\nfrom app.loaders import Loader\n\n\ndef read(text):\n    return yaml.load(text, Loader=Loader)\n";
const SAFE: &str = "import yaml\n\n\nclass Loader(yaml.SafeLoader):\n    pass\n";
const UNSAFE: &str = "import yaml\n\n\nclass Loader(yaml.Loader):\n    pass\n";

const CASES: &[Case] = &[
    // A constant is gone: nobody knows what the text is.
    (
        &[("app/__init__.py", "\n"), ("app/settings.py", "TOOL = \"ls -l\"\n"), ("app/jobs.py", SHELL)],
        &[("app/settings.py", "import sys\n\nTOOL = sys.argv[1]\n")],
        "app/jobs.py:6 command-injection",
    ),
    // A default is changed.
    (
        &[("app/__init__.py", "\n"), ("app/settings.py", "VERIFY = True\n"), ("app/api.py", FETCH)],
        &[("app/settings.py", "VERIFY = False\n")],
        "app/api.py:6 tls-verify-disabled",
    ),
    // A name stands for something else.
    (
        &[
            ("app/__init__.py", "\n"),
            ("app/loaders.py", "from yaml import SafeLoader as Loader\n"),
            ("app/read.py", LOAD),
        ],
        &[("app/loaders.py", "from yaml import UnsafeLoader as Loader\n")],
        "app/read.py:6 yaml-load",
    ),
    // What a class inherits is changed.
    (
        &[("app/__init__.py", "\n"), ("app/loaders.py", SAFE), ("app/read.py", LOAD)],
        &[("app/loaders.py", UNSAFE)],
        "app/read.py:6 yaml-load",
    ),
];

#[test]
fn the_danger_is_reported_where_it_is() {
    for (before, change, expected) in CASES {
        let repo = committed(before);
        assert_eq!(staged(&repo, &[]), [""; 0]);
        assert_eq!(staged(&repo, change), [*expected], "{change:?}");
        repo.git("commit -qm second");
        assert_eq!(staged(&repo, &[]), [""; 0]);
    }
}
