//! The git program as a person uses it, without anybody's configuration.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// git in a folder.
#[derive(Clone, Debug)]
pub struct Git {
    folder: PathBuf,
}

impl Git {
    /// git in this folder.
    pub fn at(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// Runs a command; whether it succeeded, and what it said.
    ///
    /// # Panics
    /// git cannot be run.
    pub fn attempt(&self, arguments: &[&str]) -> (bool, String) {
        let output = Command::new("git")
            .args(["-c", "user.name=Amy", "-c", "user.email=amy@example.com", "-c", "gc.auto=0"])
            .args(["-c", "maintenance.auto=false", "-c", "safe.directory=*"])
            .args(arguments)
            .current_dir(&self.folder)
            .env("HOME", &self.folder)
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_LFS_SKIP_SMUDGE", "1")
            .stdin(Stdio::null())
            .output()
            .expect("git can be run");
        let said = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&said).into_owned())
    }

    /// Runs a command that has to succeed; what it said.
    ///
    /// # Panics
    /// It fails.
    pub fn run(&self, arguments: &[&str]) -> String {
        let (success, said) = self.attempt(arguments);
        assert!(success, "git {arguments:?}: {said}");
        said
    }
}
