//! Git's pack services, for HTTP and SSH alike. Streams both ways; memory stays flat.

use std::path::Path;

use tokio::io::AsyncRead;

use crate::{GitProgram, ProcessStream, Result};

/// A service a client may ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Service {
    /// Fetching.
    UploadPack,
    /// Pushing.
    ReceivePack,
    /// Remote archives.
    UploadArchive,
}

impl Service {
    /// Reads a client's name for it, `git-upload-pack`.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "git-upload-pack" => Some(Self::UploadPack),
            "git-receive-pack" => Some(Self::ReceivePack),
            "git-upload-archive" => Some(Self::UploadArchive),
            _ => None,
        }
    }

    /// The client's name for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::UploadPack => "git-upload-pack",
            Self::ReceivePack => "git-receive-pack",
            Self::UploadArchive => "git-upload-archive",
        }
    }

    /// The subcommand.
    #[must_use]
    pub fn command(self) -> &'static str {
        match self {
            Self::UploadPack => "upload-pack",
            Self::ReceivePack => "receive-pack",
            Self::UploadArchive => "upload-archive",
        }
    }
}

/// What a service is started with besides the repository.
#[derive(Debug, Clone, Default)]
pub struct ServiceOptions {
    /// The client's `Git-Protocol` header or `GIT_PROTOCOL`; anything odd is dropped.
    pub protocol: Option<String>,
    /// Variables for the hooks.
    pub environment: Vec<(String, String)>,
    /// Whether partial clones and fetches of any object are served.
    pub partial_clone: bool,
    /// More settings, which win over ours.
    pub config: Vec<(String, String)>,
    /// Hooks for this one run, in place of the shared ones.
    pub hooks: Option<std::path::PathBuf>,
    /// Whether the client speaks the service itself (SSH) rather than one request at a time (HTTP).
    pub stateful: bool,
}

/// Whether a `Git-Protocol` header is one git itself could have sent: `key=value` or `key`, joined by colons.
#[must_use]
pub fn is_protocol_header(value: &str) -> bool {
    value.len() <= 256
        && value.split(':').all(|part| {
            !part.is_empty()
                && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '=' | '-' | '_' | '.'))
                && !part.starts_with('=')
        })
}

impl GitProgram {
    fn service(
        &self,
        service: Service,
        repository: &Path,
        options: &ServiceOptions,
    ) -> tokio::process::Command {
        let partial = if options.partial_clone { "true" } else { "false" };
        let mut settings = match service {
            Service::UploadPack => {
                vec![("uploadpack.allowFilter", partial), ("uploadpack.allowAnySHA1InWant", partial)]
            }
            // Packing up is a job of its own; a push should not start one.
            Service::ReceivePack => {
                vec![("receive.advertisePushOptions", "true"), ("receive.autogc", "false")]
            }
            Service::UploadArchive => Vec::new(),
        };
        settings.extend(options.config.iter().map(|(key, value)| (key.as_str(), value.as_str())));
        let mut command = match &options.hooks {
            Some(hooks) => self.clone().with_hooks(hooks).command(repository, &settings),
            None => self.command(repository, &settings),
        };
        for (name, value) in &options.environment {
            command.env(name, value);
        }
        if let Some(protocol) = options.protocol.as_deref().filter(|protocol| is_protocol_header(protocol)) {
            command.env("GIT_PROTOCOL", protocol);
        }
        command.arg(service.command());
        command
    }

    /// What a repository offers a client: its references and the service's capabilities.
    pub fn advertise_refs(
        &self,
        service: Service,
        repository: &Path,
        options: &ServiceOptions,
    ) -> Result<ProcessStream> {
        let mut command = self.service(service, repository, options);
        command.args(["--stateless-rpc", "--advertise-refs", "."]);
        ProcessStream::spawn(command, None::<tokio::io::Empty>)
    }

    /// Serves one request of a service; for [`ServiceOptions::stateful`] the whole conversation.
    pub fn serve<I>(
        &self,
        service: Service,
        repository: &Path,
        options: &ServiceOptions,
        input: I,
    ) -> Result<ProcessStream>
    where
        I: AsyncRead + Send + Unpin + 'static,
    {
        let mut command = self.service(service, repository, options);
        if !options.stateful && service != Service::UploadArchive {
            command.arg("--stateless-rpc");
        }
        command.arg(".");
        ProcessStream::spawn(command, Some(input))
    }

    /// Serves a fetch.
    pub fn upload_pack<I>(
        &self,
        repository: &Path,
        options: &ServiceOptions,
        input: I,
    ) -> Result<ProcessStream>
    where
        I: AsyncRead + Send + Unpin + 'static,
    {
        self.serve(Service::UploadPack, repository, options, input)
    }

    /// Serves a push.
    pub fn receive_pack<I>(
        &self,
        repository: &Path,
        options: &ServiceOptions,
        input: I,
    ) -> Result<ProcessStream>
    where
        I: AsyncRead + Send + Unpin + 'static,
    {
        self.serve(Service::ReceivePack, repository, options, input)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_protocol_headers_are_dropped() {
        for good in ["version=2", "version=1", "version=2:foo=bar", "foo"] {
            assert!(is_protocol_header(good), "{good}");
        }
        for bad in ["", "$(id)", "version=2 ", "a::b", "=2", "version=2\n"] {
            assert!(!is_protocol_header(bad), "{bad:?}");
        }
        assert_eq!(Service::parse("git-upload-pack"), Some(Service::UploadPack));
        assert_eq!(Service::parse("upload-pack"), None);
    }
}
