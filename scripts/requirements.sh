# Sourced by the other scripts: what a machine needs, and getting it where that is possible.
# shellcheck shell=bash

say() { printf '\033[1m==> %s\033[0m\n' "$*"; }
complain() { printf '%s\n' "$*" >&2; }

# Whether Debian packages can be installed without asking anybody.
can_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

# install_packages PACKAGE…: installs Debian packages; fails where that is not possible.
install_packages() {
    can_install || return 1
    say "installing $*"
    # A package list from the day the machine was made names files that are gone.
    if ! DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" </dev/null; then
        apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" </dev/null
    fi
}

# at_least VERSION MINIMUM
at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

# The C compiler, git and Rust. Says everything that is missing at once.
require_build_tools() {
    local missing=() packages=()
    # Where rustup puts Rust; a shell that was open before does not look there yet.
    [ -d "$HOME/.cargo/bin" ] && PATH="$PATH:$HOME/.cargo/bin"
    if ! command -v cc >/dev/null; then
        packages+=(gcc libc6-dev)
        missing+=("a C compiler: Debian and Ubuntu: apt-get install gcc libc6-dev; Fedora: dnf install gcc; macOS: xcode-select --install")
    fi
    if ! command -v git >/dev/null; then
        packages+=(git)
        missing+=("git 2.13 or newer: apt-get install git, dnf install git, or https://git-scm.com/downloads")
    fi
    if [ "${#packages[@]}" -gt 0 ] && install_packages "${packages[@]}"; then
        missing=()
    fi
    if command -v git >/dev/null && ! at_least "$(git version | awk '{print $3}')" 2.13; then
        missing+=("git 2.13 or newer; here is $(git version)")
    fi
    if ! command -v cargo >/dev/null; then
        missing+=("Rust 1.95 or newer: curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh")
    else
        local rust
        rust=$(rustc --version | awk '{print $2}')
        if ! at_least "${rust%%-*}" 1.95.0; then
            missing+=("Rust 1.95 or newer; here is $rust: rustup update stable, or see https://rustup.rs")
        fi
    fi
    if [ "${#missing[@]}" -gt 0 ]; then
        complain "This machine lacks what Oolong is built with:"
        printf '  - %s\n' "${missing[@]}" >&2
        return 1
    fi
}

# Where cargo builds.
target_folder() { printf '%s\n' "${CARGO_TARGET_DIR:-$PWD/target}"; }
