using System.Reflection;

namespace Serverless.Server.Settings;

/// <inheritdoc/>
internal sealed class SettingValues<T>(T options) : ISettingValues
    where T : class
{
    private const string Hidden = "********";

    public IEnumerable<KeyValuePair<string, object?>> Read() =>
        from property in typeof(T).GetProperties()
        let setting = property.GetCustomAttribute<SettingAttribute>()
        where setting is not null
        select new KeyValuePair<string, object?>(setting.Name, Shown(property.GetValue(options)));

    // Numbers and flags tell no secrets.
    private static object? Shown(object? value) => value is null or bool or int or long or double ? value : Hidden;
}
