//! Writing a file that holds secrets: all of it or nothing, and readable only by its owner.

use std::io::{self, Write as _};
use std::path::Path;

use oolong_core::Rng;

/// Replaces the content of a file, whose mode becomes 0600. A symbolic link stays one.
pub(crate) fn replace(file: &Path, content: &str) -> io::Result<()> {
    let file = &file.canonicalize().unwrap_or_else(|_| file.to_owned());
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let temporary = folder.join(format!(".{name}.{}", Rng::System.alphanumeric(8)));
    let written = create(&temporary, content).and_then(|()| std::fs::rename(&temporary, file));
    let Err(error) = written else { return Ok(()) };
    let _ = std::fs::remove_file(&temporary);
    // A file mounted on its own into a container, or one in a folder that belongs to somebody else, can only be
    // written in place.
    let in_place = matches!(error.kind(), io::ErrorKind::ResourceBusy | io::ErrorKind::PermissionDenied)
        && file.is_file();
    if !in_place {
        return Err(error);
    }
    std::fs::write(file, content)?;
    restrict(file)
}

fn create(file: &Path, content: &str) -> io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut opened = options.open(file)?;
    opened.write_all(content.as_bytes())?;
    opened.sync_all()
}

#[cfg(unix)]
fn restrict(file: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600))
}

#[cfg(not(unix))]
fn restrict(_: &Path) -> io::Result<()> {
    Ok(())
}
