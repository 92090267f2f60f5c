//! The one finder of repositories: it starts from what the viewer may see and narrows from there, so that no list,
//! search or feed can forget it.

use oolong_core::{AccessMode, Page, Result, Visibility};
use sea_orm::sea_query::{Expr, ExprTrait as _, Func, LikeExpr, Order, Query, SelectStatement, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Select,
};

use crate::Classify;
use crate::entity::{
    access, org_user, repo_topic, repository, star, team, team_repo, team_unit, team_user, topic, user, watch,
};

/// Who looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Viewer {
    /// Nobody may see anything.
    Nothing,
    /// Only what is public: visitors, and credentials with the scope `public-only`.
    Public,
    /// A person.
    Person {
        /// Their id.
        id: i64,
        /// Whether public things of limited owners are hidden from them too.
        is_restricted: bool,
        /// Whether a restricted person sees what is public.
        public_is_open: bool,
    },
    /// Everything: site administrators.
    Everything,
}

/// By what repositories are ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// By name.
    #[default]
    Name,
    /// By owner, then name.
    Alpha,
    /// By time of making.
    Created,
    /// By time of the last change.
    Updated,
    /// By size.
    Size,
    /// By size without large files.
    GitSize,
    /// By size of large files.
    LfsSize,
    /// By stars.
    Stars,
    /// By forks.
    Forks,
    /// In the order of their making.
    Id,
}

impl Sort {
    /// The order of this name in the API.
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "alpha" => Self::Alpha,
            "created" => Self::Created,
            "updated" => Self::Updated,
            "size" => Self::Size,
            "git_size" => Self::GitSize,
            "lfs_size" => Self::LfsSize,
            "stars" => Self::Stars,
            "forks" => Self::Forks,
            "id" => Self::Id,
            _ => return None,
        })
    }

    fn columns(self) -> &'static [repository::Column] {
        use repository::Column;
        match self {
            Self::Name => &[Column::LowerName],
            Self::Alpha => &[Column::OwnerName, Column::LowerName],
            Self::Created => &[Column::CreatedUnix],
            Self::Updated => &[Column::UpdatedUnix],
            Self::Size => &[Column::Size],
            Self::GitSize => &[Column::GitSize],
            Self::LfsSize => &[Column::LfsSize],
            Self::Stars => &[Column::NumStars],
            Self::Forks => &[Column::NumForks],
            Self::Id => &[],
        }
    }
}

/// Whose repositories.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// Owned by them.
    Owned(i64),
    /// Owned by them, or theirs by collaboration or teams. `all` also counts organisations whose member they are
    /// without saying so in public.
    OwnedOrShared {
        /// The person.
        id: i64,
        /// See above.
        all: bool,
    },
    /// Only theirs by collaboration or teams.
    Shared {
        /// The person.
        id: i64,
        /// See above.
        all: bool,
    },
}

/// What to look for; everything that is left out does not narrow.
#[derive(Clone, Debug, Default)]
pub struct RepositoryFilter {
    /// Words in the name (or topics, description), separated by commas.
    pub keyword: String,
    /// Whether the keyword is a topic.
    pub topic_only: bool,
    /// Whether the keyword may be in the description.
    pub include_description: bool,
    /// Whose.
    pub of: Option<Of>,
    /// Reached by this team.
    pub team: Option<i64>,
    /// Starred by this person.
    pub starred_by: Option<i64>,
    /// Watched by this person.
    pub watched_by: Option<i64>,
    /// Forked from this repository.
    pub fork_of: Option<i64>,
    /// Private or not.
    pub is_private: Option<bool>,
    /// Template or not.
    pub is_template: Option<bool>,
    /// Archived or not.
    pub is_archived: Option<bool>,
    /// Fork or not.
    pub is_fork: Option<bool>,
    /// Mirror or not.
    pub is_mirror: Option<bool>,
    /// Whose come first.
    pub priority_owner: Option<i64>,
    /// The order.
    pub sort: Sort,
    /// Whether backwards.
    pub descending: bool,
}

/// A page of repositories and how many there are.
pub async fn list(
    connection: &impl ConnectionTrait,
    viewer: Viewer,
    filter: &RepositoryFilter,
    page: Page,
) -> Result<(Vec<repository::Model>, u64)> {
    let query = repository::Entity::find().filter(visible(viewer)).filter(narrowed(filter));
    let total = query.clone().count(connection).await.classify()?;
    let rows =
        ordered(query, filter).offset(page.offset()).limit(page.limit).all(connection).await.classify()?;
    Ok((rows, total))
}

