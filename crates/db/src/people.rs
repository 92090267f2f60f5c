//! Lists of people: searching, and who may see whom. Every list starts from what the caller may see.

use oolong_core::{Page, Result, UserId, Visibility};
use sea_orm::sea_query::{Expr, ExprTrait as _, Func, LikeExpr, Order};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select,
};

use crate::Classify;
use crate::entity::{email_address, org_user, two_factor, user};
use crate::users::Kind;

/// Whose eyes a list of people is for.
#[derive(Clone, Copy, Debug)]
pub struct Viewer<'a> {
    /// The person; a visitor without.
    pub user: Option<&'a user::Model>,
    /// Whether the credential reaches only what is public.
    pub public_only: bool,
    /// Whether even public people are only for those signed in (`REQUIRE_SIGNIN_VIEW`).
    pub sign_in_required: bool,
}

impl Viewer<'_> {
    /// Which rows of `user` the viewer may know of: the same rule as for a single owner.
    pub fn sees(self) -> Condition {
        let public = user::Column::Visibility.eq(Visibility::Public.number());
        if self.public_only {
            return Condition::all().add(public);
        }
        let Some(viewer) = self.user else { return Condition::all().add(public) };
        if viewer.is_admin {
            return Condition::all();
        }
        let seen = known_anyway(viewer);
        match (viewer.is_restricted, self.sign_in_required) {
            (true, true) => seen,
            (true, false) => seen.add(public),
            (false, _) => seen.add(user::Column::Visibility.ne(Visibility::Private.number())),
        }
    }

    /// Which rows of `user` a search shows: as [`Viewer::sees`], but a restricted person finds no strangers.
    pub fn finds(self) -> Condition {
        match self.user {
            Some(viewer) if viewer.is_restricted && !viewer.is_admin && !self.public_only => {
                known_anyway(viewer)
            }
            _ => self.sees(),
        }
    }
}

/// A person themselves and their organisations.
fn known_anyway(viewer: &user::Model) -> Condition {
    let own_organisations = org_user::Entity::find()
        .select_only()
        .column(org_user::Column::OrgId)
        .filter(org_user::Column::Uid.eq(viewer.id))
        .into_query();
    Condition::any().add(user::Column::Id.eq(viewer.id)).add(user::Column::Id.in_subquery(own_organisations))
}

/// By what a list of people is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SortBy {
    /// The name.
    #[default]
    Name,
    /// When the account was made.
    Created,
    /// When the account was changed.
    Updated,
    /// The id.
    Id,
}

/// What to look for; everything that is set has to hold.
#[derive(Clone, Debug, Default)]
pub struct PeopleFilter {
    /// The kinds of account; empty means people only.
    pub kinds: Vec<Kind>,
    /// A part of the name, the full name or the e-mail address, in any case.
    pub keyword: String,
    /// Exactly this account.
    pub id: Option<UserId>,
    /// The name at an outside source.
    pub login_name: Option<String>,
    /// The outside source; 0 means local accounts.
    pub source: Option<i64>,
    /// Who may see the account.
    pub visibility: Option<Visibility>,
    /// Whether the account is activated.
    pub is_active: Option<bool>,
    /// Whether it administers the site.
    pub is_admin: Option<bool>,
    /// Whether it is restricted.
    pub is_restricted: Option<bool>,
    /// Whether it is closed.
    pub is_prohibited: Option<bool>,
    /// Whether one-time codes are enrolled.
    pub has_totp: Option<bool>,
    /// The order.
    pub sort: SortBy,
    /// Whether the order is turned round.
    pub descending: bool,
}

/// The people that a filter finds and the viewer may see: one page, and how many there are.
pub async fn search(
    connection: &impl ConnectionTrait,
    viewer: Viewer<'_>,
    filter: &PeopleFilter,
    page: Page,
) -> Result<(Vec<user::Model>, u64)> {
    let found = user::Entity::find().filter(viewer.finds()).filter(conditions(viewer, filter));
    let column = match filter.sort {
        SortBy::Name => user::Column::LowerName,
        SortBy::Created => user::Column::CreatedUnix,
        SortBy::Updated => user::Column::UpdatedUnix,
        SortBy::Id => user::Column::Id,
    };
    let order = if filter.descending { Order::Desc } else { Order::Asc };
    let sorted = found.order_by(column, order.clone()).order_by(user::Column::Id, order);
    paged(connection, sorted, page).await
}

/// One page of a selection, and how many rows the whole has.
pub async fn paged<E: EntityTrait>(
    connection: &impl ConnectionTrait,
    select: Select<E>,
    page: Page,
) -> Result<(Vec<E::Model>, u64)>
where
    E::Model: Send + Sync,
{
    let total = select.clone().count(connection).await.classify()?;
    if total <= page.offset() {
        return Ok((Vec::new(), total));
    }
    let rows = select.offset(page.offset()).limit(page.limit).all(connection).await.classify()?;
    Ok((rows, total))
}

