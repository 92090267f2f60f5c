//! Commits as they are shown: with what they changed, how they are signed, and the accounts behind the addresses.

use std::collections::HashMap;
use std::sync::Arc;

use oolong_core::Result;
use oolong_db::authors;
use oolong_db::entity::user;
use oolong_git::{Commit, CommitDetails, Repo, SignedPayload};

use crate::Forge;

/// What to show of a commit besides its header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommitParts {
    /// Counts of lines.
    pub stat: bool,
    /// The files it changed.
    pub files: bool,
    /// Its signature.
    pub verification: bool,
}

impl CommitParts {
    /// Everything.
    pub const ALL: Self = Self { stat: true, files: true, verification: true };
}

/// A commit with the parts that were asked for.
#[derive(Clone, Debug)]
pub struct CommitView {
    /// The commit.
    pub commit: Commit,
    /// What was asked for.
    pub parts: CommitParts,
    /// Files and lines, if either was asked for.
    pub details: Option<Arc<CommitDetails>>,
    /// The signature, if asked for and there.
    pub signature: Option<SignedPayload>,
}

impl CommitView {
    /// Reads the parts of a commit.
    pub fn read(repo: &Repo, commit: Commit, parts: CommitParts) -> oolong_git::Result<Self> {
        let details = if parts.stat || parts.files { Some(repo.commit_details(commit.id)?) } else { None };
        let signature =
            if parts.verification && commit.signed { repo.commit_signature(commit.id)? } else { None };
        Ok(Self { commit, parts, details, signature })
    }

    /// Reads the parts of several commits.
    pub fn read_all(repo: &Repo, commits: Vec<Commit>, parts: CommitParts) -> oolong_git::Result<Vec<Self>> {
        commits.into_iter().map(|commit| Self::read(repo, commit, parts)).collect()
    }
}

/// The accounts behind the addresses of some commits.
#[derive(Clone, Debug, Default)]
pub struct Authors(HashMap<String, Arc<user::Model>>);

impl Authors {
    /// Finds the accounts behind addresses, private ones included.
    pub async fn find(forge: &Forge, mut addresses: Vec<String>) -> Result<Self> {
        addresses.iter_mut().for_each(|address| *address = address.to_lowercase());
        addresses.sort_unstable();
        addresses.dedup();
        let hidden_at = format!("@{}", forge.settings.service.no_reply_address.to_lowercase());
        let (hidden, shown): (Vec<String>, Vec<String>) = addresses
            .into_iter()
            .filter(|address| !address.is_empty())
            .partition(|address| address.ends_with(&hidden_at));
        let mut found = HashMap::new();
        if !shown.is_empty() {
            let people = authors::list_by_addresses(forge.db.read(), &shown).await?;
            found.extend(people.into_iter().map(|(address, person)| (address, Arc::new(person))));
        }
        if !hidden.is_empty() {
            found.extend(Self::find_hidden(forge, &hidden, &hidden_at).await?);
        }
        Ok(Self(found))
    }

    /// The accounts of the authors and committers of commits.
    pub async fn of(forge: &Forge, commits: &[&Commit]) -> Result<Self> {
        let addresses =
            commits.iter().flat_map(|commit| [commit.author.email.clone(), commit.committer.email.clone()]);
        Self::find(forge, addresses.collect()).await
    }

    /// `7+name@noreply` names an account by its id, `name@noreply` by its name.
    async fn find_hidden(
        forge: &Forge,
        addresses: &[String],
        suffix: &str,
    ) -> Result<Vec<(String, Arc<user::Model>)>> {
        let parsed: Vec<(&String, Option<i64>, &str)> = addresses
            .iter()
            .map(|address| {
                let local = address.strip_suffix(suffix).unwrap_or(address);
                match local.split_once('+') {
                    Some((id, name)) => (address, id.parse().ok(), name),
                    None => (address, None, local),
                }
            })
            .collect();
        let ids: Vec<i64> = parsed.iter().filter_map(|(_, id, _)| *id).collect();
        let names: Vec<String> =
            parsed.iter().filter(|(_, id, _)| id.is_none()).map(|(_, _, name)| (*name).to_owned()).collect();
        let people: Vec<Arc<user::Model>> = authors::list_by_ids_or_names(forge.db.read(), &ids, &names)
            .await?
            .into_iter()
            .map(Arc::new)
            .collect();
        let owner = |id: Option<i64>, name: &str| {
            people.iter().find(|person| id.map_or(person.lower_name == name, |id| person.id == id)).cloned()
        };
        Ok(parsed
            .into_iter()
            .filter_map(|(address, id, name)| Some((address.clone(), owner(id, name)?)))
            .collect())
    }

    /// The account behind an address.
    pub fn get(&self, address: &str) -> Option<&user::Model> {
        self.0.get(&address.to_lowercase()).map(AsRef::as_ref)
    }
}
