namespace Serverless.Server.Settings;

/// <summary>A property of an options class that a setting of the app sets.</summary>
/// <param name="name">The setting's name, in the environment or among the app settings.</param>
/// <param name="takes">What the setting takes, as the end of the sentence "The setting takes …".</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SettingAttribute(string name, string takes) : Attribute
{
    /// <summary>The setting's name.</summary>
    public string Name => name;

    /// <summary>One line for the operator about a value that the setting cannot have.</summary>
    public string Refuse(object? value) => FormattableString.Invariant($"The setting '{name}' takes {takes}, not '{value}'.");
}
