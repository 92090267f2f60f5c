//! What is shown beside a repository's row, for many repositories in one query each.

use std::collections::HashMap;

use oolong_core::Result;
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder, Statement};

use crate::Classify;
use crate::entity::{language_stat, mirror, repo_transfer, repository};

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

/// What other tables say of a repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// How many releases it has: published ones, not tags.
    pub releases: i64,
    /// How many branches it has.
    pub branches: i64,
    /// The language that most of it is written in.
    pub language: String,
    /// The licences found in it, in alphabetical order.
    pub licenses: Vec<String>,
}

/// What other tables say of these repositories; one query, since a request costs by its queries, not by their rows.
pub async fn facts(connection: &impl ConnectionTrait, repos: &[i64]) -> Result<HashMap<i64, Facts>> {
    if repos.is_empty() {
        return Ok(HashMap::new());
    }
    let backend = connection.get_database_backend();
    let (no, yes) = match backend {
        DbBackend::Postgres => ("FALSE", "TRUE"),
        _ => ("0", "1"),
    };
    let release = if backend == DbBackend::MySql { "`release`" } else { "\"release\"" };
    let mut parameter = 0;
    let mut ids = || {
        let placeholder = |_: &i64| {
            parameter += 1;
            if backend == DbBackend::Postgres { format!("${parameter}") } else { "?".to_owned() }
        };
        repos.iter().map(placeholder).collect::<Vec<_>>().join(",")
    };
    let sql = [
        format!("SELECT repo_id, 1 AS kind, COUNT(*) AS number, '' AS word FROM {release} WHERE repo_id IN ({}) AND is_draft = {no} AND is_tag = {no} GROUP BY repo_id", ids()),
        format!("SELECT repo_id, 2, COUNT(*), '' FROM branch WHERE repo_id IN ({}) AND is_deleted = {no} GROUP BY repo_id", ids()),
        format!("SELECT repo_id, 3, 0, language FROM language_stat WHERE repo_id IN ({}) AND is_primary = {yes}", ids()),
        format!("SELECT repo_id, 4, 0, license FROM repo_license WHERE repo_id IN ({})", ids()),
    ]
    .join(" UNION ALL ");
    let values = (0..4).flat_map(|_| repos.iter().map(|&id| id.into()));
    let rows =
        connection.query_all_raw(Statement::from_sql_and_values(backend, sql, values)).await.classify()?;
    let mut found: HashMap<i64, Facts> = HashMap::new();
    for row in rows {
        let (repo, kind): (i64, i32) =
            (row.try_get_by_index(0).classify()?, row.try_get_by_index(1).classify()?);
        let number: i64 = row.try_get_by_index(2).classify()?;
        let word: String = row.try_get_by_index::<Option<_>>(3).classify()?.unwrap_or_default();
        let facts = found.entry(repo).or_default();
        match kind {
            1 => facts.releases = number,
            2 => facts.branches = number,
            // "other" stands for what no language was found for.
            3 if word != "other" => facts.language = word,
            3 => {}
            _ => facts.licenses.push(word),
        }
    }
    for facts in found.values_mut() {
        facts.licenses.sort_unstable();
    }
    Ok(found)
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
