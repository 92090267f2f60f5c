//! `[session]`.

use std::time::Duration;

use oolong_core::Secret;

use crate::schema::{Reader, section};
use crate::value::choice;

choice! {
    /// Where sessions are kept.
    pub enum SessionProvider {
        /// In the process.
        #[default]
        Memory = "memory",
        /// In files.
        File = "file",
        /// In Redis.
        Redis = "redis",
        /// In the database of the site.
        Db = "db",
        /// In a MySQL database of its own.
        Mysql = "mysql",
        /// In a PostgreSQL database of its own.
        Postgres = "postgres",
        /// In Couchbase.
        Couchbase = "couchbase",
        /// In memcached.
        Memcache = "memcache",
    }
}

choice! {
    /// The SameSite attribute of cookies.
    pub enum SameSite {
        /// Sent when a link leads here.
        #[default]
        Lax = "lax",
        /// Sent only from our own pages.
        Strict = "strict",
        /// Always sent.
        None = "none",
    }
}

section! {
    /// Sessions of browsers.
    pub struct Session in "session" {
        /// Where sessions are kept: memory, file, redis or db.
        provider: SessionProvider = "memory",
        /// The folder (relative to WORK_PATH) or the address of the store.
        provider_config: Secret = derived "APP_DATA_PATH/sessions",
        /// The name of the cookie.
        cookie_name: String = "i_like_gitea",
        /// Whether the cookie is sent over TLS only.
        cookie_secure: bool = derived "whether ROOT_URL is https",
        /// The domain of the cookie; empty means this host only.
        domain: String = "",
        /// The SameSite attribute: lax, strict or none.
        same_site: SameSite = "lax",
        /// How many seconds lie between two clean-ups.
        gc_interval_time: Duration = "86400" via seconds,
        /// How many seconds a session lives without being used.
        session_life_time: Duration = "86400" via seconds,
    }
}

impl Session {
    /// Completes what depends on other keys.
    pub(crate) fn finish(&mut self, reader: &mut Reader<'_>, base: &crate::load::Base, https: bool) {
        let section = Self::SPEC.name;
        if !reader.has(section, "COOKIE_SECURE") {
            self.cookie_secure = https;
        }
        if self.provider_config.is_empty() {
            self.provider_config =
                Secret::from(base.data_path.join("sessions").to_string_lossy().into_owned());
        } else if self.provider == SessionProvider::File {
            let folder = base.work(std::path::Path::new(self.provider_config.expose()));
            self.provider_config = Secret::from(folder.to_string_lossy().into_owned());
        }
        if !cookie_name_is_valid(&self.cookie_name) {
            reader.problem(section, "COOKIE_NAME", "expected the name of a cookie: letters, digits, - and _");
        }
    }
}

fn cookie_name_is_valid(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_graphic() && !b"()<>@,;:\\\"/[]?={}".contains(&byte))
}
