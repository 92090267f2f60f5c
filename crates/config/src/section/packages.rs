//! `[packages]`.

use super::storage::Storage;
use crate::schema::section;

section! {
    /// The package registry; it also takes the keys of [storage]. A limit of -1 means none, 0 allows nothing.
    pub struct Packages in "packages" {
        /// Whether there is a registry.
        enabled: bool = "true",
        /// How many packages an owner may have.
        limit_total_owner_count: i64 = "-1",
        /// How much all packages of an owner may take.
        limit_total_owner_size: i64 = "-1" via size,
        /// The largest Alpine package.
        limit_size_alpine: i64 = "-1" via size,
        /// The largest Arch package.
        limit_size_arch: i64 = "-1" via size,
        /// The largest Cargo package.
        limit_size_cargo: i64 = "-1" via size,
        /// The largest Chef package.
        limit_size_chef: i64 = "-1" via size,
        /// The largest Composer package.
        limit_size_composer: i64 = "-1" via size,
        /// The largest Conan package.
        limit_size_conan: i64 = "-1" via size,
        /// The largest Conda package.
        limit_size_conda: i64 = "-1" via size,
        /// The largest container blob.
        limit_size_container: i64 = "-1" via size,
        /// The largest CRAN package.
        limit_size_cran: i64 = "-1" via size,
        /// The largest Debian package.
        limit_size_debian: i64 = "-1" via size,
        /// The largest generic package.
        limit_size_generic: i64 = "-1" via size,
        /// The largest Go module.
        limit_size_go: i64 = "-1" via size,
        /// The largest Helm chart.
        limit_size_helm: i64 = "-1" via size,
        /// The largest Maven artifact.
        limit_size_maven: i64 = "-1" via size,
        /// The largest npm package.
        limit_size_npm: i64 = "-1" via size,
        /// The largest NuGet package.
        limit_size_nuget: i64 = "-1" via size,
        /// The largest Pub package.
        limit_size_pub: i64 = "-1" via size,
        /// The largest PyPI package.
        limit_size_pypi: i64 = "-1" via size,
        /// The largest RPM package.
        limit_size_rpm: i64 = "-1" via size,
        /// The largest gem.
        limit_size_rubygems: i64 = "-1" via size,
        /// The largest Swift package.
        limit_size_swift: i64 = "-1" via size,
        /// The largest Terraform state.
        limit_size_terraform_state: i64 = "-1" via size,
        /// The largest Vagrant box.
        limit_size_vagrant: i64 = "-1" via size,
        /// Whether RPM packages are signed from the start.
        default_rpm_sign_enabled: bool = "false",
    }
    computed {
        /// Where the files are kept.
        storage: Storage,
    }
}
