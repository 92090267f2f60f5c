//! The git program: packs in both directions, archives, patch texts, and how runs end.
#![allow(clippy::unwrap_used)]

mod support;

use std::io::Cursor;
use std::time::Duration;

use futures_util::StreamExt;
use oolong_git::{
    ArchiveFormat, ArchiveRequest, CompareMode, GitProgram, InitOptions, InspectionHook, ObjectFormat,
    OnFailure, Service, ServiceOptions, TreePath, init, read_receive_request, wire,
};
use support::{Fixture, SAGA};
use tokio::io::AsyncReadExt;

async fn all(mut stream: oolong_git::ProcessStream) -> Vec<u8> {
    let mut out = Vec::new();
    stream.read_to_end(&mut out).await.unwrap();
    let exit = stream.finish().await.unwrap();
    assert!(exit.status.success(), "{}", exit.stderr);
    out
}

#[tokio::test]
async fn advertisements_speak_both_protocols() {
    let fixture = Fixture::with(SAGA);
    let git = fixture.program().await;
    let options = ServiceOptions { partial_clone: true, ..ServiceOptions::default() };
    let v0 = all(git.advertise_refs(Service::UploadPack, &fixture.bare, &options).unwrap()).await;
    let text = String::from_utf8_lossy(&v0).into_owned();
    assert!(
        text.contains("symref=HEAD:refs/heads/main")
            && text.contains(" filter")
            && text.contains("allow-any")
            || text.contains("allow-reachable-sha1-in-want")
    );
    let v2 = ServiceOptions { protocol: Some("version=2".to_owned()), ..options.clone() };
    let v2 = all(git.advertise_refs(Service::UploadPack, &fixture.bare, &v2).unwrap()).await;
    assert!(v2.starts_with(b"000eversion 2\n"));
    let push = all(git.advertise_refs(Service::ReceivePack, &fixture.bare, &options).unwrap()).await;
    let text = String::from_utf8_lossy(&push).into_owned();
    for capability in ["push-options", "atomic", "report-status", "delete-refs", "ofs-delta"] {
        assert!(text.contains(capability), "{capability}: {text}");
    }
}

#[tokio::test]
async fn a_fetch_is_served() {
    let fixture = Fixture::with(SAGA);
    let git = fixture.program().await;
    let mut want = Vec::new();
    wire::data_packet(&mut want, format!("want {}\n", fixture.id("main")).as_bytes());
    want.extend_from_slice(wire::FLUSH);
    wire::data_packet(&mut want, b"done\n");
    let pack =
        all(git.upload_pack(&fixture.bare, &ServiceOptions::default(), Cursor::new(want)).unwrap()).await;
    assert!(pack.starts_with(b"0008NAK\nPACK"));
    let nothing =
        git.upload_pack(&fixture.bare, &ServiceOptions::default(), Cursor::new(b"0000".to_vec())).unwrap();
    assert!(all(nothing).await.is_empty());
}

#[tokio::test]
async fn a_push_is_read_first_and_then_served() {
    let fixture = Fixture::empty();
    let git = fixture.program().await;
    fixture.sh("echo 1 > a; git add .; git commit -qm one");
    let new = fixture.sh("git rev-parse HEAD");
    fixture.sh("git rev-parse HEAD | git pack-objects --revs --stdout -q > pack");
    let mut body = Vec::new();
    let zero = "0".repeat(40);
    wire::data_packet(&mut body, format!("{zero} {new} refs/heads/main\0 report-status").as_bytes());
    body.extend_from_slice(wire::FLUSH);
    body.extend_from_slice(&std::fs::read(fixture.work.join("pack")).unwrap());
    let mut reader = Cursor::new(body);
    let request = read_receive_request(&mut reader, 64 * 1024).await.unwrap();
    assert_eq!(request.commands[0].new.to_string(), new);
    let replay = Cursor::new(request.replay).chain(reader);
    let report = all(git.receive_pack(&fixture.bare, &ServiceOptions::default(), replay).unwrap()).await;
    assert_eq!(report, b"000eunpack ok\n0017ok refs/heads/main\n0000");
    assert_eq!(fixture.id("main").to_string(), new);
    assert!(fixture.bare.join("logs/refs/heads/main").exists());
}