/// Every repository of a filter, for lists that are not paged.
pub async fn list_ids(
    connection: &impl ConnectionTrait,
    viewer: Viewer,
    filter: &RepositoryFilter,
) -> Result<Vec<i64>> {
    repository::Entity::find()
        .select_only()
        .column(repository::Column::Id)
        .filter(visible(viewer))
        .filter(narrowed(filter))
        .into_tuple()
        .all(connection)
        .await
        .classify()
}

/// The repositories that a viewer may see: a condition on `repository`, for queries elsewhere too.
pub fn visible(viewer: Viewer) -> Condition {
    use repository::Column;
    let all = Condition::all();
    match viewer {
        Viewer::Everything => all,
        Viewer::Nothing => all.add(Expr::val(1).eq(0)),
        Viewer::Public => all
            .add(Column::IsPrivate.eq(false))
            .add(Column::OwnerId.in_subquery(owners(&[Visibility::Public]))),
        Viewer::Person { id, is_restricted, public_is_open } => {
            let mut any = Condition::any()
                .add(Column::OwnerId.eq(id))
                .add(Column::Id.in_subquery(granted(id)))
                .add(Column::Id.in_subquery(reached_by_teams(id)));
            let open = |owners: SelectStatement| {
                Condition::all().add(Column::IsPrivate.eq(false)).add(Column::OwnerId.in_subquery(owners))
            };
            if !is_restricted {
                any = any
                    .add(open(owners(&[Visibility::Public, Visibility::Limited])))
                    .add(open(memberships(id, true)));
            } else if public_is_open {
                any = any.add(open(owners(&[Visibility::Public])));
            }
            all.add(any)
        }
    }
}

/// The owners with one of these visibilities.
fn owners(visibilities: &[Visibility]) -> SelectStatement {
    Query::select()
        .column(user::Column::Id)
        .from(user::Entity)
        .and_where(user::Column::Visibility.is_in(visibilities.iter().map(|visibility| visibility.number())))
        .to_owned()
}

/// The repositories for which `access` has a row of a person.
fn granted(person: i64) -> SelectStatement {
    Query::select()
        .column(access::Column::RepoId)
        .from(access::Entity)
        .and_where(access::Column::UserId.eq(person))
        .and_where(access::Column::Mode.gte(AccessMode::Read.number()))
        .to_owned()
}

/// The repositories that a person reaches through a team that may do anything at all.
fn reached_by_teams(person: i64) -> SelectStatement {
    let of_person = Query::select()
        .column(team_user::Column::TeamId)
        .from(team_user::Entity)
        .and_where(team_user::Column::Uid.eq(person))
        .to_owned();
    let with_units = Query::select()
        .column(team_unit::Column::TeamId)
        .from(team_unit::Entity)
        .and_where(team_unit::Column::AccessMode.gte(AccessMode::Read.number()))
        .to_owned();
    let capable = Query::select()
        .column(team::Column::Id)
        .from(team::Entity)
        .cond_where(
            Condition::any()
                .add(team::Column::Authorize.gte(AccessMode::Read.number()))
                .add(team::Column::Id.in_subquery(with_units)),
        )
        .to_owned();
    Query::select()
        .column(team_repo::Column::RepoId)
        .from(team_repo::Entity)
        .and_where(team_repo::Column::TeamId.in_subquery(of_person))
        .and_where(team_repo::Column::TeamId.in_subquery(capable))
        .to_owned()
}

/// The organisations a person belongs to; without `all`, only those where they say so in public.
fn memberships(person: i64, all: bool) -> SelectStatement {
    let mut query = Query::select();
    query.column(org_user::Column::OrgId).from(org_user::Entity).and_where(org_user::Column::Uid.eq(person));
    if !all {
        query.and_where(org_user::Column::IsPublic.eq(true));
    }
    query
}

fn narrowed(filter: &RepositoryFilter) -> Condition {
    use repository::Column;
    let mut all = Condition::all();
    if let Some(of) = filter.of {
        all = all.add(owned(of));
    }
    if let Some(team) = filter.team {
        let query = Query::select()
            .column(team_repo::Column::RepoId)
            .from(team_repo::Entity)
            .and_where(team_repo::Column::TeamId.eq(team))
            .to_owned();
        all = all.add(Column::Id.in_subquery(query));
    }
    if let Some(person) = filter.starred_by {
        let query = Query::select()
            .column(star::Column::RepoId)
            .from(star::Entity)
            .and_where(star::Column::Uid.eq(person))
            .to_owned();
        all = all.add(Column::Id.in_subquery(query));
    }
    if let Some(person) = filter.watched_by {
        let query = Query::select()
            .column(watch::Column::RepoId)
            .from(watch::Entity)
            .and_where(watch::Column::UserId.eq(person))
            .and_where(watch::Column::Mode.ne(crate::watches::Mode::Never as i16))
            .to_owned();
        all = all.add(Column::Id.in_subquery(query));
    }
    if !filter.keyword.is_empty() {
        all = all.add(matching(filter));
    }
    let flags = [
        (Column::IsPrivate, filter.is_private),
        (Column::IsTemplate, filter.is_template),
        (Column::IsArchived, filter.is_archived),
        (Column::IsFork, filter.is_fork),
        (Column::IsMirror, filter.is_mirror),
    ];
    for (column, value) in flags {
        if let Some(value) = value {
            all = all.add(column.eq(value));
        }
    }
    if let Some(parent) = filter.fork_of {
        all = all.add(Column::ForkId.eq(parent));
    }
    all
}

