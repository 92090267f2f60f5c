//! How much a person did when, from the activity feed.

use oolong_core::{AccessMode, Result, UnixSeconds, UserId, Visibility};
use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};

use crate::Classify;
use crate::entity::{access, action, repository, user};

/// How many seconds are counted together.
const SLICE: i64 = 900;
/// How far back the map goes: 366 days.
const SPAN: i64 = 366 * 24 * 60 * 60;

/// Whose eyes a heat map is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looker {
    /// The person themselves, or a site administrator.
    Everything,
    /// Somebody signed in.
    Person(UserId),
    /// A visitor, or a credential that reaches only what is public.
    Public,
}

/// The beginnings of the quarters of an hour in which the person did something, with how much they did, in order.
pub async fn list(
    connection: &impl ConnectionTrait,
    person: UserId,
    looker: Looker,
    now: UnixSeconds,
) -> Result<Vec<(i64, i64)>> {
    let start =
        Expr::col(action::Column::CreatedUnix).sub(Expr::col(action::Column::CreatedUnix).modulo(SLICE));
    let mut query = action::Entity::find()
        .select_only()
        .column_as(start, "slice")
        .column_as(action::Column::Id.count(), "contributions")
        .filter(action::Column::UserId.eq(person.0))
        .filter(action::Column::ActUserId.eq(person.0))
        .filter(action::Column::CreatedUnix.gt(now.0 - SPAN));
    if let Some(condition) = visible(looker) {
        query = query.filter(condition);
    }
    query
        // By name: with a parameter inside, PostgreSQL does not see that the two expressions are one.
        .group_by(Expr::col(Alias::new("slice")))
        .order_by_asc(Expr::col(Alias::new("slice")))
        .into_tuple()
        .all(connection)
        .await
        .classify()
}

/// What was done in repositories that the looker may see.
fn visible(looker: Looker) -> Option<Condition> {
    let hidden_above = match looker {
        Looker::Everything => return None,
        Looker::Person(_) => Visibility::Limited,
        Looker::Public => Visibility::Public,
    };
    let owners = Query::select()
        .column(user::Column::Id)
        .from(user::Entity)
        .and_where(user::Column::Visibility.lte(hidden_above.number()))
        .to_owned();
    let open = repository::Entity::find()
        .select_only()
        .column(repository::Column::Id)
        .filter(repository::Column::IsPrivate.eq(false))
        .filter(repository::Column::OwnerId.in_subquery(owners))
        .into_query();
    let mut any = Condition::any().add(
        Condition::all()
            .add(action::Column::IsPrivate.eq(false))
            .add(action::Column::RepoId.in_subquery(open)),
    );
    if let Looker::Person(looker) = looker {
        let granted = access::Entity::find()
            .select_only()
            .column(access::Column::RepoId)
            .filter(access::Column::UserId.eq(looker.0))
            .filter(access::Column::Mode.gte(AccessMode::Read.number()))
            .into_query();
        any = any.add(action::Column::RepoId.in_subquery(granted));
    }
    Some(any)
}
