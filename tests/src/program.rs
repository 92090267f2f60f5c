//! The program itself, as an administrator runs it: built once, in a folder of its own, ended when the test ends.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tempfile::TempDir;

use crate::client::Client;

const PATIENCE: Duration = Duration::from_secs(60);

/// An instance in a folder, which the program is run on.
pub struct Instance {
    folder: TempDir,
    port: u16,
}

impl Instance {
    /// A new one, with a fresh app.ini.
    ///
    /// # Panics
    /// The program cannot be built, or does not write it.
    pub fn new() -> Self {
        let instance =
            Self { folder: tempfile::tempdir().expect("a temporary folder can be made"), port: free_port() };
        let port = instance.port.to_string();
        instance.succeed(&["config", "init", "--http-port", &port]);
        instance
    }

    /// The one in this folder, whose app.ini says that port.
    pub fn at(folder: TempDir, port: u16) -> Self {
        Self { folder, port }
    }

    /// The work path.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Where its configuration is.
    pub fn app_ini(&self) -> PathBuf {
        self.folder().join("custom/conf/app.ini")
    }

    /// Sets keys of app.ini, named as in the environment (`LOG__LEVEL`).
    ///
    /// # Panics
    /// The program does not do so.
    pub fn configure(&self, keys: &[(&str, &str)]) {
        let mut command = self.command(&["config", "edit-ini", "--in-place", "--apply-env", "--config"]);
        command.arg(self.app_ini()).envs(keys.iter().map(|(key, value)| (format!("OOLONG__{key}"), value)));
        let output = command.output().expect("the program can be run");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// A command of the program.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary());
        command.arg("--work-path").arg(self.folder()).args(arguments);
        command.current_dir(self.folder()).env("HOME", self.folder()).stdin(Stdio::null());
        command
    }

    /// Runs a command to its end.
    ///
    /// # Panics
    /// The program cannot be run.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the program can be run")
    }

    /// Runs a command that has to succeed; what it printed.
    ///
    /// # Panics
    /// It fails.
    pub fn succeed(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Makes a person with the password of all tests.
    ///
    /// # Panics
    /// The command fails.
    pub fn user(&self, name: &str, flags: &[&str]) {
        let email = format!("{name}@example.com");
        let mut arguments = vec!["admin", "user", "create", "--username", name, "--email", &email];
        arguments.extend(["--password", crate::server::PASSWORD, "--must-change-password=false"]);
        arguments.extend(flags);
        self.succeed(&arguments);
    }

    /// Starts the server and waits until it answers.
    ///
    /// # Panics
    /// It does not start.
    pub async fn serve(&self) -> Running {
        let log_path = self.folder().join("server.log");
        let log =
            fs::File::options().create(true).append(true).open(&log_path).expect("a log can be written");
        let child =
            self.command(&["web"]).stdout(log.try_clone().expect("a second handle")).stderr(log).spawn();
        let mut running = Running {
            child: child.expect("the program can be run"),
            client: Client::anonymous(&format!("http://127.0.0.1:{}", self.port)),
            log_path,
        };
        let deadline = Instant::now() + PATIENCE;
        loop {
            let answer =
                running.client.try_send(http::Method::GET, "/api/healthz", None, Default::default()).await;
            if answer.is_ok_and(|answer| answer.status.is_success()) {
                return running;
            }
            let ended = !matches!(running.child.try_wait(), Ok(None));
            assert!(!ended && Instant::now() < deadline, "the server does not start: {}", running.log());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// The port it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }
}

impl Default for Instance {
    fn default() -> Self {
        Self::new()
    }
}

/// A running server. Dropping it kills it.
pub struct Running {
    child: Child,
    client: Client,
    log_path: PathBuf,
}

impl Running {
    /// A visitor.
    pub fn anonymous(&self) -> Client {
        self.client.clone()
    }

    /// The most memory it has had so far, in KiB.
    ///
    /// # Panics
    /// It has ended.
    pub fn memory_peak(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("it is running");
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("Linux tells it");
        line.trim().trim_end_matches(" kB").parse().expect("it is a number")
    }

    /// Everything it has logged, in earlier runs too.
    pub fn log(&self) -> String {
        fs::read_to_string(&self.log_path).unwrap_or_default()
    }

    /// Ends it as a service manager does, and waits until it has ended; whether it ended well.
    ///
    /// # Panics
    /// It cannot be waited for.
    pub fn stop(mut self) -> bool {
        self.signal(Signal::SIGTERM);
        self.child.wait().expect("a child can be waited for").success()
    }

    /// Ends it without giving it a chance to tidy up.
    ///
    /// # Panics
    /// It cannot be waited for.
    pub fn kill(mut self) {
        self.signal(Signal::SIGKILL);
        self.child.wait().expect("a child can be waited for");
    }

    fn signal(&self, signal: Signal) {
        let id = i32::try_from(self.child.id()).expect("process ids are small");
        kill(Pid::from_raw(id), signal).expect("our own child can be signalled");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The program, built by the same cargo with the same settings as this test.
///
/// # Panics
/// It cannot be built.
pub fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        let mut cargo = Command::new(env!("CARGO"));
        // The whole workspace: then its dependencies have the features that the tests were built with.
        cargo.args(["build", "--quiet", "--workspace", "--bins"]).current_dir(env!("CARGO_MANIFEST_DIR"));
        if !cfg!(debug_assertions) {
            cargo.arg("--release");
        }
        let status = cargo.status().expect("cargo can be run");
        assert!(status.success(), "the program cannot be built");
        // target/PROFILE/deps/it-HASH
        let test = std::env::current_exe().expect("the test knows where it is");
        let folder = test.ancestors().nth(2).expect("the test is in a folder of its profile");
        folder.join("oolong")
    })
}

/// A port that nobody listens on at this moment.
///
/// # Panics
/// There is none.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
    listener.local_addr().expect("a bound socket has an address").port()
}
