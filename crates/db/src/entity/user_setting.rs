//! A person's settings by key.

table! {
    /// A person's settings by key.
    "user_setting" key(Id): i64, auto_increment = true;
    Id id: i64 = "id",
    UserId user_id: i64 = "user_id",
    SettingKey setting_key: String = "setting_key",
    SettingValue setting_value: String = "setting_value",
}
