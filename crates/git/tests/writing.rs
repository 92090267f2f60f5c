//! Writing: every result is checked by `git fsck`, and read back by `git`.
#![allow(clippy::unwrap_used)]

mod support;

use oolong_git::{
    ApplyPatch, CommitFiles, Error, ErrorKind, Expected, FileChange, FileOperation, InitialCommit, Moment,
    RefUpdate, Repo, Signature,
};
use support::{Fixture, ann};

fn change(operation: FileOperation, path: &str, content: &str) -> FileChange {
    FileChange {
        operation,
        path: path.to_owned(),
        from_path: None,
        expected: None,
        content: Some(content.as_bytes().to_vec()),
        executable: None,
    }
}

fn edit(changes: Vec<FileChange>) -> CommitFiles<'static> {
    CommitFiles {
        branch: "main",
        new_branch: None,
        force: false,
        message: "Change",
        author: ann(),
        committer: Signature::new(
            "Mo",
            "mo@example.com",
            Moment { seconds: 1_770_000_000, offset_minutes: 60 },
        ),
        signoff: false,
        last_commit: None,
        changes,
    }
}

fn started() -> (Fixture, Repo) {
    let fixture = Fixture::empty();
    let repo = fixture.open();
    let files = vec![("README.md".to_owned(), b"# x\n".to_vec()), ("d/e/f".to_owned(), b"f\n".to_vec())];
    let made = repo
        .initial_commit(&InitialCommit { branch: "main", message: "Initial commit", author: ann(), files })
        .unwrap();
    assert_eq!(made.previous, None);
    (fixture, repo)
}

#[test]
fn files_come_change_move_and_go() {
    let (fixture, repo) = started();
    let old = repo.entry(fixture.id("main"), &oolong_git::TreePath::parse("README.md").unwrap()).unwrap().id;
    let outcome = repo
        .commit_files(&edit(vec![
            change(FileOperation::Create, "deep/er/c.txt", "c"),
            FileChange { executable: Some(true), ..change(FileOperation::Upload, "run.sh", "#!/bin/sh\n") },
            FileChange { expected: Some(old), ..change(FileOperation::Update, "README.md", "# y\n") },
            FileChange {
                from_path: Some("d/e/f".to_owned()),
                content: None,
                ..change(FileOperation::Rename, "moved", "")
            },
        ]))
        .unwrap();
    assert_eq!(outcome.branch, "main");
    assert_eq!(outcome.previous, Some(fixture.id("main~1")));
    assert_eq!(
        fixture.git(&["ls-tree", "-r", "--format=%(objectmode) %(path)", "main"]),
        "100644 README.md\n100644 deep/er/c.txt\n100644 moved\n100755 run.sh"
    );
    assert_eq!(fixture.git(&["show", "main:moved"]), "f");
    assert_eq!(
        fixture.git(&["log", "-1", "--format=%an|%cn|%cI|%s"]),
        "Ann|Mo|2026-02-02T03:40:00+01:00|Change"
    );
    assert_eq!(
        fixture.git(&["log", "-g", "--format=%gn %gs", "main"]),
        "Mo commit: Change\nAnn commit: Initial commit"
    );
    let run = repo.entry(fixture.id("main"), &oolong_git::TreePath::parse("run.sh").unwrap()).unwrap().id;
    // The mode stays, and so does everything else; deleting the last file of a folder deletes the folder.
    repo.commit_files(&edit(vec![
        FileChange { expected: Some(run), ..change(FileOperation::Update, "run.sh", "#!/bin/bash\n") },
        FileChange { content: None, ..change(FileOperation::Upload, "deep/er/c.txt", "") },
    ]))
    .unwrap();
    let c =
        repo.entry(fixture.id("main"), &oolong_git::TreePath::parse("deep/er/c.txt").unwrap()).unwrap().id;
    repo.commit_files(&edit(vec![FileChange {
        expected: Some(c),
        ..change(FileOperation::Delete, "deep/er/c.txt", "")
    }]))
    .unwrap();
    assert_eq!(
        fixture.git(&["ls-tree", "--format=%(objectmode) %(path)", "main"]),
        "100644 README.md\n100644 moved\n100755 run.sh"
    );
    fixture.git(&["fsck", "--strict"]);
}