fn owned(of: Of) -> Condition {
    use repository::Column;
    match of {
        Of::Owned(id) => Condition::all().add(Column::OwnerId.eq(id)),
        Of::OwnedOrShared { id, all } => Condition::any().add(Column::OwnerId.eq(id)).add(shared(id, all)),
        Of::Shared { id, all } => Condition::all().add(shared(id, all)),
    }
}

fn shared(id: i64, all: bool) -> Condition {
    use repository::Column;
    let any = Condition::any()
        .add(Column::Id.in_subquery(granted(id)))
        .add(Column::Id.in_subquery(reached_by_teams(id)));
    let mut shared = Condition::all().add(Column::OwnerId.ne(id)).add(any);
    if !all {
        let hidden = Query::select()
            .column(org_user::Column::OrgId)
            .from(org_user::Entity)
            .and_where(org_user::Column::Uid.eq(id))
            .and_where(org_user::Column::IsPublic.eq(false))
            .to_owned();
        shared = shared.add(Column::OwnerId.not_in_subquery(hidden));
    }
    shared
}

/// `%word%`, where the word's own wildcards mean themselves.
fn containing(word: &str) -> LikeExpr {
    let mut pattern = String::with_capacity(word.len() + 2);
    pattern.push('%');
    for c in word.chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern.push('%');
    LikeExpr::new(pattern).escape('!')
}

fn lower_contains(column: repository::Column, word: &str) -> SimpleExpr {
    Expr::expr(Func::lower(Expr::col((repository::Entity, column)))).like(containing(word))
}

fn matching(filter: &RepositoryFilter) -> Condition {
    use repository::Column;
    let keyword = filter.keyword.to_lowercase();
    let mut topics = Condition::any();
    let mut any = Condition::any();
    for word in keyword.split(',').map(str::trim).filter(|word| !word.is_empty()) {
        let name = Expr::col((topic::Entity, topic::Column::Name));
        topics = topics.add(if filter.topic_only { name.eq(word) } else { name.like(containing(word)) });
        if filter.topic_only {
            continue;
        }
        any = any.add(Expr::col((repository::Entity, Column::LowerName)).like(containing(word)));
        if filter.include_description {
            any = any.add(lower_contains(Column::Description, word));
        }
        if let Some((owner, name)) = word
            .split_once('/')
            .filter(|(owner, name)| !owner.is_empty() && !name.is_empty() && !name.contains('/'))
        {
            any = any.add(
                Condition::all()
                    .add(lower_contains(Column::OwnerName, owner))
                    .add(Expr::col((repository::Entity, Column::LowerName)).like(containing(name))),
            );
        }
    }
    let by_topic = Query::select()
        .column((repo_topic::Entity, repo_topic::Column::RepoId))
        .from(repo_topic::Entity)
        .inner_join(
            topic::Entity,
            Expr::col((topic::Entity, topic::Column::Id))
                .equals((repo_topic::Entity, repo_topic::Column::TopicId)),
        )
        .cond_where(topics)
        .to_owned();
    any.add(Column::Id.in_subquery(by_topic))
}

fn ordered(mut query: Select<repository::Entity>, filter: &RepositoryFilter) -> Select<repository::Entity> {
    use repository::Column;
    let order = if filter.descending { Order::Desc } else { Order::Asc };
    if let Some(owner) = filter.priority_owner {
        let first =
            Expr::case(Column::OwnerId.eq(owner), Expr::val(0_i64)).finally(Expr::col(Column::OwnerId));
        query = query.order_by(Into::<SimpleExpr>::into(first), Order::Asc);
    }
    for &column in filter.sort.columns() {
        query = query.order_by(column, order.clone());
    }
    // The id decides between equals: pages neither repeat nor skip.
    query.order_by(Column::Id, order)
}
