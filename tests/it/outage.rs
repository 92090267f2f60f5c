//! The database goes away for a while: requests are answered with 503, and afterwards everything works as before.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use oolong_tests::database::TestDatabase;
use oolong_tests::server::{PASSWORD, Server};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// A cable between us and the database server, which can be pulled.
struct Cable {
    port: u16,
    plugged: Arc<AtomicBool>,
    pulled: watch::Sender<()>,
}

impl Cable {
    async fn to(host: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let plugged = Arc::new(AtomicBool::new(true));
        let (pulled, was_pulled) = watch::channel(());
        let is_plugged = Arc::clone(&plugged);
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                let (host, is_plugged, mut was_pulled) =
                    (host.clone(), Arc::clone(&is_plugged), was_pulled.clone());
                was_pulled.mark_unchanged();
                tokio::spawn(async move {
                    if !is_plugged.load(Ordering::SeqCst) {
                        return;
                    }
                    let Ok(mut far) = TcpStream::connect(host).await else { return };
                    tokio::select! {
                        _ = tokio::io::copy_bidirectional(&mut near, &mut far) => {}
                        _ = was_pulled.changed() => {}
                    }
                });
            }
        });
        Self { port, plugged, pulled }
    }

    fn pull(&self) {
        self.plugged.store(false, Ordering::SeqCst);
        self.pulled.send_replace(());
    }

    fn plug(&self) {
        self.plugged.store(true, Ordering::SeqCst);
    }
}

async fn survives(database: TestDatabase) {
    let mut url: url::Url = database.url.parse().expect("an address");
    let cable = Cable::to(format!("127.0.0.1:{}", url.port().expect("a port"))).await;
    url.set_port(Some(cable.port)).expect("an address has a port");
    let server = Server::at(database.backend, url.as_str()).await;
    server.admin("root").await;
    let root = server.basic("root", PASSWORD);
    let token = server.token("root", &["all"]).await;
    root.get("/api/v1/user").await.expect(200);

    cable.pull();
    let start = Instant::now();
    token.get("/api/v1/user").await.expect(503);
    root.get("/api/v1/user").await.expect(503);
    assert_eq!(server.anonymous().get("/api/healthz").await.status, 503);
    server.anonymous().get("/api/v1/version").await.expect(200);
    assert!(start.elapsed() < Duration::from_secs(30), "nobody waits for long: {:?}", start.elapsed());

    cable.plug();
    let deadline = Instant::now() + Duration::from_secs(20);
    while !token.get("/api/v1/user").await.status.is_success() {
        assert!(Instant::now() < deadline, "it recovers");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    for _ in 0..10 {
        root.get("/api/v1/user").await.expect(200);
        token.get("/api/v1/user").await.expect(200);
    }
    drop(server);
    database.remove().await;
}

#[tokio::test]
async fn postgres_goes_and_comes_back() {
    if let Some(database) = TestDatabase::postgres().await {
        survives(database).await;
    }
}

#[tokio::test]
async fn mariadb_goes_and_comes_back() {
    if let Some(database) = TestDatabase::mariadb().await {
        survives(database).await;
    }
}
