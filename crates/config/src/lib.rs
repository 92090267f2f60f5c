//! Settings of a site: Gitea's `app.ini` dialect, one typed struct for each section, overrides from the environment,
//! secrets, and the sample file.
//!
//! Settings are read once at the start and passed down. What does not belong here: a global, a default of anything
//! that is stored in the database, and anything that acts on a setting.

pub mod edit;
pub mod env;
mod error;
pub mod generate;
pub mod ini;
mod known;
mod load;
mod sample;
mod schema;
mod section;
mod settings;
pub mod value;
mod write;

pub use error::{ConfigError, Problem};
pub use load::{LoadOptions, Paths, Surroundings, load, load_in, locate};
pub use oolong_core::Secret;
pub use sample::sample;
pub use section::*;
pub use settings::Settings;