#[tokio::test]
async fn only_the_shared_hooks_run() {
    let fixture = Fixture::empty();
    let own = fixture.bare.join("hooks/update");
    std::fs::write(&own, "#!/bin/sh\nexit 1\n").unwrap();
    let hooks = fixture.folder.path().join("shared");
    std::fs::create_dir(&hooks).unwrap();
    std::fs::write(hooks.join("post-receive"), "#!/bin/sh\necho $GITEA_REPO_ID > ran\n").unwrap();
    fixture.sh(&format!("chmod +x {} {}", own.display(), hooks.join("post-receive").display()));
    let git = fixture.program().await.with_hooks(&hooks);
    fixture.sh("echo 1 > a; git add .; git commit -qm one; git rev-parse HEAD | git pack-objects --revs --stdout -q > pack");
    let mut body = Vec::new();
    let line =
        format!("{} {} refs/heads/main\0 report-status", "0".repeat(40), fixture.sh("git rev-parse HEAD"));
    wire::data_packet(&mut body, line.as_bytes());
    body.extend_from_slice(wire::FLUSH);
    body.extend_from_slice(&std::fs::read(fixture.work.join("pack")).unwrap());
    let options = ServiceOptions {
        environment: vec![("GITEA_REPO_ID".to_owned(), "7".to_owned())],
        ..ServiceOptions::default()
    };
    let report = all(git.receive_pack(&fixture.bare, &options, Cursor::new(body)).unwrap()).await;
    assert!(String::from_utf8_lossy(&report).contains("ok refs/heads/main"));
    assert_eq!(std::fs::read_to_string(fixture.bare.join("ran")).unwrap(), "7\n");
}

