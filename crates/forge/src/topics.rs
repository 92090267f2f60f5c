//! Topics of repositories.

use oolong_core::{Error, RepoId, Result};
use oolong_db::entity::repository;
use oolong_db::{Classify, topics};

use crate::Forge;

/// How many topics a repository may have.
pub const LIMIT: usize = 25;
/// How many characters a topic may have.
const LENGTH: usize = 35;

/// Why topics were not taken over.
#[derive(Debug)]
pub enum TopicsError {
    /// Too many.
    TooMany,
    /// These are no topics.
    Invalid(Vec<String>),
    /// Anything else.
    Other(Error),
}

impl From<Error> for TopicsError {
    fn from(error: Error) -> Self {
        Self::Other(error)
    }
}

/// A topic as it is stored; `None` where the text cannot be one: lower-case letters, digits, `-` and `.`, beginning with
/// a letter or digit, 35 characters at most.
pub fn normal(text: &str) -> Option<String> {
    let name = text.trim().to_lowercase();
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.');
    let starts = name.chars().next().is_some_and(|c| c.is_ascii_alphanumeric());
    (starts && name.len() <= LENGTH && name.chars().all(allowed)).then_some(name)
}

/// Replaces the topics of a repository.
pub async fn replace(forge: &Forge, repo: &repository::Model, names: &[String]) -> Result<(), TopicsError> {
    let mut wanted: Vec<String> = Vec::new();
    let mut invalid = Vec::new();
    for text in names {
        let text = text.trim();
        if text.is_empty() {
            continue;
        }
        match normal(text) {
            Some(name) if wanted.contains(&name) => {}
            Some(name) => wanted.push(name),
            None => invalid.push(text.to_lowercase()),
        }
    }
    if wanted.len() > LIMIT {
        return Err(TopicsError::TooMany);
    }
    if !invalid.is_empty() {
        return Err(TopicsError::Invalid(invalid));
    }
    let id = RepoId(repo.id);
    let now = forge.clock.now();
    let transaction = forge.db.begin().await?;
    let present = topics::list_of(&transaction, id).await?;
    for topic in present.iter().filter(|topic| !wanted.contains(&topic.name)) {
        topics::remove(&transaction, id, topic.id, now).await?;
    }
    for name in wanted.iter().filter(|name| !present.iter().any(|topic| topic.name == **name)) {
        topics::add(&transaction, id, name, now).await?;
    }
    topics::copy_into_row(&transaction, id).await?;
    transaction.commit().await.classify()?;
    Ok(())
}

/// Adds a topic; one that is there already is fine.
pub async fn add(forge: &Forge, repo: &repository::Model, name: &str) -> Result<(), TopicsError> {
    let name = normal(name).ok_or_else(|| TopicsError::Invalid(vec![name.to_lowercase()]))?;
    let id = RepoId(repo.id);
    let transaction = forge.db.begin().await?;
    let present = topics::list_of(&transaction, id).await?;
    if present.len() >= LIMIT {
        return Err(TopicsError::TooMany);
    }
    if !present.iter().any(|topic| topic.name == name) {
        topics::add(&transaction, id, &name, forge.clock.now()).await?;
        topics::copy_into_row(&transaction, id).await?;
    }
    transaction.commit().await.classify()?;
    Ok(())
}

/// Removes a topic.
pub async fn remove(forge: &Forge, repo: &repository::Model, name: &str) -> Result<(), TopicsError> {
    let name = normal(name).ok_or_else(|| TopicsError::Invalid(vec![name.to_lowercase()]))?;
    let id = RepoId(repo.id);
    let transaction = forge.db.begin().await?;
    let present = topics::list_of(&transaction, id).await?;
    let topic = present
        .iter()
        .find(|topic| topic.name == name)
        .ok_or_else(|| Error::not_found("the repository has no such topic"))?;
    topics::remove(&transaction, id, topic.id, forge.clock.now()).await?;
    topics::copy_into_row(&transaction, id).await?;
    transaction.commit().await.classify()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for (text, name) in [
            ("Sound", Some("sound")),
            (" x.y.z ", Some("x.y.z")),
            ("bad topic", None),
            ("-worse", None),
            ("", None),
        ] {
            assert_eq!(normal(text).as_deref(), name, "{text}");
        }
        assert_eq!(normal(&"x".repeat(36)), None);
    }
}
