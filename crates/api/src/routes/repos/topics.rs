//! `/repos/{owner}/{repo}/topics` and `/topics/search`.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use oolong_core::RepoId;
use oolong_db::entity::topic;
use oolong_forge::topics::{self, LIMIT, TopicsError};
use oolong_http::{App, Body, Failure, Paging, PathText, QueryValues, Repo, Routes, Total, need};
use serde::{Deserialize, Serialize};

use super::{REPOSITORY, REPOSITORY_SIGNED_IN};
use crate::dto::Json;
use crate::dto::time::time;

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .get("/repos/{owner}/{repo}/topics", REPOSITORY, list)
        .put("/repos/{owner}/{repo}/topics", REPOSITORY_SIGNED_IN, replace)
        .put("/repos/{owner}/{repo}/topics/{topic}", REPOSITORY_SIGNED_IN, add_topic)
        .delete("/repos/{owner}/{repo}/topics/{topic}", REPOSITORY_SIGNED_IN, remove_topic)
        .get("/topics/search", REPOSITORY, search)
}

/// Gitea's `TopicName`.
#[derive(Serialize)]
struct TopicName {
    topics: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct RepoTopicOptions {
    topics: Option<Vec<String>>,
}

/// Gitea's `TopicResponse`.
#[derive(Serialize)]
struct TopicResponse {
    id: i64,
    topic_name: String,
    repo_count: i32,
    created: String,
    updated: String,
}

impl From<topic::Model> for TopicResponse {
    fn from(row: topic::Model) -> Self {
        Self {
            id: row.id,
            topic_name: row.name,
            repo_count: row.repo_count,
            created: time(row.created_unix),
            updated: time(row.updated_unix),
        }
    }
}

#[derive(Serialize)]
struct Found {
    topics: Vec<TopicResponse>,
}

/// What is wrong with topics is told apart from the sentence.
#[derive(Serialize)]
struct Refusal<T> {
    #[serde(rename = "invalidTopics")]
    invalid_topics: T,
    message: String,
}

fn refuse<T: Serialize>(invalid_topics: T, message: String) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, Json(Refusal { invalid_topics, message })).into_response()
}

fn too_many() -> Response {
    refuse(None::<Vec<String>>, format!("a repository has {LIMIT} topics at most"))
}

const RULE: &str =
    "a topic begins with a letter or digit, has letters, digits, '-' and '.', and 35 characters at most";

/// `repoListTopics`
async fn list(
    State(app): State<App>,
    Repo(access, _): Repo<need::Any>,
    paging: Paging,
) -> Result<(Total, Json<TopicName>), Failure> {
    let rows = oolong_db::topics::list_of(app.forge.db.read(), RepoId(access.repo.id)).await?;
    let total = Paging::total_without_links(rows.len() as u64);
    let topics = paging.page.slice(rows).into_iter().map(|topic| topic.name).collect();
    Ok((total, Json(TopicName { topics })))
}

/// `repoUpdateTopics`
async fn replace(
    State(app): State<App>,
    Repo(access, _): Repo<need::Admin>,
    Body(body): Body<RepoTopicOptions>,
) -> Response {
    match topics::replace(&app.forge, &access.repo, &body.topics.unwrap_or_default()).await {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(TopicsError::TooMany) => too_many(),
        Err(TopicsError::Invalid(names)) => refuse(names, RULE.to_owned()),
        Err(TopicsError::Other(error)) => Failure::from(error).into_response(),
    }
}

fn answer_one(result: Result<(), TopicsError>) -> Response {
    match result {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(TopicsError::TooMany) => too_many(),
        Err(TopicsError::Invalid(names)) => refuse(names.join(","), RULE.to_owned()),
        Err(TopicsError::Other(error)) => Failure::from(error).into_response(),
    }
}

/// `repoAddTopic`
async fn add_topic(
    State(app): State<App>,
    Repo(access, _): Repo<need::Admin>,
    PathText((_, _, topic)): PathText<(String, String, String)>,
) -> Response {
    answer_one(topics::add(&app.forge, &access.repo, &topic).await)
}

/// `repoDeleteTopic`
async fn remove_topic(
    State(app): State<App>,
    Repo(access, _): Repo<need::Admin>,
    PathText((_, _, topic)): PathText<(String, String, String)>,
) -> Response {
    answer_one(topics::remove(&app.forge, &access.repo, &topic).await)
}

/// `topicSearch`
async fn search(
    State(app): State<App>,
    query: QueryValues,
    paging: Paging,
) -> Result<(Total, Json<Found>), Failure> {
    let word = query.text("q").unwrap_or_default();
    let (rows, total) = oolong_db::topics::search(app.forge.db.read(), word, paging.page).await?;
    Ok((
        Paging::total_without_links(total),
        Json(Found { topics: rows.into_iter().map(Into::into).collect() }),
    ))
}
