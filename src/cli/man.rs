//! `backend-audit man`: manual pages, for who packages the tool.

use std::process::ExitCode;

use clap::{Args, CommandFactory};
use clap_mangen::Man;

use crate::error::Error;
use crate::report::target::Target;

#[derive(Debug, Args)]
pub struct Arguments {
    /// The command that the page is about: `scan`, `baseline create`. [default: the tool]
    command: Vec<String>,
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Error> {
    let mut command = super::Arguments::command();
    // Gives the commands below their whole names.
    command.build();
    let mut page = &command;
    for name in &arguments.command {
        page = page.find_subcommand(name).ok_or_else(|| Error::Usage {
            option: "man".to_owned(),
            reason: format!("there is no command `{}`", arguments.command.join(" ")),
            hint: Some("`backend-audit --help` lists the commands".to_owned()),
        })?;
    }
    let page = Man::new(page.clone());
    Target::Stdout.write(|out| page.render(out))?;
    Ok(ExitCode::SUCCESS)
}