#[test]
fn wrong_edits_are_refused_and_change_nothing() {
    let (fixture, repo) = started();
    let before = fixture.id("main");
    let kind = |changes: Vec<FileChange>| repo.commit_files(&edit(changes)).unwrap_err().kind();
    let zero = "0000000000000000000000000000000000000000".parse().ok();
    assert_eq!(kind(vec![change(FileOperation::Create, "README.md", "")]), ErrorKind::AlreadyExists);
    assert_eq!(kind(vec![change(FileOperation::Create, ".git/config", "")]), ErrorKind::Invalid);
    assert_eq!(kind(vec![change(FileOperation::Create, "../x", "")]), ErrorKind::Invalid);
    assert_eq!(kind(vec![change(FileOperation::Create, "README.md/under", "")]), ErrorKind::Invalid);
    assert_eq!(kind(vec![change(FileOperation::Create, "d/e", "")]), ErrorKind::Invalid);
    assert_eq!(kind(vec![change(FileOperation::Update, "none", "")]), ErrorKind::NotFound);
    assert_eq!(kind(vec![change(FileOperation::Delete, "none", "")]), ErrorKind::NotFound);
    assert_eq!(kind(vec![change(FileOperation::Update, "README.md", "")]), ErrorKind::Invalid);
    let stale = FileChange { expected: zero, ..change(FileOperation::Delete, "README.md", "") };
    assert_eq!(kind(vec![stale]), ErrorKind::Stale);
    let half =
        vec![change(FileOperation::Create, "good", ""), change(FileOperation::Create, "README.md", "")];
    assert_eq!(kind(half), ErrorKind::AlreadyExists);
    let unknown = CommitFiles { branch: "missing", ..edit(Vec::new()) };
    assert_eq!(repo.commit_files(&unknown).unwrap_err().kind(), ErrorKind::NotFound);
    for bad in ["a b", "a..b", "-x", "main/under"] {
        let new = CommitFiles { new_branch: Some(bad), ..edit(Vec::new()) };
        assert!(
            matches!(
                repo.commit_files(&new).unwrap_err().kind(),
                ErrorKind::Invalid | ErrorKind::AlreadyExists
            ),
            "{bad}"
        );
    }
    assert_eq!(fixture.id("main"), before);
    assert_eq!(fixture.git(&["for-each-ref", "--format=%(refname)"]), "refs/heads/main");
}

#[test]
fn new_branches_signoff_and_last_commit() {
    let (fixture, repo) = started();
    let base = fixture.id("main");
    let side = CommitFiles {
        new_branch: Some("side"),
        signoff: true,
        message: "  Add c\n\nwith a body ",
        ..edit(vec![change(FileOperation::Create, "c", "c")])
    };
    assert_eq!(repo.commit_files(&side).unwrap().branch, "side");
    assert_eq!(fixture.id("main"), base);
    assert_eq!(
        fixture.git(&["log", "-1", "--format=%B%(trailers)", "side"]),
        "Add c\n\nwith a body\n\nSigned-off-by: Mo <mo@example.com>Signed-off-by: Mo <mo@example.com>"
    );
    assert_eq!(repo.commit_files(&side).unwrap_err().kind(), ErrorKind::AlreadyExists);
    let update = |seen| CommitFiles {
        last_commit: Some(seen),
        ..edit(vec![change(FileOperation::Update, "README.md", "z")])
    };
    repo.commit_files(&update(base)).unwrap();
    assert_eq!(repo.commit_files(&update(base)).unwrap_err().kind(), ErrorKind::Stale);
    let empty = repo.commit_files(&CommitFiles { message: "", ..edit(Vec::new()) }).unwrap();
    assert_eq!(empty.commit.message, "\n");
    assert_eq!(repo.commit_details(empty.commit.id).unwrap().files, []);
}

