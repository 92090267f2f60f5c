//! What a push leaves in the database, whoever made it: git over HTTP, the API's edits, a merge.
//!
//! The references have moved already when this runs. Nothing is refused here: that is `ref_rules`.

mod feed;
mod observed;
mod tags;

use oolong_core::{RepoId, Result, UnixSeconds, UserId};
use oolong_db::entity::{action, branch, repository, user};
use oolong_db::feeds::Operation;
use oolong_db::sea_orm::sea_query::{Expr, ExprTrait as _};
use oolong_db::sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use oolong_db::{Classify, branches, feeds, pushes, repositories};
use oolong_git::ObjectId;

use crate::{Forge, git};
use feed::FeedContent;
use observed::{Observed, SeenBranch};

/// A reference that moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefUpdate {
    /// Full name: `refs/heads/main`.
    pub ref_name: String,
    /// Where it was; `None` when it is new.
    pub old: Option<ObjectId>,
    /// Where it is; `None` when it was deleted.
    pub new: Option<ObjectId>,
}

impl RefUpdate {
    /// A branch that moved.
    pub fn branch(name: &str, old: Option<ObjectId>, new: Option<ObjectId>) -> Self {
        Self { ref_name: format!("refs/heads/{name}"), old, new }
    }

    /// A tag that moved.
    pub fn tag(name: &str, old: Option<ObjectId>, new: Option<ObjectId>) -> Self {
        Self { ref_name: format!("refs/tags/{name}"), old, new }
    }

    /// The branch's short name, if it is one.
    pub fn branch_name(&self) -> Option<&str> {
        self.ref_name.strip_prefix("refs/heads/")
    }

    /// The tag's short name, if it is one.
    pub fn tag_name(&self) -> Option<&str> {
        self.ref_name.strip_prefix("refs/tags/")
    }

    fn is_change(&self) -> bool {
        self.old != self.new && (self.branch_name().is_some() || self.tag_name().is_some())
    }
}

/// Records what a push did: branch and release rows, the default branch, feeds, sizes and times. References other than
/// branches and tags leave nothing.
pub async fn record(
    forge: &Forge,
    doer: &user::Model,
    repo: &repository::Model,
    owner: &user::Model,
    updates: &[RefUpdate],
) -> Result<()> {
    record_noted(forge, doer, repo, owner, updates, &[]).await
}

/// The same for a push that stands in the journal: its rows go in the same transaction. Where they are gone, somebody
/// else has recorded it, and nothing is done.
pub(crate) async fn record_noted(
    forge: &Forge,
    doer: &user::Model,
    repo: &repository::Model,
    owner: &user::Model,
    updates: &[RefUpdate],
    noted: &[i64],
) -> Result<()> {
    let updates: Vec<RefUpdate> = updates.iter().filter(|update| update.is_change()).cloned().collect();
    if updates.is_empty() {
        return pushes::take(forge.db.write(), noted).await.map(drop);
    }
    let path = forge.repository_path(&owner.name, &repo.name)?;
    let looked_at = updates.clone();
    let feed_limit = usize::try_from(forge.settings.ui.feed_max_commit_num).unwrap_or(usize::MAX);
    // Without any row the repository was adopted, or came from a server that keeps none: then all are made.
    let scan = !branches::any(forge.db.read(), RepoId(repo.id)).await?;
    let observed = git::blocking(move || Observed::look(&path, looked_at, feed_limit, scan)).await?;

    let transaction = forge.db.begin().await?;
    if !noted.is_empty() && pushes::take(&transaction, noted).await? == 0 {
        return Ok(());
    }
    // The caller's row may be older than the push before this one.
    let Some((repo, owner)) = repositories::find_with_owner(&transaction, RepoId(repo.id)).await? else {
        return Ok(());
    };
    let write = Write { now: forge.clock.now(), doer, repo: &repo, owner: &owner, observed: &observed };
    write.branches(&transaction).await?;
    tags::record(&transaction, &write).await?;
    let default_branch = write.default_branch();
    write.feeds(&transaction, &default_branch).await?;
    let watches = forge.settings.service.auto_watch_on_changes
        && doer.is_individual()
        && feeds::watch_after_push(&transaction, doer.user_id(), RepoId(repo.id), write.now).await?;
    write.repository(&transaction, &default_branch, i32::from(watches)).await?;
    transaction.commit().await.classify()?;

    let pushed_default =
        observed.branches.iter().any(|branch| branch.name == default_branch && branch.new.is_some());
    if default_branch != repo.default_branch || pushed_default || repo.is_empty {
        point_head(forge, &owner, &repo, default_branch).await?;
    }
    Ok(())
}

/// `HEAD` follows the default branch, so that clones check it out.
async fn point_head(
    forge: &Forge,
    owner: &user::Model,
    repo: &repository::Model,
    default_branch: String,
) -> Result<()> {
    let path = forge.repository_path(&owner.name, &repo.name)?;
    let format = repo.object_format_name.clone();
    git::blocking(move || {
        if format == "sha256" {
            return Ok(());
        }
        let git = path.open()?;
        if git.head_branch()?.as_deref() == Some(default_branch.as_str()) {
            return Ok(());
        }
        git.set_head(&default_branch)
    })
    .await
}

/// One push on its way into the database.
struct Write<'a> {
    now: UnixSeconds,
    doer: &'a user::Model,
    repo: &'a repository::Model,
    owner: &'a user::Model,
    observed: &'a Observed,
}

