//! `/repos/{owner}/{repo}/signing-key.gpg` and `.pub`: the key that this server signs commits with. It signs none.

use oolong_core::Error;
use oolong_http::{Failure, Repo, Routes, need};

use super::REPOSITORY;

pub(super) fn add(routes: Routes) -> Routes {
    routes.get("/repos/{owner}/{repo}/signing-key.gpg", REPOSITORY, get_key).get(
        "/repos/{owner}/{repo}/signing-key.pub",
        REPOSITORY,
        get_key,
    )
}

/// `repoSigningKey`, `repoSigningKeySSH`
async fn get_key(Repo(_, _): Repo<need::Any>) -> Result<(), Failure> {
    Err(Error::not_found("this server signs no commits").into())
}
