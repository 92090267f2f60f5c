//! `/repos/{owner}/{repo}/contents` and `diffpatch`: changing files.

use axum::extract::State;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::StatusCode;
use oolong_core::{Error, ErrorKind, Result};
use oolong_forge::contents::{self, At, EntryView};
use oolong_forge::file_edits::{self, EditOptions, Named};
use oolong_forge::git;
use oolong_git::{CommitOutcome, FileChange, FileOperation, Moment, ObjectId};
use oolong_http::{App, Body, Failure, PathText, Repo, RepoAccess, Routes, need};
use serde::Deserialize;

use super::REPOSITORY_SIGNED_IN;
use super::contents::usual;
use super::on_disk::{editing, links, path};
use crate::dto::contents::{ContentsResponse, FileResponse, FilesResponse};
use crate::dto::{Created, Json};

type Readable = Repo<need::Read<need::Code>>;
type PathOf = PathText<(String, String, String)>;

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .post("/repos/{owner}/{repo}/contents", REPOSITORY_SIGNED_IN, change_files)
        .post("/repos/{owner}/{repo}/contents/{*path}", REPOSITORY_SIGNED_IN, create_file)
        .put("/repos/{owner}/{repo}/contents/{*path}", REPOSITORY_SIGNED_IN, update_file)
        .delete("/repos/{owner}/{repo}/contents/{*path}", REPOSITORY_SIGNED_IN, delete_file)
        .post("/repos/{owner}/{repo}/diffpatch", REPOSITORY_SIGNED_IN, apply_patch)
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct Identity {
    name: String,
    email: String,
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct CommitDateOptions {
    author: Option<String>,
    committer: Option<String>,
}

/// Gitea's `FileOptions`, which every edit has.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct FileOptions {
    message: Option<String>,
    branch: Option<String>,
    new_branch: Option<String>,
    force_push: Option<bool>,
    author: Option<Identity>,
    committer: Option<Identity>,
    dates: Option<CommitDateOptions>,
    signoff: Option<bool>,
}

impl FileOptions {
    fn parse(self) -> Result<EditOptions> {
        let named = |person: Option<Identity>| person.map(|Identity { name, email }| Named { name, email });
        let branch = |field: &str, name: Option<String>| {
            let name = name.unwrap_or_default();
            if name.chars().count() > 100 {
                return Err(Error::invalid(format!("{field}: at most 100 characters")));
            }
            Ok(name)
        };
        let dates = self.dates.unwrap_or_default();
        Ok(EditOptions {
            branch: branch("branch", self.branch)?,
            new_branch: branch("new_branch", self.new_branch)?,
            force: self.force_push.unwrap_or_default(),
            message: self.message.unwrap_or_default(),
            author: named(self.author),
            committer: named(self.committer),
            author_date: date("dates.author", dates.author.as_deref())?,
            committer_date: date("dates.committer", dates.committer.as_deref())?,
            signoff: self.signoff.unwrap_or_default(),
        })
    }
}

/// Go's zero time counts as absent.
fn date(field: &str, text: Option<&str>) -> Result<Option<Moment>> {
    let Some(text) = text.filter(|text| !text.is_empty() && !text.starts_with("0001-01-01T00:00:00")) else {
        return Ok(None);
    };
    let moment = git::parse_rfc3339(text);
    moment.map(Some).ok_or_else(|| Error::invalid(format!("{field}: {text:?} is no RFC 3339 time")))
}

/// The bytes behind base64; line ends in it are skipped, as Go does.
fn decode(content: &str) -> Result<Vec<u8>> {
    let bytes: Vec<u8> = content.bytes().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect();
    STANDARD.decode(bytes).map_err(|error| Error::invalid(format!("content: not base64: {error}")))
}

/// The object that the caller has seen; a name that no object has is one that is not there any more.
fn expected(sha: Option<&str>) -> Result<Option<ObjectId>> {
    let Some(sha) = sha.filter(|sha| !sha.is_empty()) else { return Ok(None) };
    let id = ObjectId::from_hex(sha.as_bytes());
    id.map(Some).ok_or_else(|| Error::invalid("sha: it has to be the whole name of the file's object"))
}

/// An archive and a mirror are not edited; that is said before anything else.
fn check_editable(access: &RepoAccess) -> Result<()> {
    if access.repo.is_archived || access.repo.is_mirror {
        return Err(Error::new(
            ErrorKind::Locked,
            "the repository is archived or a mirror and cannot be edited",
        ));
    }
    Ok(())
}

async fn commit(
    app: &App,
    access: &RepoAccess,
    options: FileOptions,
    changes: Vec<FileChange>,
) -> Result<CommitOutcome> {
    file_edits::change_files(&app.forge, editing(access)?, options.parse()?, changes).await
}

/// The files as the new commit has them; those that are gone are `None`.
async fn shown(
    app: &App,
    access: &RepoAccess,
    outcome: &CommitOutcome,
    paths: Vec<Option<String>>,
) -> Result<Vec<Option<ContentsResponse>>> {
    let include = usual(app);
    let at = At::branch(&outcome.branch, outcome.commit.id);
    let seen = at.clone();
    let views: Vec<Option<EntryView>> = git::read(path(app, access)?, move |repo| {
        let entry = |path: Option<String>| match path {
            Some(path) => contents::entry(repo, &seen, &path, include),
            None => Ok(None),
        };
        paths.into_iter().map(entry).collect()
    })
    .await?;
    let links = links(app, access);
    let response = |view: &Option<EntryView>| {
        view.as_ref().map(|view| ContentsResponse::new(&links, &at, view, include))
    };
    Ok(views.iter().map(response).collect())
}

