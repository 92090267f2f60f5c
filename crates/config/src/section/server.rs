//! `[server]`: where the site listens and under which address it is known.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use oolong_core::Secret;
use url::{Host, Url};

use crate::load::Base;
use crate::schema::{Reader, section};
use crate::value::choice;

choice! {
    /// What the listener speaks.
    pub enum Protocol {
        /// Plain HTTP over TCP.
        #[default]
        Http = "http",
        /// HTTP over TLS.
        Https = "https",
        /// Plain HTTP over a unix socket.
        HttpUnix = "http+unix",
        /// The older name of `http+unix`.
        Unix = "unix",
        /// FastCGI over TCP.
        Fcgi = "fcgi",
        /// FastCGI over a unix socket.
        FcgiUnix = "fcgi+unix",
    }
}

impl Protocol {
    /// Whether the listener is a unix socket.
    pub fn is_unix(self) -> bool {
        matches!(self, Self::HttpUnix | Self::Unix | Self::FcgiUnix)
    }
}

choice! {
    /// How the Host header influences absolute links.
    pub enum PublicUrlDetection {
        /// From the Host header of a request.
        #[default]
        Auto = "auto",
        /// From forwarded headers, where there are any.
        Legacy = "legacy",
        /// Always ROOT_URL.
        Never = "never",
    }
}

