//! A team of an organisation.

table! {
    /// A team of an organisation.
    "team" key(Id): i64, auto_increment = true;
    Id id: i64 = "id",
    OrgId org_id: i64 = "org_id",
    LowerName lower_name: String = "lower_name",
    Name name: String = "name",
    Description description: String = "description",
    Authorize authorize: i32 = "authorize",
    NumRepos num_repos: i32 = "num_repos",
    NumMembers num_members: i32 = "num_members",
    IncludesAllRepositories includes_all_repositories: bool = "includes_all_repositories",
    CanCreateOrgRepo can_create_org_repo: bool = "can_create_org_repo",
    Visibility visibility: i32 = "visibility",
}
