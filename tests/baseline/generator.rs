//! Small Python projects with faults, and edits of them that change no fault. Everything is drawn from a seed.

use std::fmt::Write;
use std::fs;
use std::path::Path;

/// Faults that say nothing of anything around them; `{}` is a local variable.
pub const FAULTS: [(&str, &str, &str); 6] = [
    ("dangerous-eval", "eval({})", "eval(  # why\n{indent}    {},\n{indent})"),
    ("dangerous-eval", "eval({} + \"()\")", "eval(({}) + '()')"),
    ("dangerous-eval", "exec({})", "exec(\n\n{indent}    {}\n{indent})"),
    ("pickle-load", "pickle.loads({})", "(pickle . loads)({},)"),
    ("marshal-load", "marshal.loads({})", "marshal.loads( {} )  # old"),
    ("yaml-load", "yaml.load({}, Loader=yaml.Loader)", "yaml.load({},\n{indent}  Loader = yaml.Loader)"),
];

/// Numbers that look random and are the same for a seed (xorshift64*).
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number below `bound`, which is not 0.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % bound
    }

    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for index in (1..items.len()).rev() {
            items.swap(index, self.below(index + 1));
        }
    }
}

#[derive(Clone, Debug)]
pub struct Project {
    pub files: Vec<SourceFile>,
    /// How it is laid out.
    pub style: Style,
}

#[derive(Clone, Debug)]
pub struct SourceFile {
    pub path: String,
    pub functions: Vec<Function>,
}

#[derive(Clone, Debug)]
pub struct Function {
    /// The class that it is a method of.
    pub class: Option<String>,
    pub name: String,
    pub locals: Vec<String>,
    pub faults: Vec<Fault>,
}

/// A fault of [`FAULTS`] about one of the function's local variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    pub kind: usize,
    pub local: usize,
}

impl Fault {
    pub fn random(random: &mut Random) -> Fault {
        Fault { kind: random.below(FAULTS.len()), local: random.below(2) }
    }

    pub fn rule(self) -> &'static str {
        FAULTS[self.kind].0
    }
}

#[derive(Clone, Debug, Default)]
pub struct Style {
    pub blank_lines: usize,
    pub comments: bool,
    pub reformatted: bool,
}

/// Edits that change no fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit {
    BlankLines,
    Comments,
    Reformat,
    RenameFiles,
    MoveFolder,
    Reorder,
    RenameLocals,
}

impl Edit {
    pub const ALL: [Edit; 7] = [
        Edit::BlankLines,
        Edit::Comments,
        Edit::Reformat,
        Edit::RenameFiles,
        Edit::MoveFolder,
        Edit::Reorder,
        Edit::RenameLocals,
    ];
}

impl Project {
    pub fn random(random: &mut Random) -> Project {
        let files = (0..2 + random.below(4)).map(|index| {
            let folder = ["app", "app/api", "jobs"][random.below(3)];
            SourceFile { path: format!("{folder}/m{index}.py"), functions: Function::some(random) }
        });
        Project { files: files.collect(), style: Style::default() }
    }

    pub fn apply(&mut self, edit: Edit, random: &mut Random) {
        match edit {
            Edit::BlankLines => self.style.blank_lines += 1 + random.below(50),
            Edit::Comments => self.style.comments = true,
            Edit::Reformat => self.style.reformatted = true,
            Edit::RenameFiles => {
                for file in &mut self.files {
                    file.path = file.path.replace(".py", "_new.py");
                }
            }
            Edit::MoveFolder => {
                for file in self.files.iter_mut().filter(|file| file.path.starts_with("app/")) {
                    file.path = format!("src/{}", file.path);
                }
            }
            Edit::Reorder => self.files.iter_mut().for_each(|file| random.shuffle(&mut file.functions)),
            Edit::RenameLocals => {
                for function in self.files.iter_mut().flat_map(|file| &mut file.functions) {
                    function.locals.iter_mut().for_each(|name| name.insert_str(0, "the_"));
                }
            }
        }
    }

    /// Where the functions are, as indices of file and function.
    pub fn places(&self) -> Vec<(usize, usize)> {
        let of_file = |(index, file): (usize, &SourceFile)| {
            (0..file.functions.len()).map(move |function| (index, function))
        };
        self.files.iter().enumerate().flat_map(of_file).collect()
    }

    pub fn function(&mut self, (file, function): (usize, usize)) -> &mut Function {
        &mut self.files[file].functions[function]
    }

    /// Writes it into an empty folder.
    pub fn write(&self, folder: &Path) {
        for file in &self.files {
            let path = folder.join(&file.path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, file.text(&self.style)).unwrap();
        }
    }
}

impl Function {
    fn some(random: &mut Random) -> Vec<Function> {
        let mut functions = Vec::new();
        for index in 0..=random.below(4) {
            functions.push(Function {
                class: random.chance(40).then(|| format!("Shop{}", random.below(2))),
                name: format!("do{index}"),
                locals: vec!["first".to_owned(), "second".to_owned()],
                faults: (0..random.below(4)).map(|_| Fault::random(random)).collect(),
            });
        }
        functions
    }

    fn text(&self, style: &Style, out: &mut String) {
        let outer = if self.class.is_some() { "    " } else { "" };
        let indent = format!("{outer}    ");
        if let Some(class) = &self.class {
            writeln!(out, "class {class}_{}:", self.name).unwrap();
        }
        let myself = if self.class.is_some() { "self, " } else { "" };
        writeln!(out, "{outer}def {}({myself}{}):", self.name, self.locals.join(", ")).unwrap();
        for fault in &self.faults {
            if style.comments {
                writeln!(out, "{indent}# a remark").unwrap();
            }
            let (_, plain, reformatted) = FAULTS[fault.kind];
            let text = if style.reformatted { reformatted } else { plain };
            let text = text.replace("{indent}", &indent).replace("{}", &self.locals[fault.local]);
            writeln!(out, "{indent}{text}").unwrap();
        }
        writeln!(out, "{indent}return 1\n").unwrap();
    }
}

impl SourceFile {
    fn text(&self, style: &Style) -> String {
        let mut out = "\n".repeat(style.blank_lines);
        out += "import marshal\nimport pickle\nimport yaml\n\n\n";
        self.functions.iter().for_each(|function| function.text(style, &mut out));
        out
    }
}
