namespace Serverless.Server.Settings;

/// <summary>The settings that one class of options takes, with their values, for people who look at the app.</summary>
internal interface ISettingValues
{
    /// <summary>The settings by name. The value of a text may be a secret, and is not shown: it is a row of asterisks.</summary>
    IEnumerable<KeyValuePair<string, object?>> Read();
}
