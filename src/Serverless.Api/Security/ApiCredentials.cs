using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Serverless.Core.Validation;

namespace Serverless.Api.Security;

/// <summary>
/// What a request must show: a user with a password (Basic, as Prefect's clients send it when <c>PREFECT_API_AUTH_STRING</c> is set), or an
/// API key (Bearer, as they send <c>PREFECT_API_KEY</c>). Of the secrets only digests are kept, under a key of this process, and all
/// digests are equally long: how long a comparison takes says nothing about a secret, not even its length.
/// </summary>
public sealed class ApiCredentials
{
    /// <summary>The setting with user and password, as <c>user:password</c>. A file can hold them instead: the same name and
    /// <see cref="SecretSetting.FileSuffix"/>.</summary>
    public const string AuthSetting = "ApiAuth";

    /// <summary>The setting with the API key; as above.</summary>
    public const string KeySetting = "ApiKey";

    private readonly byte[] _digestKey = RandomNumberGenerator.GetBytes(HMACSHA256.HashSizeInBytes);
    private readonly byte[]? _auth;
    private readonly byte[]? _key;

    /// <summary>Takes the secrets.</summary>
    /// <param name="auth">User and password, joined by a colon; null for none.</param>
    /// <param name="key">The API key; null for none.</param>
    /// <exception cref="SettingException">One of them cannot be sent in a header; the message does not repeat it.</exception>
    public ApiCredentials(string? auth, string? key)
    {
        if (auth is not null && (auth.IndexOf(':') is < 1 || auth.EndsWith(':') || auth.Any(char.IsControl)))
        {
            throw new SettingException(
                $"{AuthSetting} must have the form user:password, without line breaks and other control characters."
            );
        }

        if (key is not null && !key.All(letter => letter is > ' ' and <= '~'))
        {
            throw new SettingException($"{KeySetting} must consist of letters, digits and signs of ASCII, without spaces.");
        }

        _auth = auth is null ? null : Digest(Encoding.UTF8.GetBytes(auth));
        _key = key is null ? null : Digest(Encoding.UTF8.GetBytes(key));
    }

    /// <summary>For a host that asks nobody who he is.</summary>
    public static ApiCredentials None { get; } = new(null, null);

    /// <summary>Whether a request must show anything.</summary>
    public bool AreRequired => HasAuth || HasKey;

    /// <summary>Whether a user and a password are accepted.</summary>
    public bool HasAuth => _auth is not null;

    /// <summary>Whether an API key is accepted.</summary>
    public bool HasKey => _key is not null;

    /// <summary>Reads the secrets from the settings, or from the files that the settings name.</summary>
    /// <param name="settings">The app's settings.</param>
    /// <exception cref="SettingException">One cannot be read or used; the message does not repeat it.</exception>
    public static ApiCredentials Read(IConfiguration settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new ApiCredentials(SecretSetting.Read(settings, AuthSetting), SecretSetting.Read(settings, KeySetting));
    }

    /// <summary>Whether the headers of a request have a secret in them.</summary>
    internal bool AreIn(IHeaderDictionary headers)
    {
        // Which of two headers a proxy has looked at, nobody knows.
        if (headers.Authorization is not [{ } value])
        {
            return false;
        }

        var header = value.AsSpan();
        var space = header.IndexOf(' ');
        if (space < 0)
        {
            return false;
        }

        var shown = header[(space + 1)..].Trim(' ');
        if (header[..space].Equals("Basic", StringComparison.OrdinalIgnoreCase))
        {
            var decoded = new byte[shown.Length];
            return Convert.TryFromBase64Chars(shown, decoded, out var length) && IsSame(decoded.AsSpan(0, length), _auth);
        }

        return header[..space].Equals("Bearer", StringComparison.OrdinalIgnoreCase) && IsSame(Bytes(shown), _key);
    }

    /// <summary>Whether the token of a websocket's first message is one of the secrets: Prefect's clients send either as it is.</summary>
    internal bool AreToken(string token)
    {
        var shown = Bytes(token);
        return IsSame(shown, _auth) | IsSame(shown, _key);
    }

    private static byte[] Bytes(ReadOnlySpan<char> text)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(text)];
        Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }

    private bool IsSame(ReadOnlySpan<byte> shown, byte[]? secret) =>
        CryptographicOperations.FixedTimeEquals(Digest(shown), secret ?? _digestKey) & (secret is not null);

    private byte[] Digest(ReadOnlySpan<byte> secret) => HMACSHA256.HashData(_digestKey, secret);
}
