//! The file that says under which process id the server runs.

use std::path::PathBuf;

use oolong_core::{Error, Result};

/// The file; dropping it removes it.
pub(crate) struct PidFile(PathBuf);

impl PidFile {
    /// Writes the file, and its folder if that is missing.
    pub(crate) fn write(path: PathBuf) -> Result<Self> {
        let written = path
            .parent()
            .map_or(Ok(()), std::fs::create_dir_all)
            .and_then(|()| std::fs::write(&path, std::process::id().to_string()));
        written.map_err(|error| {
            Error::invalid(format!("the process id cannot be written to {}: {error}", path.display()))
        })?;
        Ok(Self(path))
    }
}

impl Drop for PidFile {
    fn drop(&mut self) {
        // A file that was taken away already is as good as removed.
        let _ = std::fs::remove_file(&self.0);
    }
}