fn conditions(viewer: Viewer<'_>, filter: &PeopleFilter) -> Condition {
    let kinds: Vec<i32> = match filter.kinds.as_slice() {
        [] => vec![Kind::Individual.number()],
        kinds => kinds.iter().map(|kind| kind.number()).collect(),
    };
    let mut all = Condition::all().add(user::Column::Kind.is_in(kinds));
    if !filter.keyword.trim().is_empty() {
        all = all.add(keyword_condition(viewer, filter.keyword.trim()));
    }
    if let Some(id) = filter.id {
        all = all.add(user::Column::Id.eq(id.0));
    }
    if let Some(name) = &filter.login_name {
        all = all.add(user::Column::LoginName.eq(name));
    }
    if let Some(source) = filter.source {
        all = all.add(user::Column::LoginSource.eq(source));
    }
    if let Some(visibility) = filter.visibility {
        all = all.add(user::Column::Visibility.eq(visibility.number()));
    }
    let flags = [
        (user::Column::IsActive, filter.is_active),
        (user::Column::IsAdmin, filter.is_admin),
        (user::Column::IsRestricted, filter.is_restricted),
        (user::Column::ProhibitLogin, filter.is_prohibited),
    ];
    for (column, value) in flags {
        if let Some(value) = value {
            all = all.add(column.eq(value));
        }
    }
    if let Some(has_totp) = filter.has_totp {
        let enrolled = two_factor::Entity::find().select_only().column(two_factor::Column::Uid).into_query();
        let column = user::Column::Id;
        all = all.add(if has_totp { column.in_subquery(enrolled) } else { column.not_in_subquery(enrolled) });
    }
    all
}

/// The keyword in the name, the full name, or in an address that the viewer may see.
fn keyword_condition(viewer: Viewer<'_>, keyword: &str) -> Condition {
    let pattern = contains(keyword);
    let full_name =
        Expr::expr(Func::lower(Expr::col((user::Entity, user::Column::FullName)))).like(pattern.clone());
    let email = Expr::expr(Func::lower(Expr::col((user::Entity, user::Column::Email)))).like(pattern.clone());
    let mut shows_email = Condition::all().add(email);
    match viewer.user {
        Some(viewer) if viewer.is_admin => {}
        Some(viewer) => {
            let open = user::Column::KeepEmailPrivate.eq(false);
            shows_email = shows_email.add(Condition::any().add(open).add(user::Column::Id.eq(viewer.id)));
        }
        None => shows_email = shows_email.add(user::Column::KeepEmailPrivate.eq(false)),
    }
    Condition::any().add(user::Column::LowerName.like(pattern)).add(full_name).add(shows_email)
}

/// The pattern that finds `text` anywhere, in lower case; `%` and `_` in it stand for themselves.
pub fn contains(text: &str) -> LikeExpr {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for c in text.to_lowercase().chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern.push('%');
    LikeExpr::new(pattern).escape('!')
}

/// An address with its owner, for administrators.
#[derive(Clone, Debug)]
pub struct AddressAndOwner {
    /// The address.
    pub address: email_address::Model,
    /// The owner's name; empty where the owner is gone.
    pub owner_name: String,
}

/// The addresses that contain a keyword in themselves or in their owner's names, by address.
pub async fn search_addresses(
    connection: &impl ConnectionTrait,
    keyword: &str,
    page: Page,
) -> Result<(Vec<AddressAndOwner>, u64)> {
    let people = user::Entity::find()
        .select_only()
        .column(user::Column::Id)
        .filter(user::Column::Kind.eq(Kind::Individual.number()))
        .into_query();
    let mut found = email_address::Entity::find().filter(email_address::Column::Uid.in_subquery(people));
    if !keyword.trim().is_empty() {
        let pattern = contains(keyword.trim());
        let full_name =
            Expr::expr(Func::lower(Expr::col((user::Entity, user::Column::FullName)))).like(pattern.clone());
        let owners = user::Entity::find()
            .select_only()
            .column(user::Column::Id)
            .filter(Condition::any().add(user::Column::LowerName.like(pattern.clone())).add(full_name))
            .into_query();
        let matches = Condition::any()
            .add(email_address::Column::LowerEmail.like(pattern))
            .add(email_address::Column::Uid.in_subquery(owners));
        found = found.filter(matches);
    }
    let sorted =
        found.order_by_asc(email_address::Column::LowerEmail).order_by_asc(email_address::Column::Id);
    let (rows, total) = paged(connection, sorted, page).await?;
    let owners = crate::users::list_by_ids(connection, rows.iter().map(|row| row.uid)).await?;
    let name =
        |id| owners.iter().find(|owner| owner.id == id).map(|owner| owner.name.clone()).unwrap_or_default();
    let with_owner =
        rows.into_iter().map(|address| AddressAndOwner { owner_name: name(address.uid), address });
    Ok((with_owner.collect(), total))
}
