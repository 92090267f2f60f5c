//! Starting `git`: which one, with what environment, how its output streams, and how it dies.

use std::collections::VecDeque;
use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::stream::{Stream, unfold};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, ReadBuf};
use tokio::process::{Child, ChildStdout, Command};
use tokio::task::JoinHandle;

use crate::{Error, Result};

/// A version of git.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct GitVersion {
    /// 2 in 2.39.5.
    pub major: u32,
    /// 39 in 2.39.5.
    pub minor: u32,
    /// 5 in 2.39.5.
    pub patch: u32,
}

impl GitVersion {
    /// The oldest git that works.
    pub const MINIMUM: Self = Self { major: 2, minor: 13, patch: 0 };
    /// The oldest git whose SHA-256 repositories Gitea serves.
    pub const SHA256: Self = Self { major: 2, minor: 42, patch: 0 };
    /// A release that corrupts answers over HTTP.
    const BROKEN: Self = Self { major: 2, minor: 43, patch: 1 };

    /// Reads what `git --version` prints: `git version 2.39.5 (Apple Git-154)`.
    #[must_use]
    pub fn parse(output: &str) -> Option<Self> {
        let number = output.trim().strip_prefix("git version ")?.split_whitespace().next()?;
        let mut parts = number.split('.').map(|part| {
            let digits: String = part.chars().take_while(char::is_ascii_digit).collect();
            digits.parse().ok()
        });
        Some(Self {
            major: parts.next()??,
            minor: parts.next()??,
            patch: parts.next().flatten().unwrap_or(0),
        })
    }
}

impl std::fmt::Display for GitVersion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

/// The `git` program and what every run of it gets.
#[derive(Debug, Clone)]
pub struct GitProgram {
    path: PathBuf,
    version: GitVersion,
    home: PathBuf,
    hooks: Option<PathBuf>,
    config: Vec<(String, String)>,
}

/// What every run is told, whatever the machine's configuration says.
const BASE_CONFIG: [(&str, &str); 9] = [
    ("safe.directory", "*"),
    ("core.quotePath", "false"),
    ("core.logAllRefUpdates", "true"),
    ("core.commitGraph", "true"),
    ("diff.algorithm", "histogram"),
    ("gc.reflogExpire", "90"),
    ("gc.writeCommitGraph", "true"),
    ("user.name", "Gitea"),
    ("user.email", "gitea@fake.local"),
];

impl GitProgram {
    /// Finds out which git this is. `path` is a program's path or name; `home` is the folder git takes for its home.
    pub async fn detect(path: impl Into<PathBuf>, home: impl Into<PathBuf>) -> Result<Self> {
        let path = path.into();
        let output =
            Command::new(&path).arg("--version").env("LC_ALL", "C").stdin(Stdio::null()).output().await?;
        let text = String::from_utf8_lossy(&output.stdout);
        let version = GitVersion::parse(&text)
            .ok_or_else(|| Error::Unsupported(format!("`{}` does not look like git", path.display())))?;
        if version < GitVersion::MINIMUM || version == GitVersion::BROKEN {
            return Err(Error::Unsupported(format!(
                "git {version}: at least {} is needed, and not {}",
                GitVersion::MINIMUM,
                GitVersion::BROKEN
            )));
        }
        Ok(Self { path, version, home: home.into(), hooks: None, config: Vec::new() })
    }

    /// Uses one shared folder of hooks in place of every repository's own.
    #[must_use]
    pub fn with_hooks(mut self, folder: impl Into<PathBuf>) -> Self {
        self.hooks = Some(folder.into());
        self
    }

    /// Adds settings, `[git.config]`; later ones win.
    #[must_use]
    pub fn with_config(mut self, settings: impl IntoIterator<Item = (String, String)>) -> Self {
        self.config.extend(settings);
        self
    }

    /// Which git this is.
    #[must_use]
    pub fn version(&self) -> GitVersion {
        self.version
    }

    /// The program.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether SHA-256 repositories can be offered.
    #[must_use]
    pub fn supports_sha256(&self) -> bool {
        self.version >= GitVersion::SHA256
    }

