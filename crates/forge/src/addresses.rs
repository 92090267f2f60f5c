//! The addresses of repositories, as people and programs use them.

use std::net::Ipv6Addr;

use oolong_config::Settings;

/// The page of a repository.
pub fn page(settings: &Settings, owner: &str, name: &str) -> String {
    format!("{}{owner}/{name}", settings.server.root_url)
}

/// The address in the API.
pub fn api(settings: &Settings, owner: &str, name: &str) -> String {
    format!("{}api/v1/repos/{owner}/{name}", settings.server.root_url)
}

/// The address to clone over HTTP.
pub fn clone(settings: &Settings, owner: &str, name: &str) -> String {
    format!("{}{owner}/{name}.git", settings.server.root_url)
}

/// The address to clone over SSH.
pub fn ssh(settings: &Settings, owner: &str, name: &str) -> String {
    let server = &settings.server;
    let user = &server.ssh_user;
    let domain = match server.ssh_domain.parse::<Ipv6Addr>() {
        Ok(address) => format!("[{address}]"),
        Err(_) => server.ssh_domain.clone(),
    };
    if server.ssh_port != 22 {
        return format!("ssh://{user}@{domain}:{}/{owner}/{name}.git", server.ssh_port);
    }
    if settings.repository.use_compat_ssh_uri {
        return format!("ssh://{user}@{domain}/{owner}/{name}.git");
    }
    format!("{user}@{domain}:{owner}/{name}.git")
}

/// The picture of a repository, where it has one.
pub fn avatar(settings: &Settings, stored: &str) -> String {
    if stored.is_empty() {
        String::new()
    } else {
        format!("{}repo-avatars/{stored}", settings.server.root_url)
    }
}
