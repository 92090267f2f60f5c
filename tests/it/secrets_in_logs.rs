//! Nothing secret is ever logged, at the finest level and by every way in which a secret can be sent.

use http::Method;
use oolong_tests::program::Instance;
use serde_json::json;

#[tokio::test]
async fn no_secret_is_logged() {
    const PASSWORD: &str = "xyzzy-Secret-Password-1";
    const NEW_PASSWORD: &str = "xyzzy-Another-Password-2";
    let instance = Instance::new();
    instance.configure(&[
        ("LOG__LEVEL", "Trace"),
        ("METRICS__ENABLED", "true"),
        ("METRICS__TOKEN", "xyzzy-metrics-token"),
    ]);
    let flags = [
        "--username",
        "root",
        "--email",
        "root@example.com",
        "--admin",
        "--must-change-password=false",
        "--password",
        PASSWORD,
    ];
    instance.succeed(&[&["admin", "user", "create"][..], &flags].concat());
    let token = instance.succeed(&["admin", "user", "generate-access-token", "-u", "root", "--raw"]);
    let token = token.trim().to_owned();
    let ini = std::fs::read_to_string(instance.app_ini()).expect("it was written");
    let kept = |key: &str| {
        ini.lines()
            .find_map(|line| line.strip_prefix(key)?.trim_start().strip_prefix('='))
            .map(|value| value.trim().to_owned())
    };

    let server = instance.serve().await;
    let visitor = server.anonymous();
    visitor.basic("root", PASSWORD).get("/api/v1/user").await.expect(200);
    visitor.token(&token).get("/api/v1/user").await.expect(200);
    visitor.with(format!("Bearer {token}")).get("/api/v1/user").await.expect(200);
    visitor.basic("root", &token).get("/api/v1/user").await.expect(200);
    visitor.basic(&token, "x-oauth-basic").get("/api/v1/user").await.expect(200);
    visitor.get(&format!("/api/v1/user?token={token}")).await.expect(200);
    visitor.get(&format!("/api/v1/user?access_token={token}")).await.expect(200);
    let form = format!("token={token}").into();
    visitor
        .try_send(Method::POST, "/api/v1/user/repos", Some("application/x-www-form-urlencoded"), form)
        .await
        .expect("an answer");
    // Wrong ones are as secret: they may be a right one with a typing error.
    visitor.basic("root", &format!("{PASSWORD}x")).get("/api/v1/user").await.expect(401);
    visitor.token(&format!("{}0", &token[1..])).get("/api/v1/user").await;
    visitor.basic("nobody", PASSWORD).get("/api/v1/user").await.expect(401);
    visitor.with("Bearer xyzzy-metrics-token".to_owned()).get("/metrics").await.expect(200);
    let root = visitor.basic("root", PASSWORD);
    let made = root
        .post("/api/v1/users/root/tokens", json!({"name": "second", "scopes": ["all"]}))
        .await
        .expect(201)
        .json();
    let second = made["sha1"].as_str().expect("its text").to_owned();
    let new = json!({"username": "amy", "email": "amy@example.com", "password": NEW_PASSWORD, "must_change_password": false});
    root.post("/api/v1/admin/users", new).await.expect(201);
    root.patch("/api/v1/admin/users/amy", json!({"login_name": "amy", "source_id": 0, "password": PASSWORD}))
        .await;
    let git = format!("/root/none.git/info/refs?service=git-upload-pack&token={token}");
    visitor.basic("root", &second).get(&git).await;
    let log = server.log();
    assert!(server.stop());

    assert!(log.contains("who=\"root\" by=\"access-token\""), "the access log names people: {log}");
    assert!(log.contains("oolong::access") && log.contains("DEBUG"), "the log is on: {log}");
    let mut secrets =
        vec![PASSWORD.to_owned(), NEW_PASSWORD.to_owned(), "xyzzy".to_owned(), token[1..].to_owned(), second];
    secrets.extend(
        ["SECRET_KEY", "INTERNAL_TOKEN", "JWT_SECRET", "LFS_JWT_SECRET"].into_iter().filter_map(kept),
    );
    assert!(secrets.len() >= 9, "every secret of app.ini is looked for");
    for secret in secrets {
        let line = log.lines().find(|line| line.contains(&secret));
        assert_eq!(line, None, "{secret}");
    }
}
