//! `[mailer]`.

use std::path::PathBuf;
use std::time::Duration;

use oolong_core::Secret;

use crate::load::Base;
use crate::schema::{Reader, section};
use crate::value::{IniValue as _, choice};

choice! {
    /// How mail leaves.
    pub enum MailProtocol {
        /// SMTP, with STARTTLS if the server offers it.
        Smtp = "smtp",
        /// SMTP over TLS.
        #[default]
        Smtps = "smtps",
        /// SMTP that must switch to TLS.
        SmtpStarttls = "smtp+starttls",
        /// SMTP over a unix socket.
        SmtpUnix = "smtp+unix",
        /// The sendmail program.
        Sendmail = "sendmail",
        /// Nowhere: it is logged.
        Dummy = "dummy",
    }
}

section! {
    /// How mail leaves.
    pub struct Mailer in "mailer" {
        /// Whether mail is sent at all.
        enabled: bool = "false",
        /// smtp, smtps, smtp+starttls, smtp+unix, sendmail or dummy.
        protocol: MailProtocol = derived "guessed from SMTP_ADDR and SMTP_PORT",
        /// The mail server, or the path of its socket.
        smtp_addr: String = "",
        /// Its port.
        smtp_port: u16 = derived "25, 465 or 587 by PROTOCOL",
        /// The user to sign in with.
        user: String = "",
        /// The password to sign in with.
        passwd: Secret = "",
        /// The sender: an address, or a name and an address in angle brackets.
        from: String = derived "USER",
        /// The sender on the envelope; <> means none.
        envelope_from: String = "",
        /// The sender's name.
        name: String = derived "APP_NAME",
        /// What every subject starts with.
        subject_prefix: String = "",
        /// Whether mails are plain text only.
        send_as_plain_text: bool = "false",
        /// Whether the server is greeted by name.
        enable_helo: bool = "true",
        /// The name to greet with; empty means this host's.
        helo_hostname: String = "",
        /// Whether any certificate is accepted.
        force_trust_server_cert: bool = "false" formerly "SKIP_VERIFY",
        /// Whether a certificate is shown to the server.
        use_client_cert: bool = "false" formerly "USE_CERTIFICATE",
        /// That certificate, relative to the custom path.
        client_cert_file: PathBuf = "" formerly "CERT_FILE",
        /// Its private key, relative to the custom path.
        client_key_file: PathBuf = "" formerly "KEY_FILE",
        /// The sendmail program.
        sendmail_path: String = "sendmail",
        /// More arguments for it.
        sendmail_args: Vec<String> = "" via words,
        /// How long it may take.
        sendmail_timeout: Duration = "5m",
        /// Whether it gets line feeds alone.
        sendmail_convert_crlf: bool = "true",
        /// How a person's name is written in the sender.
        from_display_name_format: String = "{{ .DisplayName }}",
        /// Whether pictures are put into mails.
        embed_attachment_images: bool = "false",
    }
    computed {
        /// `[mailer.override_header]`: headers that replace our own.
        override_header: Vec<(String, Vec<String>)>,
    }
}

impl Mailer {
    /// Completes what depends on other keys.
    pub(crate) fn finish(&mut self, reader: &mut Reader<'_>, base: &Base, app_name: &str) {
        let section = Self::SPEC.name;
        for file in [&mut self.client_cert_file, &mut self.client_key_file] {
            if !file.as_os_str().is_empty() {
                *file = base.custom(file);
            }
        }
        let older = |key: &str| reader.text(section, key);
        let mut port_known = reader.has(section, "SMTP_PORT");
        if let Some((host, port)) = older("HOST")
            .filter(|_| self.smtp_addr.is_empty())
            .as_deref()
            .and_then(|host| host.rsplit_once(':'))
        {
            host.clone_into(&mut self.smtp_addr);
            if let (Ok(port), false) = (port.parse(), port_known) {
                self.smtp_port = port;
                port_known = true;
            }
        }
        if let Some(Ok(disabled)) = older("DISABLE_HELO").map(|text| crate::value::switch(&text)) {
            self.enable_helo = !disabled;
        }
        if reader.has(section, "PROTOCOL") {
            // The newer key says it all.
        } else if let Some(kind) = older("MAILER_TYPE").and_then(|kind| MailProtocol::read(&kind).ok())
            && matches!(kind, MailProtocol::Sendmail | MailProtocol::Dummy)
        {
            self.protocol = kind;
        } else if older("IS_TLS_ENABLED").is_some_and(|text| crate::value::switch(&text) == Ok(true)) {
            self.protocol = MailProtocol::Smtps;
        } else {
            self.protocol = match self.smtp_port {
                _ if self.smtp_addr.contains('/') => MailProtocol::SmtpUnix,
                25 => MailProtocol::Smtp,
                587 => MailProtocol::SmtpStarttls,
                _ => MailProtocol::Smtps,
            };
        }
        if !port_known {
            self.smtp_port = match self.protocol {
                MailProtocol::Smtp => 25,
                MailProtocol::SmtpStarttls => 587,
                _ => 465,
            };
        }
        if self.from.is_empty() {
            self.from.clone_from(&self.user);
        }
        if self.name.is_empty() {
            app_name.clone_into(&mut self.name);
        }
        let headers = "mailer.override_header";
        let names = reader.ini.keys(headers);
        self.override_header = names
            .into_iter()
            .map(|name| {
                (name.to_owned(), crate::value::list(&reader.ini.get_own(headers, name).unwrap_or_default()))
            })
            .collect();
        if !self.enabled {
            return;
        }
        let over_smtp = !matches!(self.protocol, MailProtocol::Sendmail | MailProtocol::Dummy);
        if over_smtp && self.smtp_addr.is_empty() {
            reader.problem(section, "SMTP_ADDR", "missing; mail needs a server to go through");
        }
        if self.from.is_empty() {
            reader.problem(section, "FROM", "missing; mail needs a sender");
        }
    }
}
