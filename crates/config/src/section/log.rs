//! `[log]` and `[log.WRITER]`.

use std::path::PathBuf;

use crate::load::Base;
use crate::schema::{Reader, section};
use crate::value::{IniValue, Read, choice};

/// How much is logged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogLevel {
    /// Every step.
    Trace,
    /// What helps finding mistakes.
    Debug,
    /// What happens.
    #[default]
    Info,
    /// What looks wrong.
    Warn,
    /// What failed.
    Error,
    /// What ends the program.
    Fatal,
    /// Nothing.
    None,
}

impl IniValue for LogLevel {
    fn read(text: &str) -> Read<Self> {
        Ok(match text.to_ascii_lowercase().as_str() {
            "trace" => Self::Trace,
            "debug" => Self::Debug,
            "info" => Self::Info,
            "warn" | "warning" => Self::Warn,
            "error" => Self::Error,
            "fatal" | "critical" => Self::Fatal,
            "none" => Self::None,
            _ => return Err("expected one of trace, debug, info, warn, error, fatal, none".to_owned()),
        })
    }
}

choice! {
    /// Where log lines go.
    pub enum LogMode {
        /// To the terminal.
        #[default]
        Console = "console",
        /// To a file.
        File = "file",
        /// To a network address.
        Conn = "conn",
    }
}

section! {
    /// What is logged, and where to.
    pub struct Log in "log" {
        /// The folder for log files, relative to WORK_PATH.
        root_path: PathBuf = derived "WORK_PATH/log",
        /// Where lines go: console, file, or names of [log.NAME] sections.
        mode: Vec<String> = "console",
        /// trace, debug, info, warn, error, fatal or none.
        level: LogLevel = "info",
        /// The level from which on lines carry a backtrace.
        stacktrace_level: LogLevel = "none",
        /// How many lines wait for a slow writer.
        buffer_len: usize = "10000",
        /// Whether the SSH commands log.
        enable_ssh_log: bool = "false",
        /// Headers that carry a request's id.
        request_id_headers: Vec<String> = "",
        /// Where requests are logged to, in access-log form; empty means nowhere.
        logger_access_mode: Vec<String> = "" named "logger.access.MODE",
        /// Where requests are logged to; `,` means as MODE, an empty value nowhere.
        logger_router_mode: Vec<String> = "," named "logger.router.MODE",
        /// Where statements are logged to; `,` means as MODE, an empty value nowhere.
        logger_xorm_mode: Vec<String> = "," named "logger.xorm.MODE",
    }
    computed {
        /// The writers named in `MODE`, in order.
        writers: Vec<LogWriter>,
        /// Whether access lines are wanted.
        access_log: bool,
        /// Whether request lines are wanted.
        router_log: bool,
    }
}

section! {
    /// A writer of log lines, called NAME in MODE.
    pub struct LogWriter in "log.*" {
        /// console, file or conn.
        mode: LogMode = derived "NAME",
        /// trace, debug, info, warn, error, fatal or none.
        level: LogLevel = derived "LEVEL of [log]",
        /// console: whether lines go to the standard error output.
        stderr: bool = "false",
        /// file: the file, relative to ROOT_PATH.
        file_name: PathBuf = "gitea.log",
        /// file: whether a full file is put aside.
        log_rotate: bool = "true",
        /// file: a file is full at two to the power of this many bytes.
        max_size_shift: u32 = "28",
        /// file: whether a new file begins every day.
        daily_rotate: bool = "true",
        /// file: for how many days files are kept.
        max_days: u32 = "7",
        /// file: whether files put aside are compressed.
        compress: bool = "true",
        /// conn: tcp, udp or unix.
        protocol: String = "tcp",
        /// conn: the address.
        addr: String = ":7020",
    }
    computed {
        /// The writer's name.
        name: String,
    }
}

impl Log {
    /// Completes what depends on other keys.
    pub(crate) fn finish(&mut self, reader: &mut Reader<'_>, base: &Base) {
        let section = Self::SPEC.name;
        self.root_path = if self.root_path.as_os_str().is_empty() {
            base.work_path.join("log")
        } else {
            base.work(&self.root_path)
        };
        self.access_log = !self.logger_access_mode.is_empty();
        self.router_log =
            reader.ini.get(section, "logger.router.MODE").is_none_or(|mode| !mode.trim().is_empty());
        for name in self.mode.clone() {
            let own = format!("log.{name}");
            // MODE of [log] lists writers; inheriting it would say nothing about this one.
            let mut writer = LogWriter::read_from(reader, &own);
            match reader.ini.get_own(&own, "MODE").filter(|mode| !mode.is_empty()) {
                Some(_) => {}
                None => match LogMode::read(&name) {
                    Ok(mode) => writer.mode = mode,
                    Err(_) => {
                        let reason =
                            format!("{name:?} is neither console, file, conn, nor has a MODE in [{own}]");
                        reader.problem(section, "MODE", reason);
                    }
                },
            }
            if reader.ini.get_own(&own, "LEVEL").is_none_or(|level| level.is_empty()) {
                writer.level = self.level;
            }
            writer.file_name = self.root_path.join(&writer.file_name);
            writer.name = name;
            self.writers.push(writer);
        }
    }
}
