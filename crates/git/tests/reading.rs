//! Reading, compared with what `git` says and with what Gitea was recorded to answer.
#![allow(clippy::unwrap_used)]

mod support;

use oolong_git::{
    Contents, EntryKind, Error, ErrorKind, FileStatus, LogQuery, ObjectId, ObjectKind, Repo, ResolvedKind,
    Slice, TreePath,
};
use support::{Fixture, SAGA, ann};

fn summaries(repo: &Repo, query: &LogQuery) -> Vec<String> {
    repo.log(query, Slice::ALL).unwrap().items.iter().map(|commit| commit.summary().to_owned()).collect()
}

#[test]
fn logs_are_those_of_git() {
    let fixture = Fixture::with(SAGA);
    let repo = fixture.open();
    let (main, side) = (fixture.id("main"), fixture.id("side"));
    // Hashes of the recorded exchange: the fixture is that repository.
    assert_eq!(main.to_string(), "65e5eb14341b4d53ca2e8b628cdaac81cb810036");
    let all = LogQuery::from(main);
    assert_eq!(summaries(&repo, &all).join("\n"), fixture.git(&["log", "--format=%s", "main"]));
    assert_eq!(repo.count(&all).unwrap(), 6);
    let page = repo.log(&all, Slice::page(2, 2)).unwrap();
    assert_eq!((page.items[0].summary(), page.items.len(), page.total), ("Side work", 2, 6));
    assert_eq!(page.items[0].author.name, "Alice");
    let beyond = repo.log(&all, Slice::page(9, 2)).unwrap();
    assert_eq!((beyond.items.len(), beyond.total), (0, 6));

    let path = |name: &str| LogQuery { path: Some(TreePath::parse(name).unwrap()), ..all.clone() };
    assert_eq!(summaries(&repo, &path("a.txt")), ["Drop a", "Second", "First"]);
    assert_eq!(summaries(&repo, &path("s.txt")), ["Side work"]);
    assert_eq!(repo.count(&path("nothing.txt")).unwrap(), 0);

    let not = LogQuery { exclude: vec![side], ..all.clone() };
    assert_eq!(summaries(&repo, &not), ["Drop a", "Merge side", "Third: rename"]);
    let not_path = LogQuery { exclude: vec![side], ..path("a.txt") };
    assert_eq!(summaries(&repo, &not_path), ["Drop a"]);
    let dated = LogQuery { since: Some(1_767_398_400), until: Some(1_767_571_200), ..all };
    assert_eq!(summaries(&repo, &dated), ["Side work", "Third: rename"]);
    let unknown = LogQuery::from("0123456789012345678901234567890123456789".parse().unwrap());
    assert_eq!(repo.log(&unknown, Slice::ALL).unwrap_err().kind(), ErrorKind::NotFound);
}

#[test]
fn many_paths_have_the_history_git_gives_them() {
    let fixture = Fixture::with(
        "for n in $(seq 40); do mkdir -p d$((n%3))/e$((n%2)); echo $n >> d$((n%3))/f$((n%5)); echo $n > d$((n%3))/e$((n%2))/g; \
         git add .; GIT_COMMITTER_DATE=\"2026-02-01T00:$(printf %02d $n):00Z\" git commit -qm \"c$n\"; \
         if [ $((n%7)) = 0 ]; then git branch -f old HEAD~2; \
         git checkout -q old; echo $n > side$n; git add .; GIT_COMMITTER_DATE=\"2026-02-01T00:$(printf %02d $n):30Z\" git commit -qm \"s$n\"; \
         git checkout -q main; GIT_COMMITTER_DATE=\"2026-02-01T00:$(printf %02d $n):45Z\" git merge -q --no-ff -m \"m$n\" old; fi; done; \
         git push -q origin main",
    );
    let repo = fixture.open();
    let main = fixture.id("main");
    assert_eq!(
        summaries(&repo, &LogQuery::from(main)).join("\n"),
        fixture.git(&["log", "--format=%s", "main"])
    );
    for name in ["d0", "d1/f2", "d2/e0/g", "side7", "d0/e1"] {
        let query = LogQuery { path: Some(TreePath::parse(name).unwrap()), ..LogQuery::from(main) };
        assert_eq!(
            summaries(&repo, &query).join("\n"),
            fixture.git(&["log", "--format=%s", "main", "--", name]),
            "{name}"
        );
    }
    for folder in [None, Some("d0"), Some("d1"), Some("d2/e0")] {
        let path = folder.map(|folder| TreePath::parse(folder).unwrap());
        let Contents::Folder(entries) = repo.contents(main, path.as_ref(), true).unwrap() else {
            panic!("a folder")
        };
        assert!(!entries.is_empty());
        for entry in entries {
            let expected = fixture.git(&["log", "-1", "--format=%H", "main", "--", &entry.path]);
            assert_eq!(entry.last_commit.unwrap().id.to_string(), expected, "{}", entry.path);
            let single = repo.last_commit_of(main, &TreePath::parse(&entry.path).unwrap()).unwrap();
            assert_eq!(single.to_string(), expected);
        }
    }
}

