//! The program as an administrator uses it.

use oolong_tests::program::Instance;
use oolong_tests::server::PASSWORD;

fn failure(instance: &Instance, arguments: &[&str]) -> String {
    let output = instance.run(arguments);
    assert_eq!(output.status.code(), Some(1), "{arguments:?}");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[tokio::test]
async fn from_nothing_to_a_signed_in_administrator() {
    let instance = Instance::new();
    let made = instance.succeed(&[
        "admin",
        "user",
        "create",
        "--username",
        "root",
        "--email",
        "root@example.com",
        "--admin",
        "--random-password=false",
    ]);
    let password = made
        .lines()
        .next()
        .and_then(|line| line.strip_prefix("generated random password is '")?.strip_suffix('\''));
    let password = password.expect("the password is printed").to_owned();
    assert!(made.ends_with("New user 'root' has been successfully created!\n"), "{made}");

    let server = instance.serve().await;
    let root = server.anonymous().basic("root", &password);
    let me = root.get("/api/v1/user").await.expect(200).json();
    assert_eq!((&me["login"], &me["is_admin"]), (&"root".into(), &true.into()));
    assert!(server.stop(), "SIGTERM ends it well");
}

#[tokio::test]
async fn people_and_tokens() {
    let instance = Instance::new();
    instance.user("root", &["--admin"]);
    instance.user("amy", &["--fullname", "Amy A.", "--access-token", "--access-token-scopes", "read:user"]);
    instance.succeed(&[
        "admin",
        "user",
        "create",
        "--username",
        "robo",
        "--email",
        "robo@example.com",
        "--user-type",
        "bot",
    ]);
    let listed = instance.succeed(&["admin", "user", "list"]);
    assert_eq!(
        listed,
        "ID   Username Email            IsActive IsAdmin 2FA\n\
         1    root     root@example.com true     true    false\n\
         2    amy      amy@example.com  true     false   false\n"
    );
    assert!(!instance.succeed(&["admin", "user", "list", "--admin"]).contains("amy"));

    let token =
        instance.succeed(&["admin", "user", "generate-access-token", "-u", "amy", "-t", "second", "--raw"]);
    let again = failure(&instance, &["admin", "user", "generate-access-token", "-u", "amy", "-t", "second"]);
    assert!(again.starts_with("Command error: "), "{again}");

    let server = instance.serve().await;
    server.anonymous().token(token.trim()).get("/api/v1/user").await.expect(200);
    // While the server runs, commands work on the same database.
    let changed =
        instance.succeed(&["admin", "user", "change-password", "-u", "amy", "-p", "another-password"]);
    assert_eq!(changed, "amy's password has been successfully updated!\n");
    server.anonymous().basic("amy", PASSWORD).get("/api/v1/user").await.expect(401);
    server.anonymous().basic("amy", "another-password").get("/api/v1/user").await.expect(403);
    let unset = instance.succeed(&["admin", "user", "must-change-password", "--all", "--unset"]);
    assert_eq!(unset, "Updated 1 users setting MustChangePassword to false\n");
    server.anonymous().basic("amy", "another-password").get("/api/v1/user").await.expect(200);
    let mistyped = failure(&instance, &["admin", "user", "delete", "--id", "1", "--username", "amy"]);
    assert!(mistyped.contains("the id is not that of the user amy"), "{mistyped}");
    assert_eq!(instance.succeed(&["admin", "user", "delete", "--username", "amy"]), "");
    server.anonymous().basic("amy", "another-password").get("/api/v1/user").await.expect(401);
}

#[test]
fn wrong_usage_is_told() {
    let instance = Instance::new();
    let create = ["admin", "user", "create", "--username", "x", "--email", "x@example.com"];
    for (more, expected) in [
        (&[][..], "--random-password"),
        (&["--password", "a", "--random-password"], "exclude each other"),
        (&["--user-type", "robot"], "robot"),
        (&["--user-type", "bot", "--password", "a"], "only individual users"),
        (&["--user-type", "bot", "--must-change-password"], "only individual users"),
        (&["--password", "a", "--access-token-name", "t"], "--access-token"),
        (
            &["--password", "a", "--access-token", "--access-token-scopes", "x:y"],
            "invalid access token scope",
        ),
        (&["--password", "a", "--access-token", "--access-token-scopes", "public-only"], "permit nothing"),
        (&["--password", "a", "--name", "y"], "--username and --name"),
    ] {
        let error = failure(&instance, &[&create, more].concat());
        assert!(error.contains(expected), "{more:?}: {error}");
    }
    assert!(failure(&instance, &["brew"]).contains("unknown command: brew"));
    assert!(failure(&instance, &["web", "--nonsense"]).starts_with("Incorrect Usage: "));
    assert!(failure(&instance, &["config", "init"]).contains("app.ini"), "one that is there is kept");
    assert!(failure(&instance, &["doctor", "check", "--run", "x"]).contains("unknown checks: \"x\""));
}

#[test]
fn a_site_that_is_not_set_up_says_what_to_do() {
    let instance = Instance::new();
    std::fs::remove_file(instance.app_ini()).expect("it was written");
    assert!(failure(&instance, &["web"]).contains("oolong config init"));
}

#[test]
fn the_doctor_finds_a_sound_instance() {
    let instance = Instance::new();
    instance.succeed(&["migrate"]);
    let found = instance.succeed(&["doctor", "check", "--all"]);
    assert!(found.ends_with("\nAll done (checks: 5).\n") && !found.contains("[E]"), "{found}");
    assert_eq!(instance.succeed(&["doctor", "check"]), "\nAll done (checks: 0).\n");
}

#[test]
fn secrets_have_their_forms() {
    let instance = Instance::new();
    let secret = |kind| instance.succeed(&["generate", "secret", kind]);
    assert_eq!(secret("SECRET_KEY").len(), 64);
    assert_eq!(secret("JWT_SECRET").len(), 43);
    assert_eq!(secret("LFS_JWT_SECRET").len(), 43);
    assert_eq!(secret("INTERNAL_TOKEN").split('.').count(), 3);
}
