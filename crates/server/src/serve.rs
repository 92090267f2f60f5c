//! Listening, and stopping without losing what runs.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::ServiceExt;
use axum::extract::Request;
use axum::serve::ListenerExt;
use oolong_config::Settings;
use oolong_core::{Clock, Error, Result, Rng};
use oolong_forge::Forge;
use oolong_http::App;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tower::ServiceBuilder;

use crate::compose;

/// Serves until SIGTERM or SIGINT; then stops accepting, lets requests finish, and closes the database.
pub async fn serve(settings: Arc<Settings>) -> Result<()> {
    let address = format!("{}:{}", settings.server.http_addr, settings.server.http_port);
    let forge = Forge::open(Arc::clone(&settings), Clock::System, Rng::System).await?;
    let app = App::new(forge)?;
    let listener = TcpListener::bind(&address)
        .await
        .map_err(|error| Error::invalid(format!("[server] HTTP_ADDR, HTTP_PORT: cannot listen on {address}: {error}")))?;
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY could not be set");
        }
    });
    tracing::info!(%address, url = settings.server.root_url, "listening");
    let service = ServiceBuilder::new().map_request(compose::tidy_path).service(compose::router(app.clone()));
    let make = ServiceExt::<Request>::into_make_service_with_connect_info::<SocketAddr>(service);
    notify(&[sd_notify::NotifyState::Ready]);
    let stop = stop_signal()?;
    let (stopping, mut stopped) = tokio::sync::watch::channel(false);
    let server = axum::serve(listener, make).with_graceful_shutdown(async move {
        stop.await;
        tracing::info!("stopping: no new connections, running requests may finish");
        notify(&[sd_notify::NotifyState::Stopping]);
        let _ = stopping.send(true);
    });
    let hammer = async {
        // Whoever is not done by then is cut off.
        let _ = stopped.wait_for(|&stopping| stopping).await;
        tokio::time::sleep(settings.server.graceful_hammer_time.max(Duration::from_secs(1))).await;
    };
    tokio::select! {
        result = server => result.map_err(Error::internal)?,
        () = hammer => tracing::warn!("requests were cut off at the end of GRACEFUL_HAMMER_TIME"),
    }
    app.forge.db.clone().close().await
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
