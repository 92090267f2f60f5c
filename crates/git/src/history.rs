//! Walking history: lists of commits, counts, comparisons, and who touched a path.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};
use std::ops::ControlFlow;

use crate::cache::COUNTS;
use crate::commit::describe;
use crate::{Commit, CommitFile, Error, Listing, ObjectId, Repo, Result, Slice, TreePath};

/// Which commits to list.
#[derive(Debug, Clone)]
pub struct LogQuery {
    /// Where to start.
    pub start: ObjectId,
    /// Leave out what is reachable from these.
    pub exclude: Vec<ObjectId>,
    /// Only commits that changed this path.
    pub path: Option<TreePath>,
    /// Only commits made at or after this second.
    pub since: Option<i64>,
    /// Only commits made at or before this second.
    pub until: Option<i64>,
}

impl LogQuery {
    /// Everything reachable from a commit.
    #[must_use]
    pub fn from(start: ObjectId) -> Self {
        Self { start, exclude: Vec::new(), path: None, since: None, until: None }
    }

    /// The key its count is remembered by; only plain questions are asked twice.
    fn count_key(&self) -> Option<(ObjectId, Option<String>)> {
        let plain = self.exclude.is_empty() && self.since.is_none() && self.until.is_none();
        plain.then(|| (self.start, self.path.as_ref().map(|path| path.as_str().to_owned())))
    }
}

/// Two commits compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// Their best common ancestor, if they have one.
    pub merge_base: Option<ObjectId>,
    /// What the head has and the base has not, newest first.
    pub commits: Listing<Commit>,
    /// Files changed between merge base (or base) and head.
    pub files: Vec<CommitFile>,
}

/// How far two commits are apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Divergence {
    /// Commits only the first has.
    pub ahead: usize,
    /// Commits only the second has.
    pub behind: usize,
}