#[test]
fn commits_say_what_they_changed() {
    let fixture = Fixture::with(SAGA);
    let repo = fixture.open();
    let files = |revision: &str| {
        let details = repo.commit_details(fixture.id(revision)).unwrap();
        let files: Vec<_> = details.files.iter().map(|f| (f.filename.clone(), f.status.name())).collect();
        (files, details.stats.additions, details.stats.deletions)
    };
    let own =
        |list: &[(&str, &'static str)]| list.iter().map(|(f, s)| ((*f).to_owned(), *s)).collect::<Vec<_>>();
    assert_eq!(files("main"), (own(&[("a.txt", "removed")]), 0, 2));
    assert_eq!(files("main~1"), (own(&[("s.txt", "added")]), 1, 0));
    assert_eq!(files("main~2"), (own(&[("b.txt", "removed"), ("bb.txt", "added")]), 0, 0));
    assert_eq!(files("main~3"), (own(&[("a.txt", "modified"), ("b.txt", "added")]), 2, 0));
    assert_eq!(files("main~4"), (own(&[("a.txt", "added")]), 1, 0));
    let second = repo.commit(fixture.id("main~3")).unwrap();
    assert_eq!(second.message, "Second\n\nA body.\n");
    assert_eq!((second.parents.len(), second.committer.when.seconds), (1, 1_767_351_600));
    assert!(!second.signed && repo.commit_signature(second.id).unwrap().is_none());

    let note = repo.note(fixture.id("main")).unwrap();
    assert_eq!(note.message, "A note to the last\n");
    assert_eq!(note.commit.id, fixture.id("refs/notes/commits"));
    assert_eq!(repo.note(second.id).unwrap_err().kind(), ErrorKind::NotFound);
}

#[test]
fn comparisons_are_those_of_the_recording() {
    let fixture = Fixture::with(SAGA);
    let repo = fixture.open();
    let (main, side, second) = (fixture.id("main"), fixture.id("side"), fixture.id("main~3"));
    let forward = repo.compare(second, main, Slice::ALL).unwrap();
    assert_eq!((forward.commits.total, forward.merge_base), (4, Some(second)));
    assert_eq!(repo.compare(main, side, Slice::ALL).unwrap().commits.total, 0);
    assert_eq!(repo.compare(side, main, Slice::ALL).unwrap().commits.total, 3);
    assert!(repo.is_ancestor(side, main).unwrap() && !repo.is_ancestor(main, side).unwrap());
    let apart = repo.divergence(main, side).unwrap();
    assert_eq!((apart.ahead, apart.behind), (3, 0));
    assert!(forward.files.iter().any(|f| f.filename == "s.txt" && f.status == FileStatus::Added));
}

#[test]
fn names_resolve_as_far_as_each_door_allows() {
    let fixture = Fixture::with(&format!(
        "{SAGA}\ngit tag -a t1 -m t; git branch both; git tag both HEAD~1; git push -q origin t1 refs/heads/both refs/tags/both"
    ));
    let repo = fixture.open();
    let main = fixture.id("main");
    let short = |name: &str| repo.resolve_short(name).map(|found| (found.commit, found.kind));
    assert_eq!(short("main").unwrap(), (main, ResolvedKind::Branch("main".to_owned())));
    assert_eq!(short("t1").unwrap(), (main, ResolvedKind::Tag("t1".to_owned())));
    assert_ne!(repo.resolve_short("t1").unwrap().object, main);
    assert_eq!(short("both").unwrap().1, ResolvedKind::Branch("both".to_owned()));
    let hex = main.to_string();
    assert_eq!(short(&hex).unwrap(), (main, ResolvedKind::Commit));
    assert_eq!(short(&hex[..8]).unwrap(), (main, ResolvedKind::Commit));
    for not_short in [
        "HEAD",
        "refs/heads/main",
        "main~1",
        "nowhere",
        "",
        "main/x",
        "a\0b",
        "..",
        "0123456789012345678901234567890123456789",
    ] {
        assert_eq!(short(not_short).unwrap_err().kind(), ErrorKind::NotFound, "{not_short:?}");
    }
    for revision in ["HEAD", "refs/heads/main", "main~0", "t1^{}", "t1"] {
        assert_eq!(repo.resolve_revision(revision).unwrap().commit, main, "{revision}");
    }
    for hidden in
        [":/Drop", "main@{0}", "HEAD^{/Drop}", "HEAD:a.txt", "--all", "@", "nowhere", "HEAD^{tree}", "a\0b"]
    {
        assert_eq!(repo.resolve_revision(hidden).unwrap_err().kind(), ErrorKind::NotFound, "{hidden:?}");
    }
    assert_eq!(
        repo.resolve_object(&fixture.git(&["rev-parse", "main^{tree}"])).unwrap(),
        repo.commit(main).unwrap().tree
    );
}

const PARTS: &str = r"
mkdir -p x/y sub; for n in 1 2 3 4 5; do echo $n > x/f$n; done; echo deep > x/y/z
printf '#!/bin/sh\n' > go.sh; chmod +x go.sh; ln -s go.sh ln; git add .
git update-index --add --cacheinfo 160000,2222222222222222222222222222222222222222,sub
git commit -qm one; git tag -a t1 -m t; git push -q origin main t1";

#[test]
fn trees_are_listed_in_pages() {
    let fixture = Fixture::with(PARTS);
    let repo = fixture.open();
    let main = repo.resolve_object("main").unwrap();
    let top = repo.tree(main, false, Slice::ALL).unwrap();
    let shown: Vec<_> = top
        .items
        .iter()
        .map(|i| format!("{} {} {} {}", i.mode_text(), i.kind.name(), i.size, i.path))
        .collect();
    assert_eq!(shown, ["100755 blob 10 go.sh", "120000 blob 5 ln", "160000 commit 0 sub", "040000 tree 0 x"]);
    assert_eq!((top.id, top.total, top.truncated), (main, 4, false));
    let all = repo.tree(main, true, Slice::ALL).unwrap();
    let paths: Vec<_> = all.items.iter().map(|item| item.path.as_str()).collect();
    assert_eq!(paths.join("\n"), fixture.git(&["ls-tree", "-r", "-t", "--name-only", "main"]));
    let page = |n| repo.tree(main, true, Slice::page(n, 4)).unwrap();
    assert_eq!((page(1).items.len(), page(1).truncated, page(1).total), (4, true, 11));
    assert_eq!((page(3).items.len(), page(3).truncated), (3, false));
    assert_eq!((page(9).items.len(), page(9).truncated), (0, false));
    let tag = repo.resolve_object("t1").unwrap();
    assert_eq!(repo.tree(tag, false, Slice::ALL).unwrap().id, tag);
    assert!(repo.tree(top.items[0].id, false, Slice::ALL).is_err());
    assert_eq!(repo.blob(top.items[0].id, 100).unwrap().content, b"#!/bin/sh\n");
    assert_eq!(repo.blob(top.items[0].id, 5).unwrap_err().kind(), ErrorKind::Invalid);
    assert_eq!(repo.blob(main, 500).unwrap_err().kind(), ErrorKind::NotFound);
    assert!(repo.object(main).unwrap().content.starts_with(b"tree "));
}

#[test]
fn contents_know_files_links_and_submodules() {
    let fixture = Fixture::with(
        "mkdir -p docs vendor; printf '# Tea\\n' > README.md; ln -s ../README.md docs/link; echo x > docs/x; chmod +x docs/x; \
         printf '[submodule \"vendor/lib\"]\\n\\tpath = vendor/lib\\n\\turl = https://example.com/lib.git\\n' > .gitmodules; git add .; \
         git update-index --add --cacheinfo 160000,1111111111111111111111111111111111111111,vendor/lib; c 1 Start; \
         echo y >> docs/x; git add docs; c 2 Second; git push -q origin main",
    );
    let repo = fixture.open();
    let main = fixture.id("main");
    let at = |path: &str| repo.contents(main, Some(&TreePath::parse(path).unwrap()), true);
    let Contents::Entry(link) = at("docs/link").unwrap() else { panic!("a link") };
    assert_eq!(
        (link.kind, link.size, link.target.as_deref()),
        (EntryKind::Symlink, 12, Some("../README.md"))
    );
    let Contents::Entry(module) = at("vendor/lib").unwrap() else { panic!("a submodule") };
    assert_eq!(
        (module.kind, module.submodule_url.as_deref()),
        (EntryKind::Submodule, Some("https://example.com/lib.git"))
    );
    let Contents::Folder(docs) = at("docs").unwrap() else { panic!("a folder") };
    let last: Vec<_> =
        docs.iter().map(|e| (e.name.as_str(), e.last_commit.as_ref().unwrap().message.as_str())).collect();
    assert_eq!(last, [("link", "Start\n"), ("x", "Second\n")]);
    assert!(docs[1].executable);
    let Contents::Folder(root) = repo.contents(main, None, true).unwrap() else { panic!("a folder") };
    assert_eq!(root.len(), 4);
    for missing in ["nothing", "README.md/x", "docs/link/x"] {
        assert_eq!(at(missing).unwrap_err().kind(), ErrorKind::NotFound, "{missing}");
    }
}

#[test]
fn tags_are_listed_as_recorded() {
    let fixture = Fixture::with(
        "echo 1 > f; git add .; git commit -qm one; git tag v0.1; echo 2 > f; git commit -qam two; git tag -a v0.2 -m 'Second mark'; \
         git tag -a release/3 -m 'In a folder' HEAD~1; git tag -a treetag -m 'of a tree' HEAD^{tree}; \
         git push -q origin main v0.1 v0.2 release/3 treetag",
    );
    let repo = fixture.open();
    let tags = repo.tags(Slice::ALL).unwrap();
    let names: Vec<_> = tags.items.iter().map(|tag| tag.name.as_str()).collect();
    assert_eq!((names.as_slice(), tags.total), (["release/3", "v0.2", "treetag", "v0.1"].as_slice(), 4));
    let annotated = &tags.items[1];
    assert_eq!((annotated.message.as_str(), annotated.annotated), ("Second mark\n", true));
    assert_eq!(annotated.id.to_string(), "edf75236024fa2ff3f366ba3afde718f838a7b02");
    assert_eq!(annotated.target.to_string(), "32a5a6ed926021c4dfcffbc9baca803723303e13");
    assert_eq!(tags.items[2].target_kind, ObjectKind::Tree);
    assert_eq!((tags.items[3].message.as_str(), tags.items[3].id == tags.items[3].target), ("one\n", true));
    assert_eq!(repo.tag("none").unwrap_err().kind(), ErrorKind::NotFound);
    let by_name = repo.annotated_tag(annotated.id).unwrap();
    assert_eq!((by_name.name.as_str(), by_name.tagger.unwrap().name.as_str()), ("v0.2", "Ann"));
    assert!(repo.annotated_tag(annotated.target).is_err());
    let found: Vec<_> =
        repo.references("refs/tags/v0").unwrap().into_iter().map(|r| (r.name, r.kind)).collect();
    assert_eq!(
        found,
        [("refs/tags/v0.1".to_owned(), ObjectKind::Commit), ("refs/tags/v0.2".to_owned(), ObjectKind::Tag)]
    );
    assert_eq!(repo.references("refs/").unwrap().len(), 5);
    assert!(repo.references("refs/none").unwrap().is_empty());
}

#[test]
fn signed_tags_and_commits_are_taken_apart() {
    let fixture = Fixture::with("echo 1 > f; git add .; git commit -qm one; git push -q origin main");
    let mark = "-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----\n";
    let main = fixture.id("main");
    let tree = fixture.git(&["rev-parse", "main^{tree}"]);
    let header = format!("object {main}\ntype commit\ntag v1\ntagger Ann <a@b> 1 +0000\n\nSaid\n");
    std::fs::write(fixture.work.join("tag"), format!("{header}{mark}")).unwrap();
    let gpgsig = mark.trim_end().replace('\n', "\n ");
    let (top, rest) =
        (format!("tree {tree}\nauthor A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\n"), "\nHello\n");
    std::fs::write(fixture.work.join("commit"), format!("{top}gpgsig {gpgsig}\n{rest}")).unwrap();
    let write = |kind: &str| -> ObjectId {
        fixture
            .sh(&format!("git -C ../bare.git hash-object --literally -t {kind} -w ../work/{kind}"))
            .parse()
            .unwrap()
    };
    let (tag, commit) = (write("tag"), write("commit"));
    let repo = fixture.open();
    let read = repo.annotated_tag(tag).unwrap();
    let signature = read.signature.unwrap();
    assert_eq!(
        (read.message.as_str(), signature.signature.as_str(), signature.payload),
        ("Said\n", mark, header)
    );
    assert!(repo.commit(commit).unwrap().signed);
    let signature = repo.commit_signature(commit).unwrap().unwrap();
    assert_eq!(signature.payload, format!("{top}{rest}"));
    assert_eq!(signature.signature.trim_end(), mark.trim_end());
    assert!(repo.commit_signature(tag).is_err());
}

#[test]
fn an_empty_repository_says_so() {
    let fixture = Fixture::empty();
    let repo = fixture.open();
    assert!(repo.is_empty().unwrap());
    assert_eq!(repo.head_branch().unwrap().as_deref(), Some("main"));
    assert_eq!(repo.branches(None, Slice::ALL).unwrap().total, 0);
    assert_eq!(repo.tags(Slice::ALL).unwrap().total, 0);
    assert_eq!(repo.resolve_short("main").unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(repo.resolve_revision("HEAD").unwrap_err().kind(), ErrorKind::NotFound);
}

#[test]
fn what_is_no_readable_repository_is_told_apart() {
    let fixture = Fixture::empty();
    let missing = fixture.folder.path().join("none.git");
    assert!(matches!(Repo::open(&missing), Err(Error::NotFound { .. })));
    // A folder below a repository is not that repository.
    assert!(Repo::open(&fixture.bare.join("objects")).is_err());
    let sha256 = fixture.folder.path().join("s.git");
    fixture.sh("git init -q --bare --object-format=sha256 ../s.git");
    assert_eq!(Repo::open(&sha256).err().unwrap().kind(), ErrorKind::Unsupported);
}

#[test]
fn server_info_is_what_git_writes() {
    let fixture = Fixture::with(&format!("{SAGA}\ngit tag -a t1 -m t; git push -q origin t1"));
    let read = || {
        let read = |name| std::fs::read_to_string(fixture.bare.join(name)).unwrap_or_default();
        (read("info/refs"), read("objects/info/packs"))
    };
    fixture.open().update_server_info().unwrap();
    let ours = read();
    fixture.git(&["update-server-info", "--force"]);
    assert_eq!(ours, read());
    fixture.git(&["gc", "-q"]);
    fixture.open().update_server_info().unwrap();
    let ours = read();
    fixture.git(&["update-server-info", "--force"]);
    assert_eq!(ours, read());
    assert!(ours.1.starts_with("P pack-"));
    // Packed, everything still reads the same.
    let repo = fixture.open();
    assert_eq!(repo.count(&LogQuery::from(fixture.id("main"))).unwrap(), 6);
    assert_eq!(repo.branches(Some("SID"), Slice::ALL).unwrap().items[0].name, "side");
    let _ = ann();
}