#[test]
fn two_writers_cannot_lose_one() {
    let (fixture, _) = started();
    let bare = fixture.bare.clone();
    let writers: Vec<_> = (0..8)
        .map(|n| {
            let bare = bare.clone();
            std::thread::spawn(move || {
                let repo = Repo::open(&bare).unwrap();
                let mut tries = 0;
                loop {
                    match repo.commit_files(&edit(vec![change(FileOperation::Create, &format!("w{n}"), "x")]))
                    {
                        Ok(_) => return,
                        Err(error) if error.kind() == ErrorKind::Raced && tries < 1000 => tries += 1,
                        Err(error) => panic!("{error:?}"),
                    }
                }
            })
        })
        .collect();
    writers.into_iter().for_each(|writer| writer.join().unwrap());
    assert_eq!(fixture.git(&["rev-list", "--count", "main"]), "9");
    assert_eq!(
        fixture.git(&["ls-tree", "--name-only", "main"]).lines().filter(|l| l.starts_with('w')).count(),
        8
    );
    assert_eq!(fixture.git(&["log", "-g", "--format=%h", "main"]).lines().count(), 9);
}

#[test]
fn references_move_only_from_where_they_were_seen() {
    let (fixture, repo) = started();
    let first = fixture.id("main");
    repo.commit_files(&edit(vec![change(FileOperation::Create, "x", "x")])).unwrap();
    let second = fixture.id("main");
    let who = ann();
    let update = |name, target, expected| {
        repo.update_reference(&RefUpdate { name, target, expected, identity: &who, message: "test" })
    };
    update("refs/pull/1/head", first, Expected::Absent).unwrap();
    assert_eq!(
        update("refs/pull/1/head", first, Expected::Absent).unwrap_err().kind(),
        ErrorKind::AlreadyExists
    );
    assert_eq!(update("refs/pull/1/head", first, Expected::At(second)).unwrap_err().kind(), ErrorKind::Raced);
    update("refs/pull/1/head", second, Expected::At(first)).unwrap();
    update("refs/pull/1/head", first, Expected::Any).unwrap();
    assert_eq!(update("refs/pull/2/head", first, Expected::At(first)).unwrap_err().kind(), ErrorKind::Raced);
    for bad in ["HEAD", "main", "refs/heads/a..b", "refs/heads/a\0b", "refs/heads/../../x"] {
        assert_eq!(update(bad, first, Expected::Any).unwrap_err().kind(), ErrorKind::Invalid, "{bad:?}");
    }
    assert_eq!(
        repo.delete_reference("refs/pull/1/head", Expected::At(second)).unwrap_err().kind(),
        ErrorKind::Raced
    );
    repo.delete_reference("refs/pull/1/head", Expected::At(first)).unwrap();
    assert_eq!(
        repo.delete_reference("refs/pull/1/head", Expected::Any).unwrap_err().kind(),
        ErrorKind::NotFound
    );
    fixture.git(&["fsck", "--strict"]);
}