    /// A run of git in a folder, with a clean environment, in a process group of its own.
    pub(crate) fn command(&self, folder: &Path, settings: &[(&str, &str)]) -> Command {
        let mut command = Command::new(&self.path);
        command.current_dir(folder).env_clear();
        for name in ["PATH", "TMPDIR", "LD_LIBRARY_PATH", "GNUPGHOME", "SystemRoot"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        command
            .env("HOME", &self.home)
            .env("LC_ALL", "C")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_NO_REPLACE_OBJECTS", "1");
        let own = self.config.iter().map(|(key, value)| (key.as_str(), value.as_str()));
        for (key, value) in BASE_CONFIG.into_iter().chain(own).chain(settings.iter().copied()) {
            command.arg("-c").arg(format!("{key}={value}"));
        }
        // Without a folder of ours, no hook at all is the safe reading.
        let hooks = self.hooks.as_deref().unwrap_or(Path::new("/dev/null"));
        let mut setting = std::ffi::OsString::from("core.hooksPath=");
        setting.push(hooks);
        command.arg("-c").arg(setting);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        command.process_group(0);
        command
    }

    /// Runs git to its end and returns what it printed. For short outputs.
    pub async fn run<S: AsRef<OsStr>>(&self, folder: &Path, arguments: &[S]) -> Result<Vec<u8>> {
        let mut command = self.command(folder, &[]);
        command.args(arguments);
        let mut stream = ProcessStream::spawn(command, None::<tokio::io::Empty>)?;
        let mut output = Vec::new();
        stream.read_to_end(&mut output).await?;
        let name =
            arguments.first().map(|first| first.as_ref().to_string_lossy().into_owned()).unwrap_or_default();
        stream.finish().await?.success(&name)?;
        Ok(output)
    }

    /// Starts git and streams what it prints.
    pub fn stream<S: AsRef<OsStr>>(&self, folder: &Path, arguments: &[S]) -> Result<ProcessStream> {
        let mut command = self.command(folder, &[]);
        command.args(arguments);
        ProcessStream::spawn(command, None::<tokio::io::Empty>)
    }

    /// Streams a big file's bytes.
    pub fn cat_blob(&self, repository: &Path, id: crate::ObjectId) -> Result<ProcessStream> {
        self.stream(repository, &["cat-file", "blob", &id.to_string()])
    }
}

/// How a run ended.
#[derive(Debug)]
pub struct Exit {
    /// Its status.
    pub status: ExitStatus,
    /// The end of what it said on standard error.
    pub stderr: String,
}

impl Exit {
    /// An error unless it went well.
    pub fn success(self, command: &str) -> Result<()> {
        if self.status.success() {
            return Ok(());
        }
        Err(Error::Program {
            command: command.to_owned(),
            status: self.status.to_string(),
            stderr: self.stderr.trim().to_owned(),
        })
    }
}

/// What a stream does when git fails after its output ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnFailure {
    /// Logs it: the output itself told the client (packs).
    Log,
    /// Ends the stream with an error, so that the client sees a broken transfer (archives).
    Abort,
}

/// A running git: its output, to be read at the reader's own speed. Dropping it kills git and all it started.
#[derive(Debug)]
pub struct ProcessStream {
    stdout: ChildStdout,
    running: Running,
}

/// The process and the tasks that feed it and listen to it.
#[derive(Debug)]
struct Running {
    child: Child,
    feeder: Option<JoinHandle<io::Result<()>>>,
    listener: JoinHandle<()>,
    stderr: Arc<Mutex<VecDeque<u8>>>,
    /// Kept until the process is gone: a folder it works in.
    keep: Option<tempfile::TempDir>,
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(feeder) = &self.feeder {
            feeder.abort();
        }
        self.listener.abort();
        self.kill();
        self.keep.take();
    }
}

impl Running {
    /// Kills git and all it started.
    fn kill(&self) {
        // `id` is `None` once the child was waited for; until then the number cannot be another's.
        if let Some(group) = self.child.id().and_then(|id| i32::try_from(id).ok()) {
            let group = nix::unistd::Pid::from_raw(group);
            if let Err(error) = nix::sys::signal::killpg(group, nix::sys::signal::Signal::SIGKILL) {
                tracing::debug!(%error, "git had ended before it was to be killed");
            }
        }
    }
}

/// How much of standard error is kept.
const STDERR_LIMIT: usize = 8 * 1024;

