//! Running a server as an unprivileged user, in a folder of its own, for as long as the test process lives.

use std::{
    env,
    ffi::{OsStr, OsString},
    fs, io,
    net::{Ipv4Addr, TcpListener, TcpStream},
    os::unix::{
        fs::{MetadataExt, chown},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};
use tempfile::TempDir;
use url::Url;

const PATIENCE: Duration = Duration::from_secs(90);

/// Runs the server given as `$3…`, and ends it (which empties folder `$1`, signal `$2`) as soon as standard input closes.
/// The test process holds the other end of it, so this works however that process ends.
const KEEPER: &str = r#"
folder=$1 signal=$2; shift 2
exec 3<&0
"$@" </dev/null 3<&- & server=$!
( cat <&3 >/dev/null; kill -s "$signal" "$server" 2>/dev/null ) &
wait "$server"
rm -rf -- "$folder"
"#;

/// A program and its arguments.
pub(super) struct Program(Vec<OsString>);

impl Program {
    pub(super) fn new(path: &Path) -> Self {
        Self(vec![path.into()])
    }

    pub(super) fn arg(mut self, argument: impl Into<OsString>) -> Self {
        self.0.push(argument.into());
        self
    }

    pub(super) fn args<T: Into<OsString>>(mut self, arguments: impl IntoIterator<Item = T>) -> Self {
        self.0.extend(arguments.into_iter().map(Into::into));
        self
    }
}

/// What a server is set up with.
pub(super) struct Place<'a> {
    pub(super) folder: &'a Path,
    pub(super) port: u16,
    pub(super) password: &'a str,
    account: Option<(u32, u32)>,
}

impl Place<'_> {
    /// Writes a file that the server can read, and answers its path.
    pub(super) fn write(&self, name: &str, content: &str) -> PathBuf {
        let path = self.folder.join(name);
        fs::write(&path, content).expect("the server's folder can be written to");
        self.give(&path);
        path
    }

    /// Runs a program to its end, as the server's user.
    pub(super) fn run(&self, program: &Program) {
        let [path, arguments @ ..] = program.0.as_slice() else { unreachable!("a program has a path") };
        let output = self.command(path).args(arguments).stdin(Stdio::null()).output();
        let output = output.unwrap_or_else(|error| panic!("{} cannot be run: {error}", path.display()));
        let said = [output.stdout, output.stderr].concat();
        assert!(output.status.success(), "{} failed: {}", path.display(), String::from_utf8_lossy(&said));
    }

    fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.folder).env("HOME", self.folder).env("TZ", "UTC");
        if let Some((user, group)) = self.account {
            command.uid(user).gid(group);
        }
        command
    }

    fn give(&self, path: &Path) {
        if let Some((user, group)) = self.account {
            chown(path, Some(user), Some(group)).expect("root can give files away");
        }
    }
}

/// A running server. Dropping it ends it and removes its folder.
pub(super) struct Server {
    keeper: Child,
    folder: PathBuf,
    address: Url,
}

impl Server {
    /// Starts what `prepare` answers; as root, in the name of `account`, since servers refuse to run as root.
    pub(super) fn start(scheme: &str, account: &str, prepare: impl Fn(&Place<'_>) -> Program) -> Self {
        let account = root().then(|| {
            account_ids(account).unwrap_or_else(|| panic!("there is no user {account} to run the server as"))
        });
        // Another process can take the port between our choice and the server's start.
        for _ in 0..3 {
            let folder =
                TempDir::with_prefix_in("oolong-server-", spacious_memory().unwrap_or_else(env::temp_dir));
            let folder = folder.expect("a temporary folder can be made");
            let password = format!("{:032x}", rand::random::<u128>());
            let place = Place { folder: folder.path(), port: free_port(), password: &password, account };
            place.give(place.folder);
            let program = prepare(&place);
            let address = format!("{scheme}://oolong:{password}@127.0.0.1:{}/", place.port);
            let address =
                Url::parse(&address).expect("a scheme, hexadecimal digits and a port make an address");
            let signal = if scheme == "postgres" { "QUIT" } else { "KILL" };
            let keeper = keep(&place, signal, program).expect("sh can be run");
            let mut server = Self { keeper, folder: folder.keep(), address };
            if server.listens() {
                return server;
            }
        }
        panic!("the {scheme} server does not start; the programs' messages stand above")
    }

    /// The address of one of its databases.
    pub(super) fn database(&self, name: &str) -> Url {
        let mut address = self.address.clone();
        address.set_path(name);
        address
    }

    /// What the server has said.
    pub(super) fn log(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }

    fn listens(&mut self) -> bool {
        let port = self.address.port().expect("the address has one");
        let deadline = Instant::now() + PATIENCE;
        loop {
            let log = self.log();
            let ended = !matches!(self.keeper.try_wait(), Ok(None));
            if ended || Instant::now() > deadline {
                crate::notice(&format!("a server ended or was too slow, and said: {log}"));
                return false;
            }
            if TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() {
                return true;
            }
            thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}

fn keep(place: &Place<'_>, signal: &str, program: Program) -> io::Result<Child> {
    let log = place.write("log", "");
    let log = fs::File::options().append(true).open(log)?;
    let mut command = place.command("/bin/sh");
    command.args(["-c", KEEPER, "keeper"]).arg(place.folder).arg(signal).args(program.0);
    command.stdin(Stdio::piped()).stdout(log.try_clone()?).stderr(log);
    // A Ctrl-C is for the test process; the keeper follows when that has ended.
    command.process_group(0).spawn()
}

/// A folder in memory, if there is one with room: creating a hundred tables takes MariaDB seconds on a disk, where it waits
/// for each file to be written.
fn spacious_memory() -> Option<PathBuf> {
    const WANTED_KIB: u64 = 4 << 20;
    let folder = Path::new("/dev/shm");
    let output = Command::new("df").args(["-k", "--output=avail"]).arg(folder).output().ok()?;
    let free: u64 = String::from_utf8(output.stdout).ok()?.lines().nth(1)?.trim().parse().ok()?;
    (free >= WANTED_KIB).then(|| folder.to_owned())
}

fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
    listener.local_addr().expect("a bound socket has an address").port()
}

fn root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

/// User and group number of an account, from `/etc/passwd`, where system accounts of packages are.
fn account_ids(name: &str) -> Option<(u32, u32)> {
    let accounts = fs::read_to_string("/etc/passwd").ok()?;
    let line = accounts.lines().find(|line| line.split(':').next() == Some(name))?;
    let mut fields = line.split(':').skip(2);
    Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
}
