//! Facts about Gitea that are not part of the repository: reference schemas and a sample instance.

use std::path::{Path, PathBuf};

/// The file or folder of that name in `shared/`, looked for beside the workspace and beside the folders above it.
///
/// A checkout elsewhere does not have it: then this says so and answers `None`, and the test ends early.
pub fn shared(name: &str) -> Option<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let found = here.ancestors().map(|folder| folder.join("shared").join(name)).find(|path| path.exists());
    if found.is_none() {
        crate::notice(&format!("shared/{name} is not here, so a comparison with it is left out"));
    }
    found
}

/// Reads a text file that [`shared`] found.
///
/// # Panics
/// The file cannot be read.
pub fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
