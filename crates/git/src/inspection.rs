//! A look at what a push brought, before git accepts it.
//!
//! Git keeps pushed objects in quarantine until its pre-receive hook agrees. The hook made here asks through a named
//! pipe and waits for the answer on another; it lives in a folder of its own, for one push. Pushes that nobody has to
//! look at run without any hook.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use nix::sys::stat::Mode;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::unix::pipe;

use crate::Result;

/// The hook: tells where the objects are, waits for the verdict, and says why if it is a refusal.
const HOOK: &str = r#"#!/bin/sh
folder=${0%/*}
cat > /dev/null
printf '%s\n' "$GIT_OBJECT_DIRECTORY" > "$folder/question" || exit 1
IFS= read -r verdict < "$folder/answer" || exit 1
[ "$verdict" = allowed ] && exit 0
printf '%s\n' "${verdict#refused }" >&2
exit 1
"#;

/// The longest path that is read from the hook.
const PATH_LIMIT: usize = 8 * 1024;

/// The hooks folder of one push; it has to stay until git has ended.
#[derive(Debug)]
pub struct InspectionHook {
    folder: TempDir,
}

/// The other end: the question, and the answer to it.
#[derive(Debug)]
pub struct Inspection {
    question: pipe::Receiver,
    answer: pipe::Sender,
}

impl InspectionHook {
    /// Makes the hook in a new folder below `parent`, where programs can be run.
    pub fn make(parent: &Path) -> Result<(Self, Inspection)> {
        let folder = tempfile::Builder::new().prefix("push-").tempdir_in(parent)?;
        let hook = folder.path().join("pre-receive");
        fs::write(&hook, HOOK)?;
        fs::set_permissions(&hook, fs::Permissions::from_mode(0o700))?;
        for name in ["question", "answer"] {
            nix::unistd::mkfifo(&folder.path().join(name), Mode::S_IRUSR | Mode::S_IWUSR)
                .map_err(io::Error::from)?;
        }
        // Opened for both ways: then neither side waits for the other to open it.
        let mut options = pipe::OpenOptions::new();
        options.read_write(true);
        let question = options.open_receiver(folder.path().join("question"))?;
        let answer = options.open_sender(folder.path().join("answer"))?;
        Ok((Self { folder }, Inspection { question, answer }))
    }

    /// The folder for `core.hooksPath`.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

impl Inspection {
    /// Waits until git has the whole push, and says in which folder its objects are.
    pub async fn objects(&mut self) -> Result<PathBuf> {
        let mut path = Vec::new();
        loop {
            match self.question.read_u8().await? {
                b'\n' => break,
                byte if path.len() < PATH_LIMIT => path.push(byte),
                _ => return Err(io::Error::other("the hook's question has no end").into()),
            }
        }
        Ok(PathBuf::from(<std::ffi::OsString as std::os::unix::ffi::OsStringExt>::from_vec(path)))
    }

    /// Lets the push in, or refuses it with a line for the person at the terminal.
    pub async fn decide(&mut self, verdict: std::result::Result<(), String>) -> Result<()> {
        let line = match verdict {
            Ok(()) => "allowed\n".to_owned(),
            Err(reason) => {
                let line: String = reason.chars().filter(|c| !c.is_control()).take(1000).collect();
                format!("refused {line}\n")
            }
        };
        Ok(self.answer.write_all(line.as_bytes()).await?)
    }
}
