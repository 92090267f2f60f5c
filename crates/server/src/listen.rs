//! What the server listens on: a TCP port, a TCP port with TLS, or a unix socket.

use std::io;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ConnectInfo;
use axum::extract::Request;
use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use oolong_config::Server;
use oolong_core::{Error, Result};
use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::server::TlsStream;

/// How long a client may take to agree on TLS.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);
/// How many connections may wait for being served.
const BACKLOG: usize = 128;

/// Listens on `HTTP_ADDR` and `HTTP_PORT`.
pub(crate) async fn tcp(server: &Server) -> Result<TcpListener> {
    let address = match server.http_addr.as_str() {
        // An IPv6 address needs its brackets before a port.
        address if address.contains(':') && !address.starts_with('[') => {
            format!("[{address}]:{}", server.http_port)
        }
        address => format!("{address}:{}", server.http_port),
    };
    TcpListener::bind(&address).await.map_err(|error| {
        Error::invalid(format!("[server] HTTP_ADDR, HTTP_PORT: cannot listen on {address}: {error}"))
    })
}

/// Listens on a unix socket. One that a crash left behind is replaced; one that somebody serves is not.
pub(crate) async fn unix(path: &Path, permission: u32) -> Result<UnixListener> {
    let refused = |error: io::Error| {
        Error::invalid(format!("[server] HTTP_ADDR: cannot listen on {}: {error}", path.display()))
    };
    if path.exists() {
        if UnixStream::connect(path).await.is_ok() {
            return Err(refused(io::ErrorKind::AddrInUse.into()));
        }
        std::fs::remove_file(path).map_err(refused)?;
    }
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(refused)?;
    }
    let listener = UnixListener::bind(path).map_err(refused)?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(permission)).map_err(refused)?;
    Ok(listener)
}

/// A TCP port with TLS. Handshakes run beside the accepting, so that a slow client delays nobody.
pub(crate) struct TlsListener {
    address: SocketAddr,
    agreed: mpsc::Receiver<(TlsStream<TcpStream>, SocketAddr)>,
}

/// Listens with TLS, by `CERT_FILE` and `KEY_FILE`.
pub(crate) async fn tls(server: &Server) -> Result<TlsListener> {
    let acceptor = TlsAcceptor::from(Arc::new(tls_config(&server.cert_file, &server.key_file)?));
    let mut listener = tcp(server).await?;
    let address = listener.local_addr().map_err(Error::internal)?;
    let (send, agreed) = mpsc::channel(BACKLOG);
    tokio::spawn(async move {
        while !send.is_closed() {
            let (stream, peer) = Listener::accept(&mut listener).await;
            let (acceptor, send) = (acceptor.clone(), send.clone());
            tokio::spawn(async move {
                // A delay of small packets would be worse than their number.
                let _ = stream.set_nodelay(true);
                match tokio::time::timeout(HANDSHAKE_TIMEOUT, acceptor.accept(stream)).await {
                    Ok(Ok(stream)) => drop(send.send((stream, peer)).await),
                    Ok(Err(error)) => tracing::debug!(%peer, %error, "no TLS with this client"),
                    Err(_) => tracing::debug!(%peer, "a client took too long to agree on TLS"),
                }
            });
        }
    });
    Ok(TlsListener { address, agreed })
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, SocketAddr) {
        match self.agreed.recv().await {
            Some(accepted) => accepted,
            // The accepting task ends only after this receiver does.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.address)
    }
}

fn tls_config(certificates: &Path, key: &Path) -> Result<ServerConfig> {
    let refused = |key: &str, path: &Path, error: &dyn std::fmt::Display| {
        Error::invalid(format!("[server] {key}: {}: {error}", path.display()))
    };
    let chain = CertificateDer::pem_file_iter(certificates)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| refused("CERT_FILE", certificates, &error))?;
    let private = PrivateKeyDer::from_pem_file(key).map_err(|error| refused("KEY_FILE", key, &error))?;
    let mut config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(chain, private)
        .map_err(|error| refused("CERT_FILE, KEY_FILE", certificates, &error))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

/// The other end of a TLS connection. (`SocketAddr` itself knows only axum's own listeners.)
#[derive(Clone, Copy, Debug)]
pub(crate) struct TlsPeer(SocketAddr);

impl Connected<IncomingStream<'_, TlsListener>> for TlsPeer {
    fn connect_info(stream: IncomingStream<'_, TlsListener>) -> Self {
        Self(*stream.remote_addr())
    }
}

/// Says who the peer is in the form in which every other listener says it.
pub(crate) fn name_tls_peer(mut request: Request) -> Request {
    if let Some(ConnectInfo(TlsPeer(peer))) = request.extensions_mut().remove::<ConnectInfo<TlsPeer>>() {
        request.extensions_mut().insert(ConnectInfo(peer));
    }
    request
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_socket_that_is_left_behind_is_replaced_and_a_served_one_is_not() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("run/socket");
        let first = unix(&path, 0o600).await.expect("a new socket");
        assert_eq!(std::fs::metadata(&path).expect("is there").permissions().mode() & 0o777, 0o600);
        assert!(unix(&path, 0o600).await.is_err(), "it is served");
        drop(first);
        unix(&path, 0o660).await.expect("nobody serves it any more");
    }

    #[test]
    fn a_missing_certificate_is_named() {
        let error =
            tls_config(Path::new("/nowhere.pem"), Path::new("/nowhere.key")).expect_err("there is none");
        assert!(error.message().contains("CERT_FILE: /nowhere.pem"), "{error}");
    }
}
