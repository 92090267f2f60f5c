//! Repositories made by the real `git`, for comparing what we say with what it says.
#![allow(dead_code, unreachable_pub, missing_docs, clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use oolong_git::{GitProgram, InitOptions, Moment, ObjectId, Repo, Signature, init};

pub struct Fixture {
    pub folder: tempfile::TempDir,
    pub bare: PathBuf,
    pub work: PathBuf,
}

impl Fixture {
    /// An empty bare repository and a worktree beside it.
    pub fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (bare, work) = (folder.path().join("bare.git"), folder.path().join("work"));
        init(&bare, &InitOptions::default()).unwrap();
        let fixture = Self { folder, bare, work };
        std::fs::create_dir(&fixture.work).unwrap();
        fixture.sh("git init -q -b main . && git remote add origin ../bare.git");
        fixture
    }

    /// A bare repository with what a script pushed.
    pub fn with(script: &str) -> Self {
        let fixture = Self::empty();
        fixture.sh(script);
        fixture
    }

    pub fn sh(&self, script: &str) -> String {
        let output = command("bash", &self.work)
            .args(["-ec", &format!("{HELPERS}\n{script}")])
            .stdin(Stdio::null())
            .output()
            .unwrap();
        assert!(output.status.success(), "{script}\n{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
    }

    pub fn git(&self, arguments: &[&str]) -> String {
        let output = command("git", &self.bare).args(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}\n{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
    }

    pub fn id(&self, revision: &str) -> ObjectId {
        self.git(&["rev-parse", revision]).parse().unwrap()
    }

    pub fn open(&self) -> Repo {
        Repo::open(&self.bare).unwrap()
    }

    pub async fn program(&self) -> GitProgram {
        GitProgram::detect("git", self.folder.path()).await.unwrap()
    }
}

/// `c DAY MESSAGE…` commits everything on a day of January.
const HELPERS: &str = r#"c() { day=$1; shift; GIT_AUTHOR_DATE="2026-01-0${day}T10:00:00Z" GIT_COMMITTER_DATE="2026-01-0${day}T11:00:00Z" git commit -qm "$@"; }"#;

fn command(program: &str, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .current_dir(folder)
        .env("HOME", folder)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("LC_ALL", "C")
        .env("GIT_AUTHOR_NAME", "Ann")
        .env("GIT_AUTHOR_EMAIL", "ann@example.com")
        .env("GIT_COMMITTER_NAME", "Ann")
        .env("GIT_COMMITTER_EMAIL", "ann@example.com")
        .env("GIT_AUTHOR_DATE", "2026-01-02T03:04:05Z")
        .env("GIT_COMMITTER_DATE", "2026-01-02T03:04:05Z");
    command
}

pub fn ann() -> Signature {
    Signature::new("Ann", "ann@example.com", Moment::utc(1_767_323_045))
}

/// The history of the recorded exchange `content-commits`.
pub const SAGA: &str = r"
echo 1 > a.txt; git add .; c 1 First
echo 2 >> a.txt; echo b > b.txt; git add .; c 2 Second -m 'A body.'
git mv b.txt bb.txt; c 3 'Third: rename'
git checkout -qb side HEAD~1; echo s > s.txt; git add .; c 4 'Side work' --author='Alice <alice@example.com>'
git checkout -q main
GIT_AUTHOR_DATE=2026-01-05T10:00:00Z GIT_COMMITTER_DATE=2026-01-05T11:00:00Z git merge -q --no-ff -m 'Merge side' side
git rm -q a.txt; c 6 'Drop a'
git notes add -m 'A note to the last' HEAD
git push -q origin main side refs/notes/commits";
