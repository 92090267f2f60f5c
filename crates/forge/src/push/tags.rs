//! The rows of tags: each tag has one in `release`, also before anybody makes it a release.

use oolong_core::Result;
use oolong_db::entity::release;
use oolong_db::sea_orm::ConnectionTrait;
use oolong_db::tag_rows;

use super::Write;
use super::observed::SeenTag;

/// Longest title of a release.
const TITLE_LIMIT: usize = 255;

pub(super) async fn record(connection: &impl ConnectionTrait, write: &Write<'_>) -> Result<()> {
    let tags = &write.observed.tags;
    let deleted: Vec<String> =
        tags.iter().filter(|tag| tag.new.is_none()).map(|tag| tag.name.clone()).collect();
    if !deleted.is_empty() {
        tag_rows::forget(connection, write.repo_id(), &deleted).await?;
    }
    let pushed: Vec<&SeenTag> = tags.iter().filter(|tag| tag.new.is_some()).collect();
    if pushed.is_empty() {
        return Ok(());
    }
    let names: Vec<String> = pushed.iter().map(|tag| tag.name.clone()).collect();
    let known = tag_rows::list(connection, write.repo_id(), &names).await?;
    let mut new = Vec::new();
    for tag in pushed {
        match known.iter().find(|row| row.tag_name.eq_ignore_ascii_case(&tag.name)) {
            Some(row) => tag_rows::update_pushed(connection, &updated(row.clone(), tag, write)).await?,
            None => new.push(row_of(tag, write)),
        }
    }
    if new.is_empty() { Ok(()) } else { tag_rows::insert(connection, new).await }
}

fn row_of(tag: &SeenTag, write: &Write<'_>) -> release::Model {
    let (title, note) = title_and_note(&tag.message);
    release::Model {
        repo_id: write.repo.id,
        publisher_id: write.doer.id,
        tag_name: tag.name.clone(),
        lower_tag_name: tag.name.to_lowercase(),
        title,
        note,
        sha1: tag.commit.map(|id| id.to_string()).unwrap_or_default(),
        num_commits: -1,
        is_tag: true,
        created_unix: tag.created,
        ..Default::default()
    }
}

/// A tag that moved, or that a draft was waiting for.
fn updated(mut row: release::Model, tag: &SeenTag, write: &Write<'_>) -> release::Model {
    row.sha1 = tag.commit.map(|id| id.to_string()).unwrap_or_default();
    row.publisher_id = write.doer.id;
    row.created_unix = tag.created;
    if row.is_tag {
        (row.title, row.note) = title_and_note(&tag.message);
    } else {
        row.is_draft = false;
    }
    row
}

fn title_and_note(message: &str) -> (String, String) {
    let (title, note) = message.split_once('\n').unwrap_or((message, ""));
    (title.chars().take(TITLE_LIMIT).collect(), note.to_owned())
}
