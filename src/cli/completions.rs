//! `backend-audit completions`: what a shell needs to complete commands and options.

use std::process::ExitCode;

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::error::Error;
use crate::report::target::Target;

#[derive(Debug, Args)]
#[command(after_help = "For example: backend-audit completions bash > \
                        ~/.local/share/bash-completion/completions/backend-audit")]
pub struct Arguments {
    /// The shell.
    #[arg(value_enum)]
    shell: Shell,
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Error> {
    let mut command = super::Arguments::command();
    let name = command.get_name().to_owned();
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, name, &mut script);
    Target::Stdout.write(|out| out.write_all(&script))?;
    Ok(ExitCode::SUCCESS)
}
