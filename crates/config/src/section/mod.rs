//! One struct for each section of `app.ini`, fields named like the keys.
//!
//! What does not belong here: how the file is found or parsed.

mod app;
mod cron;
mod database;
mod git;
mod log;
mod mailer;
mod oauth2;
mod oolong;
mod packages;
mod repository;
mod security;
mod server;
mod service;
mod session;
mod site;
mod storage;

pub use app::{App, RunMode};

pub use cron::{Cron, CronKeys, CronTask};
pub use database::{Database, DbType};
pub use git::{
    Actions, Git, GitTimeout, Indexer, IssueIndexer, Markdown, Migrations, Mirror, Project, Proxy, Webhook,
};
pub use log::{Log, LogLevel, LogMode, LogWriter};
pub use mailer::{MailProtocol, Mailer};
pub use oauth2::{AccountLinking, OAuth2, OAuth2Client, OpenId, SigningAlgorithm, UsernameClaim};
pub use oolong::{LogFormat, Oolong, OolongLog, OolongToken};
pub use packages::Packages;
pub use repository::{
    DefaultPrivate, Editor, GoGetProtocol, Issue, MergeStyle, PullRequest, Release, Repository, Signing,
    SigningFormat, TitleSource, TrustModel, Upload,
};
pub use security::{PasswordClass, Security, TwoFactorAuth};
pub use server::{Protocol, PublicUrlDetection, Server};
pub use service::{CaptchaType, Explore, RequireSignin, Service};
pub use session::{SameSite, Session, SessionProvider};
pub use site::{
    Admin, Api, Cors, EmailNotifications, Federation, I18n, Metrics, Other, Time, Ui, UiAdmin, UiCsv, UiMeta,
    UiNotification, UiSvg, UiUser, UserFeature,
};
pub use storage::{Attachment, Lfs, Picture, Storage, StorageKeys, StorageType, Storages};
