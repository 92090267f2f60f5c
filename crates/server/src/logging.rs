//! The log: lines on stderr, as text or JSON.

use oolong_config::{LogFormat, LogLevel, Settings};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Starts logging as `[log]` says, or at `level`. A second call changes nothing.
pub fn start(settings: &Settings, level: Option<LogLevel>) {
    let level = match level.unwrap_or(settings.log.level) {
        LogLevel::Trace => LevelFilter::TRACE,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Error | LogLevel::Fatal => LevelFilter::ERROR,
        LogLevel::None => LevelFilter::OFF,
    };
    let lines = fmt::layer().with_writer(std::io::stderr).with_ansi(false);
    let registry = tracing_subscriber::registry().with(level);
    let started = if settings.oolong.log.format == LogFormat::Json {
        registry.with(lines.json().flatten_event(true)).try_init()
    } else {
        registry.with(lines).try_init()
    };
    // A command inside a test process finds the log started.
    drop(started);
}
