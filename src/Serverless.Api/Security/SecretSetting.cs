using Microsoft.Extensions.Configuration;
using Serverless.Core.Validation;

namespace Serverless.Api.Security;

/// <summary>
/// A secret among the settings: its text, or the name of a file that holds it, so that it need not stand in an environment or on a command
/// line. No error repeats it.
/// </summary>
public static class SecretSetting
{
    /// <summary>What the name of the setting with the file ends with.</summary>
    public const string FileSuffix = "File";

    private const int LongestFile = 4096;

    private const string KeyVaultReference = "@Microsoft.KeyVault(";

    /// <summary>Reads a secret; null when neither setting is there, or both are empty.</summary>
    /// <param name="settings">The app's settings.</param>
    /// <param name="name">The name of the setting.</param>
    /// <exception cref="SettingException">There is no such file, it holds nothing, or there are both settings.</exception>
    public static string? Read(IConfiguration settings, string name)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var secret = settings[name] is { Length: > 0 } given ? given : null;
        if (secret?.StartsWith(KeyVaultReference, StringComparison.OrdinalIgnoreCase) == true)
        {
            // Azure leaves the reference there when it cannot read the vault, and its text is no secret.
            throw new SettingException($"{name} refers to a Key Vault that could not be read.");
        }

        if (settings[name + FileSuffix] is not { Length: > 0 } path)
        {
            return secret;
        }

        return secret is null
            ? ReadFile(name, path)
            : throw new SettingException($"Both {name} and {name}{FileSuffix} are set: which of them counts?");
    }

    private static string ReadFile(string name, string path)
    {
        try
        {
            using var file = new StreamReader(path);
            var text = new char[LongestFile + 1];
            var length = file.ReadBlock(text, 0, text.Length);
            var secret = text.AsSpan(0, length).TrimEnd("\r\n");
            return length > LongestFile ? throw Refused($"holds more than {LongestFile} characters")
                : secret.IsEmpty ? throw Refused("is empty")
                : secret.ToString();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw Refused("cannot be read: " + error.Message);
        }

        SettingException Refused(string why) => new($"The file of {name}, '{path}', {why}");
    }
}
