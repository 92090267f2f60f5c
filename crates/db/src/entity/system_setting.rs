//! A setting that administrators change at run time.

table! {
    /// A setting that administrators change at run time.
    "system_setting" key(Id): i64, auto_increment = true;
    Id id: i64 = "id",
    SettingKey setting_key: String = "setting_key",
    SettingValue setting_value: String = "setting_value",
    Version version: i32 = "version",
    Created created: i64 = "created",
    Updated updated: i64 = "updated",
}
