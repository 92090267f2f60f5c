//! Whether an account may act at all; asked once, after a credential was accepted, for every surface.

use oolong_core::Standing;
use oolong_db::entity::user;

/// The standing of an account. A bot never signs in interactively, so it is never asked to change a password.
pub fn standing(user: &user::Model) -> Standing {
    if user.prohibit_login {
        Standing::Prohibited
    } else if !user.is_active {
        Standing::NeedsActivation
    } else if user.must_change_password && user.is_individual() {
        Standing::MustChangePassword
    } else {
        Standing::Good
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_counts() {
        let good = user::Model { is_active: true, ..Default::default() };
        assert_eq!(standing(&good), Standing::Good);
        let change = user::Model { must_change_password: true, ..good.clone() };
        assert_eq!(standing(&change), Standing::MustChangePassword);
        assert_eq!(standing(&user::Model { is_active: false, ..change.clone() }), Standing::NeedsActivation);
        assert_eq!(standing(&user::Model { prohibit_login: true, ..change }), Standing::Prohibited);
    }
}