#[tokio::test]
async fn dropping_a_stream_kills_everything_it_started() {
    let fixture = Fixture::empty();
    let git = fixture.program().await;
    let marker = fixture.folder.path().join("alive");
    let script = format!("!sh -c 'echo $$ > {}; exec sleep 600'", marker.display());
    let stream = git.stream(&fixture.bare, &["-c", &format!("alias.hang={script}"), "hang"]).unwrap();
    let pid = loop {
        if let Ok(pid) = std::fs::read_to_string(&marker)
            && pid.ends_with('\n')
        {
            break pid.trim().to_owned();
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    };
    let status = format!("/proc/{pid}/status");
    assert!(std::fs::read_to_string(&status).unwrap().contains("sleep"));
    drop(stream);
    for _ in 0..200 {
        match std::fs::read_to_string(&status) {
            Ok(text) if !text.contains("State:\tZ") => tokio::time::sleep(Duration::from_millis(10)).await,
            _ => return,
        }
    }
    panic!("process {pid} still runs");
}

#[tokio::test]
async fn failures_are_reported_or_break_the_stream() {
    let fixture = Fixture::with(SAGA);
    let git = fixture.program().await;
    let error = git.run(&fixture.bare, &["cat-file", "-p", "nowhere"]).await.unwrap_err();
    assert!(error.to_string().contains("nowhere"), "{error}");
    let failing = || git.stream(&fixture.bare, &["cat-file", "-p", "nowhere"]).unwrap();
    let pieces: Vec<_> = failing().into_stream("cat-file", OnFailure::Abort).collect().await;
    assert!(pieces.len() == 1 && pieces[0].is_err());
    assert!(failing().into_stream("cat-file", OnFailure::Log).collect::<Vec<_>>().await.is_empty());
    assert!(GitProgram::detect("/nonexistent/git", "/").await.is_err());
    assert!(GitProgram::detect("/bin/echo", "/").await.is_err());
}

#[tokio::test]
async fn patch_texts_are_those_of_the_recording() {
    let fixture = Fixture::with(SAGA);
    let git = fixture.program().await;
    let (main, side) = (fixture.id("main"), fixture.id("side"));
    let (second, first) = (fixture.id("main~3"), fixture.id("main~4"));
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let diff = "diff --git a/a.txt b/a.txt\nindex d00491f..1191247 100644\n--- a/a.txt\n+++ b/a.txt\n@@ -1 +1,2 @@\n 1\n+2\n\
                diff --git a/b.txt b/b.txt\nnew file mode 100644\nindex 0000000..6178079\n--- /dev/null\n+++ b/b.txt\n@@ -0,0 +1 @@\n+b\n";
    assert_eq!(text(all(git.commit_diff(&fixture.bare, second, Some(first)).unwrap()).await), diff);
    let patch = text(all(git.commit_patch(&fixture.bare, second, Some(first)).unwrap()).await);
    assert!(
        patch.starts_with(&format!("From {second} Mon Sep 17 00:00:00 2001\nFrom: Ann <ann@example.com>\n"))
    );
    assert!(patch.ends_with(diff) && patch.contains("Subject: [PATCH] Second\n"));
    let root = text(all(git.commit_diff(&fixture.bare, first, None).unwrap()).await);
    assert!(root.starts_with("diff --git a/a.txt b/a.txt\nnew file"), "{root}");
    assert!(!all(git.commit_patch(&fixture.bare, first, None).unwrap()).await.is_empty());
    let compare = text(all(git.compare_diff(&fixture.bare, side, main, CompareMode::Direct).unwrap()).await);
    assert!(
        compare.contains("deleted file mode 100644\nindex 1191247..0000000")
            && compare.contains("rename to bb.txt")
    );
    let mails = text(all(git.compare_patch(&fixture.bare, second, main).unwrap()).await);
    assert_eq!(mails.matches("Subject: [PATCH ").count(), 3);
}

#[tokio::test]
async fn archives_hold_what_was_asked_for() {
    let fixture = Fixture::with(
        "mkdir -p lib/sub; echo a > a.txt; echo b > lib/b.txt; echo c > lib/sub/c.txt; git add .; git commit -qm one; git push -q origin main",
    );
    let git = fixture.program().await;
    let commit = fixture.id("main");
    let tar = |paths: &'static [&str]| {
        let paths: Vec<_> = paths.iter().map(|path| TreePath::parse(path).unwrap()).collect();
        let request =
            ArchiveRequest { commit, format: ArchiveFormat::TarGz, folder: Some("box"), paths: &paths };
        git.archive(&fixture.bare, &request).unwrap()
    };
    std::fs::write(fixture.work.join("t.tgz"), all(tar(&[])).await).unwrap();
    assert_eq!(
        fixture.sh("tar tzf t.tgz"),
        "box/\nbox/a.txt\nbox/lib/\nbox/lib/b.txt\nbox/lib/sub/\nbox/lib/sub/c.txt"
    );
    std::fs::write(fixture.work.join("t.tgz"), all(tar(&["lib/sub"])).await).unwrap();
    assert_eq!(fixture.sh("tar tzf t.tgz"), "box/\nbox/lib/\nbox/lib/sub/\nbox/lib/sub/c.txt");
    let zip = ArchiveRequest { commit, format: ArchiveFormat::Zip, folder: None, paths: &[] };
    assert!(all(git.archive(&fixture.bare, &zip).unwrap()).await.starts_with(b"PK"));
    let bundle = ArchiveRequest { format: ArchiveFormat::Bundle, ..zip };
    std::fs::write(fixture.work.join("b"), all(git.archive(&fixture.bare, &bundle).unwrap()).await).unwrap();
    assert_eq!(fixture.sh("git bundle list-heads b"), format!("{commit} refs/heads/bundle\n{commit} HEAD"));
    assert_eq!(fixture.git(&["for-each-ref", "--format=%(refname)"]), "refs/heads/main");
    let blob = fixture.id("main:a.txt");
    assert_eq!(all(git.cat_blob(&fixture.bare, blob).unwrap()).await, b"a\n");
}