async fn answer(
    app: &App,
    access: &RepoAccess,
    outcome: &CommitOutcome,
    path: Option<String>,
) -> Result<FileResponse> {
    let content = shown(app, access, outcome, vec![path]).await?.into_iter().next().flatten();
    Ok(FileResponse::new(&links(app, access), outcome, content))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct CreateFileOptions {
    #[serde(flatten)]
    options: FileOptions,
    content: Option<String>,
}

/// `repoCreateFile`
async fn create_file(
    State(app): State<App>,
    Repo(access, _): Readable,
    PathText((_, _, path)): PathOf,
    Body(body): Body<CreateFileOptions>,
) -> Result<Created<FileResponse>, Failure> {
    check_editable(&access)?;
    let change = FileChange {
        operation: FileOperation::Create,
        path: path.clone(),
        from_path: None,
        expected: None,
        content: Some(decode(&body.content.unwrap_or_default())?),
        executable: None,
    };
    let outcome = commit(&app, &access, body.options, vec![change]).await?;
    Ok(Created(answer(&app, &access, &outcome, Some(path)).await?))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct UpdateFileOptions {
    #[serde(flatten)]
    options: FileOptions,
    content: Option<String>,
    sha: Option<String>,
    from_path: Option<String>,
}

/// `repoUpdateFile`: without the object to replace, the file is created.
async fn update_file(
    State(app): State<App>,
    Repo(access, _): Readable,
    PathText((_, _, path)): PathOf,
    Body(body): Body<UpdateFileOptions>,
) -> Result<(StatusCode, Json<FileResponse>), Failure> {
    check_editable(&access)?;
    let expected = expected(body.sha.as_deref())?;
    let (operation, status) = match expected {
        Some(_) => (FileOperation::Update, StatusCode::OK),
        None => (FileOperation::Create, StatusCode::CREATED),
    };
    let change = FileChange {
        operation,
        path: path.clone(),
        from_path: body.from_path.filter(|_| operation == FileOperation::Update),
        expected,
        content: Some(decode(&body.content.unwrap_or_default())?),
        executable: None,
    };
    let outcome = commit(&app, &access, body.options, vec![change]).await?;
    Ok((status, Json(answer(&app, &access, &outcome, Some(path)).await?)))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct DeleteFileOptions {
    #[serde(flatten)]
    options: FileOptions,
    sha: Option<String>,
}

/// `repoDeleteFile`
async fn delete_file(
    State(app): State<App>,
    Repo(access, _): Readable,
    PathText((_, _, path)): PathOf,
    Body(body): Body<DeleteFileOptions>,
) -> Result<Json<FileResponse>, Failure> {
    check_editable(&access)?;
    let expected = expected(body.sha.as_deref())?;
    if expected.is_none() {
        return Err(Error::invalid("sha: the object to delete has to be named").into());
    }
    let change = FileChange {
        operation: FileOperation::Delete,
        path,
        from_path: None,
        expected,
        content: None,
        executable: None,
    };
    let outcome = commit(&app, &access, body.options, vec![change]).await?;
    Ok(Json(answer(&app, &access, &outcome, None).await?))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ChangeFileOperation {
    operation: String,
    path: String,
    content: Option<String>,
    from_path: Option<String>,
    sha: Option<String>,
}

impl ChangeFileOperation {
    fn parse(self) -> Result<FileChange> {
        let operation = match self.operation.as_str() {
            "create" => FileOperation::Create,
            "update" => FileOperation::Update,
            "upload" => FileOperation::Upload,
            "rename" => FileOperation::Rename,
            "delete" => FileOperation::Delete,
            other => return Err(Error::invalid(format!("operation: {other:?} is not known"))),
        };
        if self.path.is_empty() {
            return Err(Error::invalid("path: a file is needed"));
        }
        let content = self.content.as_deref().map(decode).transpose()?;
        let content = match operation {
            FileOperation::Delete => None,
            FileOperation::Rename => content.filter(|content| !content.is_empty()),
            _ => Some(content.unwrap_or_default()),
        };
        Ok(FileChange {
            operation,
            path: self.path,
            from_path: self.from_path.filter(|from| !from.is_empty()),
            expected: expected(self.sha.as_deref())?,
            content,
            executable: None,
        })
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ChangeFilesOptions {
    #[serde(flatten)]
    options: FileOptions,
    files: Option<Vec<ChangeFileOperation>>,
}

/// `repoChangeFiles`
async fn change_files(
    State(app): State<App>,
    Repo(access, _): Readable,
    Body(body): Body<ChangeFilesOptions>,
) -> Result<Created<FilesResponse>, Failure> {
    check_editable(&access)?;
    let files = body.files.ok_or_else(|| Error::invalid("files: the changes are needed"))?;
    let changes = files.into_iter().map(ChangeFileOperation::parse).collect::<Result<Vec<_>>>()?;
    let kept = |change: &FileChange| (change.operation != FileOperation::Delete).then(|| change.path.clone());
    let paths = changes.iter().map(kept).collect();
    let outcome = commit(&app, &access, body.options, changes).await?;
    let files = shown(&app, &access, &outcome, paths).await?;
    Ok(Created(FilesResponse::new(&links(&app, &access), &outcome, files)))
}

/// `repoApplyDiffPatch`
async fn apply_patch(
    State(app): State<App>,
    Repo(access, _): Readable,
    Body(body): Body<CreateFileOptions>,
) -> Result<Created<FileResponse>, Failure> {
    check_editable(&access)?;
    let patch = body.content.unwrap_or_default();
    let outcome =
        file_edits::apply_patch(&app.forge, editing(&access)?, body.options.parse()?, patch).await?;
    Ok(Created(FileResponse::new(&links(&app, &access), &outcome, None)))
}
