//! `admin user list`.

use clap::Args;
use oolong_core::Result;
use oolong_db::entity::user;
use oolong_db::{second_factors, users};

use crate::command::flag::boolean;
use crate::command::global::Global;
use crate::command::output::{say, table};

#[derive(Debug, Args)]
pub(super) struct List {
    /// Only site administrators.
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", default_value = "false", value_parser = boolean)]
    admin: bool,
}

impl List {
    pub(super) fn run(self, global: &Global) -> Result<()> {
        global.with_forge(async |forge| {
            let people = users::list_people(forge.db.read(), self.admin).await?;
            let rows = if self.admin {
                administrators(&people)
            } else {
                let enrolled = second_factors::list_enrolled(forge.db.read()).await?;
                everybody(&people, |user| enrolled.contains(&user.id))
            };
            say(&table(&rows));
            Ok(())
        })
    }
}

fn row<const N: usize>(cells: [&dyn ToString; N]) -> Vec<String> {
    cells.iter().map(|cell| cell.to_string()).collect()
}

fn administrators(people: &[user::Model]) -> Vec<Vec<String>> {
    let head = row([&"ID", &"Username", &"Email", &"IsActive"]);
    let rows = people.iter().map(|user| row([&user.id, &user.name, &user.email, &user.is_active]));
    std::iter::once(head).chain(rows).collect()
}

fn everybody(people: &[user::Model], has_second_factor: impl Fn(&user::Model) -> bool) -> Vec<Vec<String>> {
    let head = row([&"ID", &"Username", &"Email", &"IsActive", &"IsAdmin", &"2FA"]);
    let rows = people.iter().map(|user| {
        row([&user.id, &user.name, &user.email, &user.is_active, &user.is_admin, &has_second_factor(user)])
    });
    std::iter::once(head).chain(rows).collect()
}
