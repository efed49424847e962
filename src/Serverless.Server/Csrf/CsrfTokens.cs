using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Serverless.Core.Ids;
using Serverless.Core.Models;
using Serverless.Storage;

namespace Serverless.Server.Csrf;

/// <summary>
/// Makes tokens and knows them again. A token is its expiry and a MAC of that and of the client's name, so that nothing is written for it:
/// whoever asks for tokens under many names fills no table. The key of the MAC is a row, made once, which all instances of the app share.
/// </summary>
internal sealed class CsrfTokens(IRowStore store, TimeProvider time)
{
    public const string Table = "csrf";

    private const string KeyProperty = "key";
    private const int ExpiryBytes = sizeof(long);
    private const int TokenBytes = ExpiryBytes + HMACSHA256.HashSizeInBytes;

    private static readonly RowAddress KeyRow = new(Table, "server", "key");
    private static readonly Guid IdScope = new("5c0a3f0e-7f0b-4f57-9f0b-1f6c3d0f9a11");

    private byte[]? _key;

    /// <summary>Makes a token.</summary>
    /// <param name="client">The client's name for itself.</param>
    /// <param name="age">For how long it is valid.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<CsrfToken> IssueAsync(string client, TimeSpan age, CancellationToken cancellationToken)
    {
        var now = WireClock.Now(time);
        var expiration = now + age;
        var token = new byte[TokenBytes];
        BinaryPrimitives.WriteInt64BigEndian(token, expiration.UtcTicks);
        Mac(await KeyAsync(cancellationToken), expiration.UtcTicks, client, token.AsSpan(ExpiryBytes));
        return new CsrfToken
        {
            Id = StableIds.From(IdScope, client),
            Created = now,
            Updated = now,
            Token = Convert.ToHexStringLower(token),
            Client = client,
            Expiration = expiration,
        };
    }

    /// <summary>Whether a token was made for a client, and is valid still.</summary>
    /// <param name="client">The client's name for itself.</param>
    /// <param name="token">The token's text.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<bool> IsValidAsync(string client, string token, CancellationToken cancellationToken)
    {
        var bytes = new byte[TokenBytes];
        if (token.Length != 2 * TokenBytes || Convert.FromHexString(token, bytes, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            return false;
        }

        var expected = new byte[HMACSHA256.HashSizeInBytes];
        var expiry = BinaryPrimitives.ReadInt64BigEndian(bytes);
        Mac(await KeyAsync(cancellationToken), expiry, client, expected);
        return CryptographicOperations.FixedTimeEquals(expected, bytes.AsSpan(ExpiryBytes)) && time.GetUtcNow().UtcTicks < expiry;
    }

    private static void Mac(byte[] key, long expiry, string client, Span<byte> mac)
    {
        var message = new byte[ExpiryBytes + Encoding.UTF8.GetByteCount(client)];
        BinaryPrimitives.WriteInt64BigEndian(message, expiry);
        Encoding.UTF8.GetBytes(client, message.AsSpan(ExpiryBytes));
        HMACSHA256.HashData(key, message, mac);
    }

    /// <summary>The key; whoever needs it first makes it, and of two at once the one whose row is there.</summary>
    private async ValueTask<byte[]> KeyAsync(CancellationToken cancellationToken)
    {
        if (_key is { } known)
        {
            return known;
        }

        while (true)
        {
            if (await store.GetAsync(KeyRow, cancellationToken) is { } row)
            {
                return _key = row.Properties.GetBytes(KeyProperty);
            }

            var made = RandomNumberGenerator.GetBytes(HMACSHA256.HashSizeInBytes);
            await store.CommitAsync(
                new RowCommit().Add(RowOperation.Insert(KeyRow, new RowProperties { { KeyProperty, made } })),
                cancellationToken
            );
        }
    }
}