impl Write<'_> {
    fn repo_id(&self) -> RepoId {
        RepoId(self.repo.id)
    }

    fn doer_id(&self) -> UserId {
        self.doer.user_id()
    }

    async fn branches(&self, connection: &impl ConnectionTrait) -> Result<()> {
        let deleted: Vec<String> =
            self.observed.branches.iter().filter(|b| b.new.is_none()).map(|b| b.name.clone()).collect();
        if !deleted.is_empty() {
            branches::mark_deleted(connection, self.repo_id(), &deleted, self.doer_id(), self.now).await?;
        }
        let mut rows: Vec<branch::Model> =
            self.observed.at_rest.iter().map(|branch| self.branch_row(branch)).collect();
        for branch in self.observed.branches.iter().filter(|branch| branch.new.is_some()) {
            rows.push(self.branch_row(branch));
        }
        if rows.is_empty() { Ok(()) } else { branches::upsert(connection, rows).await }
    }

    fn branch_row(&self, branch: &SeenBranch) -> branch::Model {
        branch::Model {
            repo_id: self.repo.id,
            name: branch.name.clone(),
            commit_id: branch.new.map(|id| id.to_string()).unwrap_or_default(),
            commit_message: branch.summary.clone(),
            pusher_id: self.doer.id,
            commit_time: branch.commit_time,
            created_unix: self.now.0,
            updated_unix: self.now.0,
            ..Default::default()
        }
    }

    /// The configured default branch if it exists; `main` or `master` where it does not; in a repository that was empty
    /// otherwise the first branch pushed.
    fn default_branch(&self) -> String {
        let exists = |name: &str| self.observed.names.iter().any(|known| known == name);
        let configured = self.repo.default_branch.as_str();
        if exists(configured) {
            return configured.to_owned();
        }
        if let Some(usual) = ["main", "master"].into_iter().find(|name| exists(name)) {
            return usual.to_owned();
        }
        let first = self.observed.branches.iter().find(|branch| branch.new.is_some());
        match first {
            Some(first) if self.repo.is_empty => first.name.clone(),
            _ => configured.to_owned(),
        }
    }

    async fn feeds(&self, connection: &impl ConnectionTrait, default_branch: &str) -> Result<()> {
        let receivers = feeds::receivers(connection, self.doer_id(), self.repo, self.owner).await?;
        let compare = format!("{}/{}/compare/", self.owner.name, self.repo.name);
        for branch in &self.observed.branches {
            let reference = format!("refs/heads/{}", branch.name);
            let Some(new) = branch.new else {
                self.feed(connection, &receivers, Operation::DeleteBranch, &reference, String::new()).await?;
                continue;
            };
            let base = match branch.old {
                Some(old) => Some(old.to_string()),
                None => branch.fork_point.map(|id| id.to_string()).or_else(|| {
                    (branch.commits.is_empty() && branch.name != default_branch)
                        .then(|| default_branch.to_owned())
                }),
            };
            if branch.old.is_none() {
                self.feed(connection, &receivers, Operation::PushBranch, &reference, String::new()).await?;
            }
            let content = FeedContent {
                commits: Some(branch.commits.clone()),
                head_commit: branch.head.clone(),
                compare_url: base.map(|base| format!("{compare}{base}...{new}")).unwrap_or_default(),
                len: branch.total,
            };
            self.feed(connection, &receivers, Operation::PushBranch, &reference, content.to_json()).await?;
        }
        for tag in &self.observed.tags {
            let reference = format!("refs/tags/{}", tag.name);
            let (operation, content) = match tag.new {
                None => (Operation::DeleteTag, FeedContent::default()),
                Some(new) => {
                    let old = tag.old.unwrap_or_else(|| ObjectId::zero(new.format()));
                    let compare_url = format!("{compare}{old}...{new}");
                    (
                        Operation::PushTag,
                        FeedContent { head_commit: tag.head.clone(), compare_url, ..Default::default() },
                    )
                }
            };
            self.feed(connection, &receivers, operation, &reference, content.to_json()).await?;
        }
        Ok(())
    }

    async fn feed(
        &self,
        connection: &impl ConnectionTrait,
        receivers: &[i64],
        operation: Operation,
        reference: &str,
        content: String,
    ) -> Result<()> {
        let row = action::Model {
            op_type: operation as i32,
            act_user_id: self.doer.id,
            repo_id: self.repo.id,
            ref_name: reference.to_owned(),
            is_private: self.repo.is_private,
            content,
            created_unix: self.now.0,
            ..Default::default()
        };
        feeds::insert(connection, receivers, &row).await
    }

    async fn repository(
        &self,
        connection: &impl ConnectionTrait,
        default_branch: &str,
        watches: i32,
    ) -> Result<()> {
        use repository::Column;
        let git_size = i64::try_from(self.observed.size).unwrap_or(i64::MAX);
        let is_empty = self.repo.is_empty && self.observed.names.is_empty();
        repository::Entity::update_many()
            .col_expr(Column::IsEmpty, Expr::val(is_empty))
            .col_expr(Column::DefaultBranch, Expr::val(default_branch))
            .col_expr(Column::GitSize, Expr::val(git_size))
            .col_expr(Column::Size, Expr::col(Column::LfsSize).add(git_size))
            .col_expr(Column::NumWatches, Expr::col(Column::NumWatches).add(watches))
            .col_expr(Column::UpdatedUnix, Expr::val(self.now.0))
            .filter(Column::Id.eq(self.repo.id))
            .exec(connection)
            .await
            .classify()?;
        Ok(())
    }
}
