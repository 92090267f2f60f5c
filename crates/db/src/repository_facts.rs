//! What is shown beside a repository's row, for many repositories in one query each.

use std::collections::HashMap;

use oolong_core::Result;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Statement,
};

use crate::Classify;
use crate::entity::{branch, language_stat, mirror, release, repo_license, repo_transfer, repository};

/// The repositories with these ids, in no particular order.
pub async fn repositories(connection: &impl ConnectionTrait, ids: &[i64]) -> Result<Vec<repository::Model>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    repository::Entity::find()
        .filter(repository::Column::Id.is_in(ids.iter().copied()))
        .all(connection)
        .await
        .classify()
}

/// How many releases each has: published ones, not tags.
pub async fn release_counts(connection: &impl ConnectionTrait, repos: &[i64]) -> Result<HashMap<i64, i64>> {
    let rows: Vec<(i64, i64)> = release::Entity::find()
        .select_only()
        .column(release::Column::RepoId)
        .column_as(release::Column::Id.count(), "count")
        .filter(release::Column::RepoId.is_in(repos.iter().copied()))
        .filter(release::Column::IsDraft.eq(false))
        .filter(release::Column::IsTag.eq(false))
        .group_by(release::Column::RepoId)
        .into_tuple()
        .all(connection)
        .await
        .classify()?;
    Ok(rows.into_iter().collect())
}

/// How many branches each has.
pub async fn branch_counts(connection: &impl ConnectionTrait, repos: &[i64]) -> Result<HashMap<i64, i64>> {
    let rows: Vec<(i64, i64)> = branch::Entity::find()
        .select_only()
        .column(branch::Column::RepoId)
        .column_as(branch::Column::Id.count(), "count")
        .filter(branch::Column::RepoId.is_in(repos.iter().copied()))
        .filter(branch::Column::IsDeleted.eq(false))
        .group_by(branch::Column::RepoId)
        .into_tuple()
        .all(connection)
        .await
        .classify()?;
    Ok(rows.into_iter().collect())
}

/// The language that most of each repository is written in.
pub async fn primary_languages(
    connection: &impl ConnectionTrait,
    repos: &[i64],
) -> Result<HashMap<i64, String>> {
    let rows = language_stat::Entity::find()
        .filter(language_stat::Column::RepoId.is_in(repos.iter().copied()))
        .filter(language_stat::Column::IsPrimary.eq(true))
        .all(connection)
        .await
        .classify()?;
    // "other" stands for what no language was found for.
    Ok(rows
        .into_iter()
        .filter(|row| row.language != "other")
        .map(|row| (row.repo_id, row.language))
        .collect())
}

/// The languages of a repository, most bytes first.
pub async fn languages(connection: &impl ConnectionTrait, repo: i64) -> Result<Vec<language_stat::Model>> {
    language_stat::Entity::find()
        .filter(language_stat::Column::RepoId.eq(repo))
        .order_by_desc(language_stat::Column::Size)
        .all(connection)
        .await
        .classify()
}

/// The licences found in each.
pub async fn licenses(connection: &impl ConnectionTrait, repos: &[i64]) -> Result<HashMap<i64, Vec<String>>> {
    let rows = repo_license::Entity::find()
        .filter(repo_license::Column::RepoId.is_in(repos.iter().copied()))
        .order_by_asc(repo_license::Column::License)
        .all(connection)
        .await
        .classify()?;
    let mut found: HashMap<i64, Vec<String>> = HashMap::new();
    for row in rows {
        found.entry(row.repo_id).or_default().push(row.license);
    }
    Ok(found)
}

/// The schedules of those that are mirrors.
pub async fn mirrors(
    connection: &impl ConnectionTrait,
    repos: &[i64],
) -> Result<HashMap<i64, mirror::Model>> {
    if repos.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = mirror::Entity::find()
        .filter(mirror::Column::RepoId.is_in(repos.iter().copied()))
        .all(connection)
        .await
        .classify()?;
    Ok(rows.into_iter().map(|row| (row.repo_id, row)).collect())
}

/// The pending transfers of those that are being handed over.
pub async fn transfers(
    connection: &impl ConnectionTrait,
    repos: &[i64],
) -> Result<HashMap<i64, repo_transfer::Model>> {
    if repos.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = repo_transfer::Entity::find()
        .filter(repo_transfer::Column::RepoId.is_in(repos.iter().copied()))
        .all(connection)
        .await
        .classify()?;
    Ok(rows.into_iter().map(|row| (row.repo_id, row)).collect())
}

/// How many issues (or pull requests) are pinned.
pub async fn count_pinned(connection: &impl ConnectionTrait, repo: i64, pulls: bool) -> Result<i64> {
    let backend = connection.get_database_backend();
    let sql = match backend {
        DbBackend::Postgres => "SELECT COUNT(*) AS count FROM issue_pin WHERE repo_id = $1 AND is_pull = $2",
        _ => "SELECT COUNT(*) AS count FROM issue_pin WHERE repo_id = ? AND is_pull = ?",
    };
    let row = connection
        .query_one_raw(Statement::from_sql_and_values(backend, sql, [repo.into(), pulls.into()]))
        .await
        .classify()?;
    row.map_or(Ok(0), |row| row.try_get("", "count")).classify()
}
