//! Who may move which reference: the right to write, the default branch, protected branches and protected tags.
//!
//! Every way to move a reference asks here first: git push, the API's file edits, branches and tags. What a rule says
//! about *content* (forced pushes, protected files, signatures) is decided by [`ContentRules`], once the objects can be
//! read; nothing that cannot be decided is let through.

mod branch_rule;
mod content;
mod pattern;

use oolong_auth::permission::RepoPermission;
use oolong_core::{AccessMode, Error, OrgId, RepoId, Result, Unit};
use oolong_db::entity::{protected_tag, repository, user};
use oolong_db::protections;

use crate::push::RefUpdate;
use crate::{Forge, git};
pub use branch_rule::BranchRule;
pub use content::{ContentFacts, ContentRules};
pub use pattern::Pattern;

/// Who pushes.
#[derive(Clone, Copy, Debug)]
pub struct Pusher<'a> {
    /// The account; for a deploy key the repository's owner.
    pub user: &'a user::Model,
    /// What the account may do with the repository.
    pub permission: &'a RepoPermission,
    /// The mode of the deploy key that was used: it counts instead of the account's rights.
    pub deploy_key: Option<AccessMode>,
}

impl Pusher<'_> {
    /// Whether the code may be written at all.
    pub fn can_write_code(&self) -> bool {
        match self.deploy_key {
            Some(mode) => mode >= AccessMode::Write,
            None => self.permission.can_write(Unit::Code),
        }
    }
}

/// What the names alone say about a move.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// It may be made.
    Allowed,
    /// It depends on what is pushed.
    DependsOnContent(ContentRules),
}

/// The rules of a repository, loaded once for a push of any number of references.
#[derive(Clone, Debug)]
pub struct RefRules {
    default_branch: String,
    branches: Vec<BranchRule>,
    tags: Vec<(Pattern, protected_tag::Model)>,
    teams: Vec<i64>,
}

impl RefRules {
    /// Loads the rules of a repository, and the teams of `person` that rules may name.
    pub async fn load(
        forge: &Forge,
        person: Option<&user::Model>,
        repo: &repository::Model,
        owner: &user::Model,
    ) -> Result<Self> {
        let connection = forge.db.read();
        let branches = BranchRule::sorted(protections::list_branch_rules(connection, RepoId(repo.id)).await?);
        let tags: Vec<_> = protections::list_tag_rules(connection, RepoId(repo.id))
            .await?
            .into_iter()
            .map(|row| (Pattern::of_tags(&row.name_pattern), row))
            .collect();
        let has_rules = !branches.is_empty() || !tags.is_empty();
        let teams = match person {
            Some(person) if has_rules && owner.is_organization() => {
                protections::list_team_ids(connection, OrgId(owner.id), person.user_id()).await?
            }
            _ => Vec::new(),
        };
        Ok(Self { default_branch: repo.default_branch.clone(), branches, tags, teams })
    }

    /// The rule that guards a branch: the first that fits.
    pub fn branch_rule(&self, branch: &str) -> Option<&BranchRule> {
        self.branches.iter().find(|rule| rule.fits(branch))
    }

    /// The teams of the person the rules were loaded for.
    pub fn teams(&self) -> &[i64] {
        &self.teams
    }

    /// What the names alone say: refused, allowed, or a matter of what is pushed.
    pub fn check(&self, pusher: &Pusher<'_>, update: &RefUpdate) -> Result<Verdict> {
        if !pusher.can_write_code() {
            return Err(Error::forbidden("this needs the right to write the code"));
        }
        if let Some(branch) = update.branch_name() {
            return self.check_branch(pusher, branch, update);
        }
        if let Some(tag) = update.tag_name() {
            self.check_tag(pusher, tag)?;
        }
        Ok(Verdict::Allowed)
    }

    fn check_branch(&self, pusher: &Pusher<'_>, branch: &str, update: &RefUpdate) -> Result<Verdict> {
        if update.new.is_none() && branch == self.default_branch {
            return Err(Error::forbidden(format!("{branch} is the default branch and cannot be deleted")));
        }
        let Some(rule) = self.branch_rule(branch) else { return Ok(Verdict::Allowed) };
        if update.new.is_none() {
            return Err(Error::forbidden(format!("the branch {branch} is protected against deletion")));
        }
        self.content_rules(pusher, branch, rule, update.old.is_none())
    }

    fn content_rules(
        &self,
        pusher: &Pusher<'_>,
        branch: &str,
        rule: &BranchRule,
        is_new: bool,
    ) -> Result<Verdict> {
        let content = ContentRules::new(branch, rule, pusher, &self.teams);
        if let Some(reason) = content.refuses_everything() {
            return Err(Error::forbidden(reason));
        }
        Ok(if content.allows_everything(is_new) {
            Verdict::Allowed
        } else {
            Verdict::DependsOnContent(content)
        })
    }

    /// Whether an edit of these paths may be committed to a branch: in a commit of ours on top of it, or instead of what
    /// it has (`is_forced`).
    pub fn check_edit(
        &self,
        pusher: &Pusher<'_>,
        branch: &str,
        paths: &[String],
        is_forced: bool,
    ) -> Result<()> {
        if !pusher.can_write_code() {
            return Err(Error::forbidden("this needs the right to write the code"));
        }
        let Some(rule) = self.branch_rule(branch) else { return Ok(()) };
        match self.content_rules(pusher, branch, rule, false)? {
            Verdict::Allowed => Ok(()),
            // Our commits are not signed.
            Verdict::DependsOnContent(rules) => {
                let facts = ContentFacts { is_forced, paths: paths.to_vec(), has_unverified_commits: true };
                rules.decide(&facts).map_err(Error::forbidden)
            }
        }
    }

    /// Whether a tag may be made, moved or deleted: of the rules that fit, one has to allow it.
    pub fn check_tag(&self, pusher: &Pusher<'_>, tag: &str) -> Result<()> {
        let mut fitting =
            self.tags.iter().filter(|(pattern, _)| pattern.fits(tag)).map(|(_, row)| row).peekable();
        if fitting.peek().is_none() {
            return Ok(());
        }
        let allows = |row: &protected_tag::Model| {
            branch_rule::names(&row.allowlist_user_i_ds, pusher.user.id)
                || self.teams.iter().any(|team| branch_rule::names(&row.allowlist_team_i_ds, *team))
        };
        if fitting.any(allows) {
            Ok(())
        } else {
            Err(Error::forbidden(format!("the tag {tag} is protected")))
        }
    }
}

/// Whether `pusher` may move a reference of a repository whose objects are all there already (the API's writes). An
/// error of kind `Forbidden` carries the sentence for the client.
pub async fn check_ref_update(
    forge: &Forge,
    pusher: Pusher<'_>,
    repo: &repository::Model,
    owner: &user::Model,
    update: &RefUpdate,
) -> Result<()> {
    let rules = RefRules::load(forge, Some(pusher.user), repo, owner).await?;
    match rules.check(&pusher, update)? {
        Verdict::Allowed => Ok(()),
        Verdict::DependsOnContent(content) => {
            let path = forge.repository_path(&owner.name, &repo.name)?;
            let update = update.clone();
            let facts = git::read(path, move |git| ContentFacts::read(git, &update)).await?;
            content.decide(&facts).map_err(Error::forbidden)
        }
    }
}