#[test]
fn branches_are_made_renamed_and_deleted() {
    let (fixture, repo) = started();
    let (main, who) = (fixture.id("main"), ann());
    assert_eq!(repo.create_branch("leaf", main, &who).unwrap().commit.id, main);
    repo.create_branch("feature/deep", main, &who).unwrap();
    fixture.git(&["pack-refs", "--all"]);
    for (name, kind) in [
        ("leaf", ErrorKind::AlreadyExists),
        ("leaf/under", ErrorKind::AlreadyExists),
        ("feature", ErrorKind::AlreadyExists),
        ("bad name", ErrorKind::Invalid),
        ("a..b", ErrorKind::Invalid),
        ("", ErrorKind::Invalid),
        ("nul\0", ErrorKind::Invalid),
        ("HEAD", ErrorKind::Invalid),
    ] {
        assert_eq!(repo.create_branch(name, main, &who).unwrap_err().kind(), kind, "{name:?}");
    }
    repo.rename_branch("leaf", "blade").unwrap();
    assert_eq!(repo.branch("leaf").unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(repo.rename_branch("blade", "main").unwrap_err().kind(), ErrorKind::AlreadyExists);
    assert_eq!(repo.rename_branch("nowhere", "x").unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(repo.rename_branch("blade", "a..b").unwrap_err().kind(), ErrorKind::Invalid);
    repo.rename_branch("main", "trunk").unwrap();
    assert_eq!(repo.head_branch().unwrap().as_deref(), Some("trunk"));
    assert_eq!(fixture.git(&["symbolic-ref", "HEAD"]), "refs/heads/trunk");
    repo.delete_branch("blade", Expected::Any).unwrap();
    assert_eq!(repo.delete_branch("blade", Expected::Any).unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(fixture.git(&["for-each-ref", "--format=%(refname:short)"]), "feature/deep\ntrunk");
}

#[test]
fn tags_are_made_and_deleted() {
    let (fixture, repo) = started();
    let (main, who) = (fixture.id("main"), ann());
    let light = repo.create_tag("v1", main, None, &who).unwrap();
    assert_eq!((light.annotated, light.message.as_str()), (false, "Initial commit\n"));
    let annotated = repo.create_tag("v2", main, Some("Said so"), &who).unwrap();
    assert_eq!(
        (annotated.annotated, annotated.message.as_str(), annotated.target),
        (true, "Said so\n", main)
    );
    assert_eq!(repo.create_tag("v2", main, None, &who).unwrap_err().kind(), ErrorKind::AlreadyExists);
    assert_eq!(repo.create_tag("bad tag", main, None, &who).unwrap_err().kind(), ErrorKind::Invalid);
    assert_eq!(repo.create_tag("a\0", main, None, &who).unwrap_err().kind(), ErrorKind::Invalid);
    repo.delete_tag("v1").unwrap();
    assert_eq!(repo.delete_tag("v1").unwrap_err().kind(), ErrorKind::NotFound);
    fixture.git(&["fsck", "--strict"]);
}

#[test]
fn patches_apply_or_are_refused() {
    let (fixture, repo) = started();
    let patch = |text: &'static str| ApplyPatch {
        branch: "main",
        new_branch: None,
        force: false,
        message: "Translate",
        author: ann(),
        committer: ann(),
        signoff: false,
        patch: text.as_bytes(),
    };
    repo.apply_patch(&patch(
        "diff --git a/README.md b/README.md\n--- a/README.md\n+++ b/README.md\n@@ -1 +1 @@\n-# x\n+# z\n",
    ))
    .unwrap();
    assert_eq!(fixture.git(&["show", "main:README.md"]), "# z");
    let new =
        "diff --git a/new b/new\nnew file mode 100644\n--- /dev/null\n+++ b/new\n@@ -0,0 +1 @@\n+fresh\n";
    repo.apply_patch(&ApplyPatch { new_branch: Some("fresh"), ..patch(new) }).unwrap();
    assert_eq!(fixture.git(&["show", "fresh:new"]), "fresh");
    assert!(repo.apply_patch(&patch("x")).is_err());
    let stale =
        "diff --git a/README.md b/README.md\n--- a/README.md\n+++ b/README.md\n@@ -1 +1 @@\n-# q\n+# z\n";
    assert!(matches!(repo.apply_patch(&patch(stale)), Err(Error::PatchConflict(_))));
    let evil = "diff --git a/.git/hooks/x b/.git/hooks/x\nnew file mode 100755\n--- /dev/null\n+++ b/.git/hooks/x\n@@ -0,0 +1 @@\n+x\n";
    assert_eq!(repo.apply_patch(&patch(evil)).unwrap_err().kind(), ErrorKind::Invalid);
}