section! {
    /// Where the site listens and under which address it is known.
    pub struct Server in "server" {
        /// What the listener speaks: http, https or http+unix.
        protocol: Protocol = "http",
        /// The host name of the site; the host of ROOT_URL replaces it unless that is an IP address.
        domain: String = "localhost",
        /// The address people use, with one slash at the end.
        root_url: String = derived "PROTOCOL://DOMAIN:HTTP_PORT/",
        /// How the Host header of a request influences absolute links: auto, legacy or never.
        public_url_detection: PublicUrlDetection = "auto",
        /// Whether the path of ROOT_URL is stripped from requests; off when a proxy does so.
        use_sub_url_path: bool = "false",
        /// A prefix for the addresses of scripts, styles and pictures.
        static_url_prefix: String = derived "the path of ROOT_URL",
        /// The address to listen on, or the path of the unix socket (relative to WORK_PATH).
        http_addr: String = "0.0.0.0",
        /// The port to listen on.
        http_port: u16 = "3000",
        /// The permissions of the unix socket, in octal.
        unix_socket_permission: u32 = "666" via permissions,
        /// Where our own commands and hooks reach the server.
        local_root_url: String = derived "http://localhost:HTTP_PORT/",
        /// Whether connections start with a PROXY protocol header.
        use_proxy_protocol: bool = "false",
        /// Whether the PROXY protocol also stands before TLS.
        proxy_protocol_tls_bridging: bool = "false",
        /// How long to wait for the PROXY protocol header.
        proxy_protocol_header_timeout: Duration = "5s",
        /// Whether a PROXY header of an unknown family is accepted.
        proxy_protocol_accept_unknown: bool = "false",
        /// Whether requests to LOCAL_ROOT_URL carry a PROXY protocol header.
        local_use_proxy_protocol: bool = derived "USE_PROXY_PROTOCOL",
        /// Whether a second port redirects to this one, for sites with TLS.
        redirect_other_port: bool = "false",
        /// The port that redirects.
        port_to_redirect: u16 = "80",
        /// Whether connections to PORT_TO_REDIRECT start with a PROXY protocol header.
        redirector_use_proxy_protocol: bool = derived "USE_PROXY_PROTOCOL",
        /// The certificate chain, relative to the custom path.
        cert_file: PathBuf = "",
        /// The private key of the certificate, relative to the custom path.
        key_file: PathBuf = "",
        /// How long a shutdown waits for requests to end.
        graceful_hammer_time: Duration = "60s",
        /// How long a start may take; 0 means any time.
        startup_timeout: Duration = "0",
        /// How long one write to a client may take; 0 or less means any time.
        per_write_timeout: Duration = "30s",
        /// How much longer a write may take for each kilobyte.
        per_write_per_kb_timeout: Duration = "10s",
        /// The folder that holds `public` and `options`, if it is not WORK_PATH.
        static_root_path: PathBuf = derived "WORK_PATH",
        /// How long browsers may keep scripts, styles and pictures.
        static_cache_time: Duration = "6h",
        /// The folder for everything the server stores, relative to WORK_PATH.
        app_data_path: PathBuf = derived "WORK_PATH/data",
        /// A folder for temporary files; it must exist.
        app_temp_path: PathBuf = "",
        /// Whether answers are compressed.
        enable_gzip: bool = "false",
        /// What a visitor sees at `/`: home, explore, organizations, login, or a path.
        landing_page: String = "home",
        /// Switches cloning and pushing over SSH off.
        disable_ssh: bool = "false",
        /// Runs the built-in SSH server instead of relying on OpenSSH.
        start_ssh_server: bool = "false",
        /// The name people sign in with at the built-in SSH server.
        builtin_ssh_server_user: String = derived "RUN_USER",
        /// The user in the SSH addresses shown.
        ssh_user: String = derived "BUILTIN_SSH_SERVER_USER",
        /// The host in the SSH addresses shown.
        ssh_domain: String = derived "DOMAIN",
        /// The port in the SSH addresses shown.
        ssh_port: u16 = "22",
        /// The port the built-in SSH server listens on.
        ssh_listen_port: u16 = derived "SSH_PORT",
        /// The address the built-in SSH server listens on.
        ssh_listen_host: String = "",
        /// Where `authorized_keys` lives.
        ssh_root_path: PathBuf = derived "$HOME/.ssh",
        /// Whether `authorized_keys` is written.
        ssh_create_authorized_keys_file: bool = "true",
        /// Whether `authorized_keys` is copied before it is rewritten.
        ssh_authorized_keys_backup: bool = "false",
        /// The forced command in `authorized_keys`.
        ssh_authorized_keys_command_template: String = "{{.AppPath}} --config={{.CustomConf}} serv key-{{.Key.ID}}",
        /// The host keys of the built-in SSH server, relative to APP_DATA_PATH.
        ssh_server_host_keys: Vec<PathBuf> = "ssh/gitea.rsa, ssh/gitea.ed25519, ssh/gitea.ecdsa, ssh/gogs.rsa",
        /// Whether visitors who are not signed in see SSH addresses.
        ssh_expose_anonymous: bool = "false",
        /// Whether keys that are too short are refused.
        minimum_key_size_check: bool = "true",
        /// Whether Git LFS is served.
        lfs_start_server: bool = "false",
        /// The secret that signs LFS tokens, 32 bytes in base64url; made at the first start.
        lfs_jwt_secret: Secret = "",
        /// How long an LFS token is good for.
        lfs_http_auth_expiry: Duration = "24h",
        /// The largest LFS object in bytes; 0 means any size.
        lfs_max_file_size: u64 = "0",
        /// How many LFS locks are listed at once.
        lfs_locks_paging_num: u64 = "50",
        /// How many objects an LFS batch may name; 0 means any number.
        lfs_max_batch_size: u64 = "0",
    }
    computed {
        /// The path of ROOT_URL without the last slash: `""`, or like `/git`.
        app_sub_url: String,
    }
}

