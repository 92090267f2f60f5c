//! Teams in protection rules: the lists of team ids that Gitea keeps as JSON in `protected_branch`.

use oolong_core::{OrgId, Result, TeamId};
use oolong_db::Classify as _;
use oolong_db::entity::{protected_branch, protected_tag, repository};
use oolong_db::sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _, QuerySelect as _,
    QueryTrait as _, Set,
};

/// Takes a team that goes away out of every rule of its organisation's repositories.
pub async fn remove(connection: &impl ConnectionTrait, org: OrgId, team: TeamId) -> Result<()> {
    remove_from_branches(connection, org, team).await?;
    remove_from_tags(connection, org, team).await
}

fn repos_of(org: OrgId) -> oolong_db::sea_orm::sea_query::SelectStatement {
    repository::Entity::find()
        .select_only()
        .column(repository::Column::Id)
        .filter(repository::Column::OwnerId.eq(org.0))
        .into_query()
}

async fn remove_from_branches(connection: &impl ConnectionTrait, org: OrgId, team: TeamId) -> Result<()> {
    use protected_branch::Column;
    let id = team.0.to_string();
    let lists = [
        Column::WhitelistTeamIDs,
        Column::MergeWhitelistTeamIDs,
        Column::BypassAllowlistTeamIDs,
        Column::ForcePushAllowlistTeamIDs,
        Column::ApprovalsWhitelistTeamIDs,
    ];
    let mentioned = lists.iter().fold(Condition::any(), |any, list| any.add(list.contains(&id)));
    let rules = protected_branch::Entity::find()
        .filter(Column::RepoId.in_subquery(repos_of(org)))
        .filter(mentioned)
        .all(connection)
        .await
        .classify()?;
    for rule in rules {
        let row = protected_branch::ActiveModel {
            id: Set(rule.id),
            whitelist_team_i_ds: Set(without(&rule.whitelist_team_i_ds, team)),
            merge_whitelist_team_i_ds: Set(without(&rule.merge_whitelist_team_i_ds, team)),
            bypass_allowlist_team_i_ds: Set(without(&rule.bypass_allowlist_team_i_ds, team)),
            force_push_allowlist_team_i_ds: Set(without(&rule.force_push_allowlist_team_i_ds, team)),
            approvals_whitelist_team_i_ds: Set(without(&rule.approvals_whitelist_team_i_ds, team)),
            ..Default::default()
        };
        protected_branch::Entity::update(row).exec(connection).await.classify()?;
    }
    Ok(())
}

async fn remove_from_tags(connection: &impl ConnectionTrait, org: OrgId, team: TeamId) -> Result<()> {
    use protected_tag::Column;
    let rules = protected_tag::Entity::find()
        .filter(Column::RepoId.in_subquery(repos_of(org)))
        .filter(Column::AllowlistTeamIDs.contains(team.0.to_string()))
        .all(connection)
        .await
        .classify()?;
    for rule in rules {
        let teams = without(&rule.allowlist_team_i_ds, team);
        let row = protected_tag::ActiveModel {
            id: Set(rule.id),
            allowlist_team_i_ds: Set(teams),
            ..Default::default()
        };
        protected_tag::Entity::update(row).exec(connection).await.classify()?;
    }
    Ok(())
}

/// A JSON list of ids without one of them; what is no such list stays as it is.
fn without(list: &str, team: TeamId) -> String {
    match serde_json::from_str::<Option<Vec<i64>>>(list) {
        Ok(Some(ids)) if ids.contains(&team.0) => {
            let rest: Vec<i64> = ids.into_iter().filter(|&id| id != team.0).collect();
            serde_json::to_string(&rest).unwrap_or_else(|_| list.to_owned())
        }
        _ => list.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_one_id_out() {
        for (list, rest) in
            [("[1,2,3]", "[1,3]"), ("[2]", "[]"), ("[12]", "[12]"), ("null", "null"), ("", ""), ("x2", "x2")]
        {
            assert_eq!(without(list, TeamId(2)), rest, "{list}");
        }
    }
}
