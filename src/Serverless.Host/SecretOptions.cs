using System.CommandLine;
using Serverless.Api.Security;

namespace Serverless.Host;

/// <summary>The options that say what requests must show. On the command line other users of the machine can read a secret; hence the files
/// and the settings.</summary>
internal sealed class SecretOptions
{
    private readonly Option<string?> _auth = new("--auth")
    {
        Description =
            $"User and password (user:password) that requests must show; better in a file, or {ApiCredentials.AuthSetting} in the "
            + "environment",
    };

    private readonly Option<string?> _authFile = new("--auth-file") { Description = "A file that holds user and password" };

    private readonly Option<string?> _key = new("--api-key")
    {
        Description = $"API key that requests may show instead; better in a file, or {ApiCredentials.KeySetting} in the environment",
    };

    private readonly Option<string?> _keyFile = new("--api-key-file") { Description = "A file that holds the API key" };

    /// <summary>Adds the options, and the checks of what goes together.</summary>
    public void AddTo(RootCommand command)
    {
        foreach ((var text, var file) in Pairs())
        {
            command.Add(text);
            command.Add(file);
            command.Validators.Add(result =>
            {
                if (result.GetResult(text) is not null && result.GetResult(file) is not null)
                {
                    result.AddError($"{text.Name} cannot be used with {file.Name}.");
                }

                foreach (var option in new[] { text, file })
                {
                    if (result.GetResult(option) is not null && string.IsNullOrWhiteSpace(result.GetValue(option)))
                    {
                        result.AddError($"{option.Name} needs a value.");
                    }
                }
            });
        }
    }

    /// <summary>What the command line says, as settings; of what it says, the environment says nothing any more.</summary>
    public IReadOnlyDictionary<string, string?> Settings(ParseResult parsed)
    {
        Dictionary<string, string?> settings = [];
        Add(ApiCredentials.AuthSetting, parsed.GetValue(_auth), parsed.GetValue(_authFile));
        Add(ApiCredentials.KeySetting, parsed.GetValue(_key), parsed.GetValue(_keyFile));
        return settings;

        void Add(string name, string? text, string? file)
        {
            if (text is not null || file is not null)
            {
                settings[name] = text;
                settings[name + SecretSetting.FileSuffix] = file;
            }
        }
    }

    private IEnumerable<(Option<string?> Text, Option<string?> File)> Pairs() => [(_auth, _authFile), (_key, _keyFile)];
}