#[tokio::test]
async fn copies_and_upkeep() {
    let fixture = Fixture::with(SAGA);
    let git = fixture.program().await;
    let target = fixture.folder.path().join("forks/x.git");
    git.copy_repository(&fixture.bare, &target, None).await.unwrap();
    assert!(git.copy_repository(&fixture.bare, &target, None).await.is_err());
    let fork = oolong_git::Repo::open(&target).unwrap();
    assert_eq!(fork.branch_count().unwrap(), 2);
    // What only the fork has can be compared from here, and then be fetched.
    let ours = fixture.open();
    let edit = oolong_git::InitialCommit {
        branch: "main",
        message: "Fork",
        author: support::ann(),
        files: vec![("fork.txt".to_owned(), b"f".to_vec())],
    };
    let ahead = fork.initial_commit(&edit).unwrap().commit.id;
    let main = fixture.id("main");
    assert!(!ours.has_object(ahead).unwrap());
    ours.borrow_objects(&target.join("objects")).unwrap();
    assert_eq!(ours.compare(main, ahead, oolong_git::Slice::ALL).unwrap().commits.total, 1);
    git.fetch_local(&fixture.bare, &target, &["+refs/heads/main:refs/pull/1/head".to_owned()]).await.unwrap();
    assert_eq!(fixture.open().reference_target("refs/pull/1/head").unwrap(), Some(ahead));
    git.collect_garbage(&target).await.unwrap();
    git.check(&target).await.unwrap();
    std::fs::remove_dir_all(target.join("objects")).unwrap();
    std::fs::create_dir(target.join("objects")).unwrap();
    assert!(git.check(&target).await.is_err());
}

#[tokio::test]
async fn sha256_repositories_are_served_though_not_read() {
    let fixture = Fixture::empty();
    let git = fixture.program().await;
    let path = fixture.folder.path().join("new.git");
    let options = InitOptions {
        object_format: ObjectFormat::Sha256,
        git: Some(git.path().to_path_buf()),
        default_branch: "trunk".to_owned(),
        ..InitOptions::default()
    };
    init(&path, &options).unwrap();
    assert_eq!(oolong_git::Repo::format_of(&path).unwrap(), ObjectFormat::Sha256);
    assert_eq!(std::fs::read_to_string(path.join("HEAD")).unwrap(), "ref: refs/heads/trunk\n");
    let offer =
        all(git.advertise_refs(Service::ReceivePack, &path, &ServiceOptions::default()).unwrap()).await;
    assert!(String::from_utf8_lossy(&offer).contains("object-format=sha256"));
}

#[tokio::test]
async fn a_push_can_be_looked_at_before_it_is_accepted() {
    let fixture = Fixture::empty();
    let git = fixture.program().await;
    fixture.sh("echo 1 > a; git add .; git commit -qm one; git rev-parse HEAD | git pack-objects --revs --stdout -q > pack");
    let new = fixture.sh("git rev-parse HEAD");
    let mut body = Vec::new();
    let line = format!("{} {new} refs/heads/main\0 report-status side-band-64k", "0".repeat(40));
    wire::data_packet(&mut body, line.as_bytes());
    body.extend_from_slice(wire::FLUSH);
    body.extend_from_slice(&std::fs::read(fixture.work.join("pack")).unwrap());
    for (verdict, said) in [(Err("not\nthis"), ""), (Ok(()), "ok refs/heads/main")] {
        let (hook, mut inspection) = InspectionHook::make(fixture.folder.path()).unwrap();
        let options = ServiceOptions { hooks: Some(hook.folder().to_owned()), ..ServiceOptions::default() };
        let stream = git.receive_pack(&fixture.bare, &options, Cursor::new(body.clone())).unwrap();
        let objects = inspection.objects().await.unwrap();
        let repo = fixture.open();
        let id = new.parse().unwrap();
        assert!(!repo.has_object(id).unwrap(), "it is in quarantine");
        repo.borrow_objects(&objects).unwrap();
        assert!(repo.has_object(id).unwrap());
        inspection.decide(verdict.map_err(str::to_owned)).await.unwrap();
        let report = String::from_utf8_lossy(&all(stream).await).into_owned();
        match verdict {
            Ok(()) => assert!(report.contains(said), "{report}"),
            Err(_) => {
                assert!(report.contains("notthis\n") && report.contains("ng refs/heads/main"), "{report}")
            }
        }
    }
    assert_eq!(fixture.id("main").to_string(), new);
}
