//! Serving, and stopping without losing what runs.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::ServiceExt;
use axum::extract::Request;
use axum::serve::ListenerExt;
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use oolong_config::{Protocol, Settings};
use oolong_core::{Clock, Error, Result, Rng};
use oolong_forge::Forge;
use oolong_http::App;
use tokio::signal::unix::{SignalKind, signal};
use tower::ServiceBuilder;

use crate::{compose, listen};

/// Serves until SIGTERM or SIGINT; then stops accepting, lets requests finish, and closes the database.
pub async fn serve(settings: Arc<Settings>) -> Result<()> {
    let told = stop_signal()?;
    let forge = Forge::open(Arc::clone(&settings), Clock::System, Rng::System).await?;
    oolong_forge::push_journal::reconcile(&forge).await?;
    let app = App::new(forge)?;
    let (stopping, mut stopped) = tokio::sync::watch::channel(false);
    let stop = async move {
        told.await;
        tracing::info!("stopping: no new connections, running requests may finish");
        notify(&[sd_notify::NotifyState::Stopping]);
        let _ = stopping.send(true);
    };
    let serving = listen(&app, stop).await?;
    let server = &settings.server;
    tracing::info!(address = server.http_addr, port = server.http_port, url = server.root_url, "listening");
    notify(&[sd_notify::NotifyState::Ready]);
    let hammer = async {
        // Whoever is not done by then is cut off.
        let _ = stopped.wait_for(|&stopping| stopping).await;
        tokio::time::sleep(server.graceful_hammer_time.max(Duration::from_secs(1))).await;
    };
    tokio::select! {
        result = serving => result.map_err(Error::internal)?,
        () = hammer => tracing::warn!("requests were cut off at the end of GRACEFUL_HAMMER_TIME"),
    }
    if server.protocol.is_unix() {
        // Nobody is behind the socket any more; a failure only leaves a file that the next start replaces.
        let _ = std::fs::remove_file(&server.http_addr);
    }
    app.forge.db.clone().close().await
}

/// Listens as `PROTOCOL` says. What comes back serves until `stop` ends and the last request is answered.
async fn listen(
    app: &App,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<BoxFuture<'static, std::io::Result<()>>> {
    let server = &app.forge.settings.server;
    let service = ServiceBuilder::new().map_request(compose::tidy_path).service(compose::router(app.clone()));
    Ok(match server.protocol {
        Protocol::Https => {
            let listener = listen::tls(server).await?;
            let service = ServiceBuilder::new().map_request(listen::name_tls_peer).service(service);
            let make = ServiceExt::<Request>::into_make_service_with_connect_info::<listen::TlsPeer>(service);
            axum::serve(listener, make).with_graceful_shutdown(stop).into_future().boxed()
        }
        Protocol::HttpUnix | Protocol::Unix => {
            let listener = listen::unix(Path::new(&server.http_addr), server.unix_socket_permission).await?;
            let make = ServiceExt::<Request>::into_make_service(service);
            axum::serve(listener, make).with_graceful_shutdown(stop).into_future().boxed()
        }
        // FastCGI is refused when the configuration is read.
        Protocol::Http | Protocol::Fcgi | Protocol::FcgiUnix => {
            let listener = listen::tcp(server).await?.tap_io(|stream| {
                if let Err(error) = stream.set_nodelay(true) {
                    tracing::debug!(%error, "TCP_NODELAY could not be set");
                }
            });
            let make = ServiceExt::<Request>::into_make_service_with_connect_info::<SocketAddr>(service);
            axum::serve(listener, make).with_graceful_shutdown(stop).into_future().boxed()
        }
    })
}

fn notify(state: &[sd_notify::NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(state) {
        tracing::debug!(%error, "systemd was not told");
    }
}

fn stop_signal() -> Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate()).map_err(Error::internal)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(Error::internal)?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
