//! `[service]`: who may sign up, sign in and see what.

use std::time::Duration;

use oolong_core::{Secret, Visibility};

use crate::schema::{Reader, section};
use crate::value::{IniValue, Read, choice};

/// Whether visitors must sign in before they see anything.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum RequireSignin {
    /// Public things are public.
    #[default]
    Never,
    /// Only for pages that are costly to make.
    Expensive,
    /// For everything.
    Always,
}

impl IniValue for RequireSignin {
    fn read(text: &str) -> Read<Self> {
        if text.eq_ignore_ascii_case("expensive") {
            return Ok(Self::Expensive);
        }
        let always =
            crate::value::switch(text).map_err(|_| "expected true, false or expensive".to_owned())?;
        Ok(if always { Self::Always } else { Self::Never })
    }
}

choice! {
    /// Who checks that a visitor is human.
    pub enum CaptchaType {
        /// A picture made by the server.
        #[default]
        Image = "image",
        /// Google's reCAPTCHA.
        Recaptcha = "recaptcha",
        /// hCaptcha.
        Hcaptcha = "hcaptcha",
        /// mCaptcha.
        Mcaptcha = "mcaptcha",
        /// Cloudflare Turnstile.
        CfTurnstile = "cfturnstile",
    }
}

section! {
    /// Who may sign up, sign in and see what.
    pub struct Service in "service" {
        /// Forbids signing up; administrators can still create accounts.
        disable_registration: bool = "false",
        /// Only forms of this site may create accounts, no outside source.
        allow_only_internal_registration: bool = "false",
        /// Only outside sources may create accounts.
        allow_only_external_registration: bool = "false",
        /// Whether a new account is confirmed by mail; needs the mailer.
        register_email_confirm: bool = "false",
        /// Whether an administrator confirms new accounts.
        register_manual_confirm: bool = "false",
        /// How many minutes a confirmation link is good for.
        active_code_live_minutes: Duration = "180" via minutes,
        /// How many minutes the page says a password link is good for.
        reset_passwd_code_live_minutes: Duration = "180" via minutes,
        /// Only addresses of these domains may sign up; * matches any text.
        email_domain_allowlist: Vec<String> = "" formerly "EMAIL_DOMAIN_WHITELIST",
        /// Addresses of these domains may not sign up.
        email_domain_blocklist: Vec<String> = "",
        /// Whether the button to sign up is shown.
        show_registration_button: bool = derived "whether people can sign up",
        /// Whether the overview of milestones exists.
        show_milestones_dashboard_page: bool = "true",
        /// Whether one must sign in to see anything: true, false, or expensive (only costly pages).
        require_signin_view: RequireSignin = "false",
        /// Whether notifications are mailed; needs the mailer.
        enable_notify_mail: bool = "false",
        /// Whether a password may be used outside the sign-in form. Tokens always may.
        enable_basic_authentication: bool = "true",
        /// Whether the form for name and password is shown.
        enable_password_signin_form: bool = "true",
        /// Whether passkeys may replace a password.
        enable_passkey_authentication: bool = "true",
        /// Whether a trusted proxy may name the user on web pages.
        enable_reverse_proxy_authentication: bool = "false",
        /// Whether it may on the API, too.
        enable_reverse_proxy_authentication_api: bool = "false",
        /// Whether people a proxy names get an account by themselves.
        enable_reverse_proxy_auto_registration: bool = "false",
        /// Whether the e-mail address of the proxy is used.
        enable_reverse_proxy_email: bool = "false",
        /// Whether the full name of the proxy is used.
        enable_reverse_proxy_full_name: bool = "false",
        /// Whether signing up asks for a captcha.
        enable_captcha: bool = "false",
        /// Whether signing in asks for a captcha.
        require_captcha_for_login: bool = "false",
        /// Whether signing up through an outside source asks for a captcha.
        require_external_registration_captcha: bool = derived "ENABLE_CAPTCHA",
        /// Whether signing up through an outside source asks for a password.
        require_external_registration_password: bool = "false",
        /// image, recaptcha, hcaptcha, mcaptcha or cfturnstile.
        captcha_type: CaptchaType = "image",
        /// The secret key for reCAPTCHA.
        recaptcha_secret: Secret = "",
        /// The site key for reCAPTCHA.
        recaptcha_sitekey: String = "",
        /// The address of reCAPTCHA.
        recaptcha_url: String = "https://www.google.com/recaptcha/",
        /// The secret key for hCaptcha.
        hcaptcha_secret: Secret = "",
        /// The site key for hCaptcha.
        hcaptcha_sitekey: String = "",
        /// The secret key for mCaptcha.
        mcaptcha_secret: Secret = "",
        /// The site key for mCaptcha.
        mcaptcha_sitekey: String = "",
        /// The address of mCaptcha.
        mcaptcha_url: String = "https://demo.mcaptcha.org/",
        /// The secret key for Turnstile.
        cf_turnstile_secret: Secret = "",
        /// The site key for Turnstile.
        cf_turnstile_sitekey: String = "",
        /// Whether new accounts hide their e-mail address.
        default_keep_email_private: bool = "false",
        /// Whether new accounts may create organisations.
        default_allow_create_organization: bool = "true",
        /// Whether new accounts see only what they were invited to.
        default_user_is_restricted: bool = "false",
        /// The visibility of new accounts: public, limited or private.
        default_user_visibility: Visibility = derived "the first of ALLOWED_USER_VISIBILITY_MODES",
        /// Which visibilities people may choose.
        allowed_user_visibility_modes: Vec<Visibility> = "public,limited,private",
        /// The visibility of new organisations: public, limited or private.
        default_org_visibility: Visibility = "public",
        /// Whether new members of an organisation are shown.
        default_org_member_visible: bool = "false",
        /// Whether time can be tracked.
        enable_timetracking: bool = "true",
        /// Whether new repositories track time.
        default_enable_timetracking: bool = "true",
        /// Whether issues of new repositories can depend on each other.
        default_enable_dependencies: bool = "true",
        /// Whether issues can depend on issues of other repositories.
        allow_cross_repository_dependencies: bool = "true",
        /// Whether new repositories let only contributors track time.
        default_allow_only_contributors_to_track_time: bool = "true",
        /// The domain of the addresses that stand for hidden ones.
        no_reply_address: String = derived "noreply.DOMAIN",
        /// The address of a map, to which a user's location is added.
        user_location_map_url: String = "",
        /// Whether profiles show a calendar of activity.
        enable_user_heatmap: bool = "true",
        /// Whether people watch what they create.
        auto_watch_new_repos: bool = "true",
        /// Whether people watch what they push to.
        auto_watch_on_changes: bool = "false",
        /// How young an account must be for its comments to vanish with it; 0 keeps them always.
        user_delete_with_comments_max_time: Duration = "0",
        /// Which kinds of address a profile's website may have.
        valid_site_url_schemes: Vec<String> = "http,https",
    }
    sections {
        /// `[service.explore]`.
        explore: Explore,
    }
}