impl Repo {
    /// A part of a log, newest first, and how long the whole is.
    pub fn log(&self, query: &LogQuery, slice: Slice) -> Result<Listing<Commit>> {
        let known = query.count_key().and_then(|key| COUNTS.get(&key));
        let end = slice.skip.saturating_add(slice.limit);
        let mut page = Vec::new();
        let mut seen = 0_usize;
        self.walk(query, |id| {
            if seen >= slice.skip && seen < end {
                page.push(id);
            }
            seen += 1;
            if known.is_some() && seen >= end { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        let total = known.unwrap_or(seen);
        if let (None, Some(key)) = (known, query.count_key()) {
            COUNTS.insert(key, total);
        }
        let items = page
            .into_iter()
            .map(|id| Ok(describe(&self.git.find_commit(id)?)))
            .collect::<Result<Vec<_>>>()?;
        Ok(Listing { items, total })
    }

    /// How many commits a query finds. Plain counts are remembered.
    pub fn count(&self, query: &LogQuery) -> Result<usize> {
        let key = query.count_key();
        if let Some(known) = key.as_ref().and_then(|key| COUNTS.get(key)) {
            return Ok(known);
        }
        let mut count = 0;
        self.walk(query, |_| {
            count += 1;
            ControlFlow::Continue(())
        })?;
        if let Some(key) = key {
            COUNTS.insert(key, count);
        }
        Ok(count)
    }

    /// What a push brought: commits reachable from `new` and not from `old` (nor, for a new branch, from `others`).
    pub fn commits_between(&self, old: &[ObjectId], new: ObjectId, limit: usize) -> Result<Listing<Commit>> {
        let query = LogQuery { exclude: old.to_vec(), ..LogQuery::from(new) };
        self.log(&query, Slice { skip: 0, limit })
    }

    /// Compares two commits as `base...head` does.
    pub fn compare(&self, base: ObjectId, head: ObjectId, slice: Slice) -> Result<Comparison> {
        let merge_base = self.merge_base(base, head)?;
        let query = LogQuery { exclude: vec![base], ..LogQuery::from(head) };
        let commits = self.log(&query, slice)?;
        let files = self.details_between(merge_base.unwrap_or(base), head)?.files;
        Ok(Comparison { merge_base, commits, files })
    }

    /// The best common ancestor of two commits.
    pub fn merge_base(&self, one: ObjectId, two: ObjectId) -> Result<Option<ObjectId>> {
        match self.git.merge_base(one.to_oid()?, two.to_oid()?) {
            Ok(id) => Ok(Some(id.into())),
            Err(error) if error.code() == git2::ErrorCode::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Whether `ancestor` is `commit` or reachable from it: a push from the one to the other is no force push.
    pub fn is_ancestor(&self, ancestor: ObjectId, commit: ObjectId) -> Result<bool> {
        let missing = Error::missing("commit", commit.to_string());
        let (ancestor, commit) = (ancestor.to_oid()?, commit.to_oid()?);
        Ok(ancestor == commit || self.git.graph_descendant_of(commit, ancestor).map_err(missing)?)
    }

    /// How far two commits are apart.
    pub fn divergence(&self, one: ObjectId, two: ObjectId) -> Result<Divergence> {
        let missing = Error::missing("commit", format!("{one} or {two}"));
        let (ahead, behind) = self.git.graph_ahead_behind(one.to_oid()?, two.to_oid()?).map_err(missing)?;
        Ok(Divergence { ahead, behind })
    }

    fn walk(&self, query: &LogQuery, visit: impl FnMut(git2::Oid) -> ControlFlow<()>) -> Result<()> {
        if query.path.is_none() && query.since.is_none() {
            self.walk_all(query, visit)
        } else {
            self.walk_selected(query, visit)
        }
    }

    /// libgit2's own walk: it reads only the header fields it needs, and uses a commit-graph file if there is one.
    fn walk_all(&self, query: &LogQuery, mut visit: impl FnMut(git2::Oid) -> ControlFlow<()>) -> Result<()> {
        for id in self.revwalk(query)? {
            let id = id?;
            if let Some(until) = query.until
                && self.git.find_commit(id)?.time().seconds() > until
            {
                continue;
            }
            if visit(id).is_break() {
                break;
            }
        }
        Ok(())
    }

    fn revwalk(&self, query: &LogQuery) -> Result<git2::Revwalk<'_>> {
        let mut walk = self.git.revwalk()?;
        walk.push(query.start.to_oid()?).map_err(Error::missing("commit", query.start.to_string()))?;
        for hidden in &query.exclude {
            walk.hide(hidden.to_oid()?).map_err(Error::missing("commit", hidden.to_string()))?;
        }
        Ok(walk)
    }

    /// Git's default history simplification: a commit with a parent that has the same thing at the path is not shown, and
    /// only that parent is followed.
    fn walk_selected(
        &self,
        query: &LogQuery,
        mut visit: impl FnMut(git2::Oid) -> ControlFlow<()>,
    ) -> Result<()> {
        let allowed: Option<HashSet<git2::Oid>> = if query.exclude.is_empty() {
            None
        } else {
            Some(self.revwalk(query)?.collect::<Result<_, _>>()?)
        };
        let mut frontier = Frontier::default();
        let start = self
            .git
            .find_commit(query.start.to_oid()?)
            .map_err(Error::missing("commit", query.start.to_string()))?;
        frontier.push(&start);
        let mut lookups = Lookups { path: query.path.as_ref(), known: HashMap::new() };
        while let Some(id) = frontier.pop() {
            let commit = self.git.find_commit(id)?;
            let time = commit.time().seconds();
            let excluded = allowed.as_ref().is_some_and(|allowed| !allowed.contains(&id));
            if excluded || query.since.is_some_and(|since| time < since) {
                continue;
            }
            let here = lookups.at(&commit)?;
            let mut parents = Vec::with_capacity(commit.parent_count());
            let mut same = None;
            for parent in commit.parents() {
                if query.path.is_some() && lookups.at(&parent)? == here {
                    same = Some(parent);
                    break;
                }
                parents.push(parent);
            }
            if let Some(parent) = same {
                frontier.push(&parent);
                continue;
            }
            let nothing = query.path.is_some() && parents.is_empty() && here.is_none();
            for parent in &parents {
                frontier.push(parent);
            }
            if !nothing && query.until.is_none_or(|until| time <= until) && visit(id).is_break() {
                break;
            }
        }
        Ok(())
    }
}

/// Commits still to look at: newest first, and in the order they were found within a second, as git does.
#[derive(Default)]
pub(crate) struct Frontier {
    heap: BinaryHeap<(i64, Reverse<u64>, git2::Oid)>,
    seen: HashSet<git2::Oid>,
    pushed: u64,
}

impl Frontier {
    fn push(&mut self, commit: &git2::Commit<'_>) {
        if self.seen.insert(commit.id()) {
            self.heap.push((commit.time().seconds(), Reverse(self.pushed), commit.id()));
            self.pushed += 1;
        }
    }

    fn pop(&mut self) -> Option<git2::Oid> {
        self.heap.pop().map(|(_, _, id)| id)
    }
}

/// What lies at the path in each tree; neighbouring commits mostly ask about the same trees.
struct Lookups<'a> {
    path: Option<&'a TreePath>,
    known: HashMap<git2::Oid, Option<(git2::Oid, i32)>>,
}

impl Lookups<'_> {
    fn at(&mut self, commit: &git2::Commit<'_>) -> Result<Option<(git2::Oid, i32)>> {
        let Some(path) = self.path else { return Ok(None) };
        let root = commit.tree_id();
        if let Some(known) = self.known.get(&root) {
            return Ok(*known);
        }
        let found = match commit.tree()?.get_path(std::path::Path::new(path.as_str())) {
            Ok(entry) => Some((entry.id(), entry.filemode_raw())),
            Err(error) if error.code() == git2::ErrorCode::NotFound => None,
            Err(error) => return Err(error.into()),
        };
        if self.known.len() > 50_000 {
            self.known.clear();
        }
        self.known.insert(root, found);
        Ok(found)
    }
}