impl Server {
    /// Completes what depends on other keys.
    pub(crate) fn finish(&mut self, reader: &mut Reader<'_>, base: &mut Base) {
        let section = Self::SPEC.name;
        let unset = |path: &PathBuf| path.as_os_str().is_empty();
        if unset(&self.app_data_path) {
            self.app_data_path = PathBuf::from("data");
        }
        self.app_data_path = base.work(&self.app_data_path);
        base.data_path.clone_from(&self.app_data_path);
        self.static_root_path = base.work(&self.static_root_path);
        for file in [&mut self.cert_file, &mut self.key_file] {
            if !unset(file) {
                *file = base.custom(file);
            }
        }
        for key in &mut self.ssh_server_host_keys {
            *key = base.data(key);
        }
        if unset(&self.ssh_root_path) {
            self.ssh_root_path = base.home.join(".ssh");
        }
        match self.protocol {
            Protocol::Unix => self.protocol = Protocol::HttpUnix,
            Protocol::Fcgi | Protocol::FcgiUnix => {
                reader.problem(section, "PROTOCOL", "FastCGI is not supported");
            }
            Protocol::Https if unset(&self.cert_file) || unset(&self.key_file) => {
                reader.problem(section, "PROTOCOL", "https needs CERT_FILE and KEY_FILE");
            }
            _ => {}
        }
        if self.protocol.is_unix() {
            self.http_addr = base.work(&PathBuf::from(&self.http_addr)).to_string_lossy().into_owned();
        }
        self.finish_urls(reader);
        if self.ssh_domain.is_empty() {
            self.ssh_domain.clone_from(&self.domain);
        }
        if self.builtin_ssh_server_user.is_empty() {
            let user = if base.run_user.is_empty() { "git" } else { base.run_user.as_str() };
            user.clone_into(&mut self.builtin_ssh_server_user);
        }
        if self.ssh_user.is_empty() {
            self.ssh_user.clone_from(&self.builtin_ssh_server_user);
        }
        if !reader.has(section, "SSH_LISTEN_PORT") {
            self.ssh_listen_port = self.ssh_port;
        }
        if !reader.has(section, "LOCAL_USE_PROXY_PROTOCOL") {
            self.local_use_proxy_protocol = self.use_proxy_protocol;
        }
        if !reader.has(section, "REDIRECTOR_USE_PROXY_PROTOCOL") {
            self.redirector_use_proxy_protocol = self.use_proxy_protocol;
        }
        self.lfs_jwt_secret = base.secret(reader, section, "LFS_JWT_SECRET");
        if self.graceful_hammer_time.is_zero() {
            self.graceful_hammer_time = Duration::from_secs(60);
        }
    }

    fn finish_urls(&mut self, reader: &mut Reader<'_>) {
        let section = Self::SPEC.name;
        let scheme = if self.protocol == Protocol::Https { "https" } else { "http" };
        if self.root_url.is_empty() {
            self.root_url = format!("{scheme}://{}:{}/", bracketed(&self.domain), self.http_port);
        }
        match public_url(&self.root_url) {
            Ok(url) => {
                self.app_sub_url = url.path().trim_end_matches('/').to_owned();
                self.root_url = format!("{}/", url.as_str().trim_end_matches('/'));
                if let Some(Host::Domain(host)) = url.host() {
                    host.clone_into(&mut self.domain);
                }
            }
            Err(reason) => {
                let key = if reader.has(section, "ROOT_URL") { "ROOT_URL" } else { "DOMAIN" };
                reader.problem(section, key, reason);
            }
        }
        if reader.has(section, "STATIC_URL_PREFIX") {
            self.static_url_prefix = self.static_url_prefix.trim_end_matches('/').to_owned();
        } else {
            self.static_url_prefix.clone_from(&self.app_sub_url);
        }
        if self.local_root_url.is_empty() {
            self.local_root_url = match self.protocol {
                protocol if protocol.is_unix() => "http://unix/".to_owned(),
                _ if self.http_addr == "0.0.0.0" => format!("{scheme}://localhost:{}/", self.http_port),
                _ => format!("{scheme}://{}:{}/", bracketed(&self.http_addr), self.http_port),
            };
        } else if let Err(reason) = public_url(&self.local_root_url) {
            reader.problem(section, "LOCAL_ROOT_URL", reason);
        }
        self.local_root_url = format!("{}/", self.local_root_url.trim_end_matches('/'));
    }
}

fn bracketed(host: &str) -> String {
    match host.parse::<IpAddr>() {
        Ok(IpAddr::V6(address)) => format!("[{address}]"),
        _ => host.to_owned(),
    }
}

/// Parses an address of this site. Default ports disappear by parsing.
fn public_url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text)
        .map_err(|error| format!("expected an address such as https://git.example.com/ ({error})"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err("the address must start with http:// or https://".to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("the address must not hold a user name or password".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("the address must end with its path".to_owned());
    }
    Ok(url)
}