impl ProcessStream {
    pub(crate) fn spawn<I>(mut command: Command, input: Option<I>) -> Result<Self>
    where
        I: AsyncRead + Send + Unpin + 'static,
    {
        if input.is_some() {
            command.stdin(Stdio::piped());
        }
        let mut child = command.spawn()?;
        let stdout = child.stdout.take().expect("standard output is piped");
        let mut errors = child.stderr.take().expect("standard error is piped");
        let stderr = Arc::new(Mutex::new(VecDeque::new()));
        let kept = Arc::clone(&stderr);
        let listener = tokio::spawn(async move {
            let mut buffer = [0; 1024];
            while let Ok(read @ 1..) = errors.read(&mut buffer).await {
                let mut kept = kept.lock().expect("nobody panics with the lock");
                kept.extend(&buffer[..read]);
                let surplus = kept.len().saturating_sub(STDERR_LIMIT);
                kept.drain(..surplus);
            }
        });
        let feeder = input.map(|mut input| {
            let mut stdin = child.stdin.take().expect("standard input is piped");
            tokio::spawn(async move {
                let copied = tokio::io::copy(&mut input, &mut stdin).await;
                match copied {
                    // git may answer without reading everything: that is its decision.
                    Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
                    Err(error) => Err(error),
                    Ok(_) => match stdin.shutdown().await {
                        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
                        _ => Ok(()),
                    },
                }
            })
        });
        Ok(Self { stdout, running: Running { child, feeder, listener, stderr, keep: None } })
    }

    pub(crate) fn keeping(mut self, folder: tempfile::TempDir) -> Self {
        self.running.keep = Some(folder);
        self
    }

    /// Waits for the end. The output should have been read: what was not is thrown away.
    pub async fn finish(self) -> Result<Exit> {
        let Self { stdout, running } = self;
        drop(stdout);
        running.finish().await
    }

    /// Ends git at once, and returns only when it is gone.
    pub async fn kill(self) -> Result<Exit> {
        let Self { stdout, running } = self;
        running.kill();
        drop(stdout);
        running.finish().await
    }

    /// The output in pieces, and at its end a look at how git ended. `command` is its name in the log.
    pub fn into_stream(
        self,
        command: &'static str,
        on_failure: OnFailure,
    ) -> impl Stream<Item = io::Result<Bytes>> + Send {
        unfold(Some((self, vec![0; 32 * 1024])), move |state| async move {
            let (mut stream, mut buffer) = state?;
            match stream.stdout.read(&mut buffer).await {
                Ok(0) => {
                    let ended = stream.finish().await.and_then(|exit| exit.success(command));
                    let error = ended.err()?;
                    tracing::warn!(%error, "git failed");
                    match on_failure {
                        OnFailure::Log => None,
                        OnFailure::Abort => Some((Err(io::Error::other(error)), None)),
                    }
                }
                Ok(read) => Some((Ok(Bytes::copy_from_slice(&buffer[..read])), Some((stream, buffer)))),
                Err(error) => Some((Err(error), None)),
            }
        })
    }
}

impl Running {
    async fn finish(mut self) -> Result<Exit> {
        let status = self.child.wait().await?;
        if let Some(feeder) = self.feeder.take() {
            feeder.abort();
        }
        // A grandchild may hold standard error open; what was said until now is enough.
        let wait = std::time::Duration::from_millis(200);
        drop(tokio::time::timeout(wait, &mut self.listener).await);
        let kept: Vec<u8> =
            self.stderr.lock().expect("nobody panics with the lock").iter().copied().collect();
        Ok(Exit { status, stderr: String::from_utf8_lossy(&kept).into_owned() })
    }
}

impl AsyncRead for ProcessStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stdout).poll_read(cx, buffer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read() {
        for (text, expected) in [
            ("git version 2.39.5\n", Some((2, 39, 5))),
            ("git version 2.45.1.windows.1", Some((2, 45, 1))),
            ("git version 2.39.5 (Apple Git-154)", Some((2, 39, 5))),
            ("git version 2.50.GIT", Some((2, 50, 0))),
            ("hub version 2.1.0", None),
            ("git version", None),
        ] {
            assert_eq!(GitVersion::parse(text).map(|v| (v.major, v.minor, v.patch)), expected, "{text}");
        }
    }
}
