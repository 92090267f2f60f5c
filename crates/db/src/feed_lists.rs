//! Reading the activity feeds: what a viewer may see of `action`.

use oolong_core::{Page, Result, Visibility};
use sea_orm::sea_query::{Expr, ExprTrait as _, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use crate::Classify;
use crate::entity::{action, repository, team_repo, user};
use crate::repository_search::{self, Viewer};

/// Whose feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeedOf {
    /// What happens in a repository.
    Repository(i64),
    /// What a person or organisation is shown; with the switch, only what they did.
    Owner {
        /// The person or organisation.
        id: i64,
        /// Only their own doings.
        only_own: bool,
    },
    /// What happens in the repositories of a team, as its organisation is shown it.
    Team {
        /// The organisation.
        organisation: i64,
        /// The team.
        team: i64,
    },
}

/// A page of a feed, newest first, and how many lines there are. `day` is the first second of the day asked for.
pub async fn list(
    connection: &impl ConnectionTrait,
    viewer: Viewer,
    of: FeedOf,
    include_private: bool,
    day: Option<i64>,
    page: Page,
) -> Result<(Vec<action::Model>, u64)> {
    use action::Column;
    let mut condition = Condition::all().add(Column::IsDeleted.eq(false)).add(actors(viewer));
    if viewer != Viewer::Everything {
        condition = condition.add(Column::RepoId.in_subquery(visible_repositories(viewer)));
    }
    if !include_private || viewer == Viewer::Public {
        condition = condition.add(Column::IsPrivate.eq(false));
    }
    condition = match of {
        // Each receiver has a row: the actor's own stands for all.
        FeedOf::Repository(id) => condition
            .add(Column::RepoId.eq(id))
            .add(Expr::col((action::Entity, Column::UserId)).equals((action::Entity, Column::ActUserId))),
        FeedOf::Owner { id, only_own } => {
            let condition = condition.add(Column::UserId.eq(id));
            if only_own { condition.add(Column::ActUserId.eq(id)) } else { condition }
        }
        FeedOf::Team { organisation, team } => {
            let repos = Query::select()
                .column(team_repo::Column::RepoId)
                .from(team_repo::Entity)
                .and_where(team_repo::Column::TeamId.eq(team))
                .to_owned();
            condition.add(Column::UserId.eq(organisation)).add(Column::RepoId.in_subquery(repos))
        }
    };
    if let Some(day) = day {
        condition = condition.add(Column::CreatedUnix.gte(day)).add(Column::CreatedUnix.lte(day + 86_400));
    }
    let query = action::Entity::find().filter(condition);
    let total = query.clone().count(connection).await.classify()?;
    let rows = query
        .order_by_desc(Column::CreatedUnix)
        .order_by_asc(Column::Id)
        .offset(page.offset())
        .limit(page.limit)
        .all(connection)
        .await
        .classify()?;
    Ok((rows, total))
}

fn visible_repositories(viewer: Viewer) -> SelectStatement {
    Query::select()
        .column(repository::Column::Id)
        .from(repository::Entity)
        .cond_where(repository_search::visible(viewer))
        .to_owned()
}

/// Whose doings may be shown: people keep theirs to themselves if they like.
fn actors(viewer: Viewer) -> Condition {
    let open = |visibilities: &[Visibility]| {
        Query::select()
            .column(user::Column::Id)
            .from(user::Entity)
            .and_where(user::Column::KeepActivityPrivate.eq(false))
            .and_where(
                user::Column::Visibility.is_in(visibilities.iter().map(|visibility| visibility.number())),
            )
            .to_owned()
    };
    let act_user = action::Column::ActUserId;
    match viewer {
        Viewer::Everything => Condition::all(),
        Viewer::Nothing => Condition::all().add(Expr::val(1).eq(0)),
        Viewer::Public => Condition::all().add(act_user.in_subquery(open(&[Visibility::Public]))),
        Viewer::Person { id, .. } => Condition::any()
            .add(act_user.eq(id))
            .add(act_user.in_subquery(open(&[Visibility::Public, Visibility::Limited]))),
    }
}
