namespace Serverless.Server.Runs;

/// <summary>How many runs may wait to be started.</summary>
/// <param name="MaxWaiting">The most; beyond it no run is created.</param>
public sealed record RunAdmissionOptions(int MaxWaiting)
{
    /// <summary>The setting of the app that has <see cref="MaxWaiting"/>.</summary>
    public const string Setting = "MaxWaitingRuns";

    /// <summary>The bound unless the setting says otherwise.</summary>
    public const int DefaultMaxWaiting = 20_000;

    /// <summary>The bound that a setting asks for.</summary>
    /// <param name="setting">The setting's text; null for the default.</param>
    /// <exception cref="SettingException">It is not a number above 0.</exception>
    public static RunAdmissionOptions Parse(string? setting) =>
        new(
            setting is null ? DefaultMaxWaiting
            : int.TryParse(setting, out var given) && given > 0 ? given
            : throw new SettingException($"The setting {Setting} is a number of runs above 0, not '{setting}'.")
        );
}
