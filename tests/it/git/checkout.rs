//! The `git` program as a person runs it, in a folder that goes with the test.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A folder to work in.
pub(crate) struct Git {
    folder: TempDir,
}

impl Git {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs git, which has to succeed; what it printed.
    pub(crate) async fn run(&self, arguments: &[&str]) -> String {
        self.run_in(".", arguments).await
    }

    /// The same in a folder below.
    pub(crate) async fn run_in(&self, folder: &str, arguments: &[&str]) -> String {
        let output = self.try_in(folder, arguments, &[]).await;
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Runs git, however it ends.
    pub(crate) async fn try_in(
        &self,
        folder: &str,
        arguments: &[&str],
        variables: &[(&str, &str)],
    ) -> Output {
        let mut command = Command::new("git");
        command.current_dir(self.path(folder)).args(arguments).stdin(Stdio::null());
        command
            .env("HOME", self.folder.path())
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_TERMINAL_PROMPT", "0");
        for who in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{who}_NAME"), "Ann").env(format!("GIT_{who}_EMAIL"), "ann@example.com");
        }
        command.envs(variables.iter().copied());
        // The server may live on this runtime: its threads must not be kept busy.
        tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
    }

    /// Writes a file and commits it under its name.
    pub(crate) async fn commit(&self, folder: &str, name: &str, content: &str) {
        std::fs::write(self.path(folder).join(name), content).unwrap();
        self.run_in(folder, &["add", "."]).await;
        self.run_in(folder, &["commit", "-qm", name]).await;
    }
}

/// How many processes work in a folder.
pub(crate) fn gits_in(folder: &Path) -> usize {
    let folder = folder.canonicalize().unwrap();
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    processes
        .filter(|process| std::fs::read_link(process.path().join("cwd")).is_ok_and(|cwd| cwd == folder))
        .count()
}