section! {
    /// The pages that list what the site holds.
    pub struct Explore in "service.explore" {
        /// Whether one must sign in to see them.
        require_signin_view: bool = "false",
        /// Switches the list of people off.
        disable_users_page: bool = "false",
        /// Switches the list of organisations off.
        disable_organizations_page: bool = "false",
        /// Switches the search in code off.
        disable_code_page: bool = "false",
    }
}

impl Service {
    /// Completes what depends on other keys.
    pub(crate) fn finish(&mut self, reader: &mut Reader<'_>, domain: &str, mailer: bool) {
        let section = Self::SPEC.name;
        if self.allow_only_internal_registration && self.allow_only_external_registration {
            reader.warn("[service] allows only internal and only external registration: nobody can sign up");
            self.disable_registration = true;
        }
        if self.register_email_confirm && !mailer {
            reader.warn("[service] REGISTER_EMAIL_CONFIRM has no effect while [mailer] is not enabled");
            self.register_email_confirm = false;
        }
        self.enable_notify_mail &= mailer;
        self.register_manual_confirm &= !self.register_email_confirm;
        if !reader.has(section, "SHOW_REGISTRATION_BUTTON") {
            self.show_registration_button =
                !self.disable_registration && !self.allow_only_external_registration;
        }
        if !reader.has(section, "REQUIRE_EXTERNAL_REGISTRATION_CAPTCHA") {
            self.require_external_registration_captcha = self.enable_captcha;
        }
        if self.allowed_user_visibility_modes.is_empty() {
            self.allowed_user_visibility_modes =
                vec![Visibility::Public, Visibility::Limited, Visibility::Private];
        }
        if !reader.has(section, "DEFAULT_USER_VISIBILITY") {
            self.default_user_visibility =
                self.allowed_user_visibility_modes.first().copied().unwrap_or_default();
        } else if !self.allowed_user_visibility_modes.contains(&self.default_user_visibility) {
            reader.problem(section, "DEFAULT_USER_VISIBILITY", "not one of ALLOWED_USER_VISIBILITY_MODES");
        }
        if self.no_reply_address.is_empty() {
            self.no_reply_address = format!("noreply.{domain}");
        }
    }
}
