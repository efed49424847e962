using System.Buffers;

namespace Serverless.Storage.Azure.Entities;

/// <summary>What values count against the service's limits (Understanding the Table service data model).</summary>
internal static class ValueSize
{
    /// <summary>Most bytes of a property.</summary>
    public const int MaxProperty = 64 * 1024;

    /// <summary>Most bytes of an entity that the store writes; the service takes 1 MiB.</summary>
    public const int MaxEntity = 960 * 1024;

    /// <summary>Most bytes of a transaction's body that the store sends; the service takes 4 MiB.</summary>
    public const int MaxTransaction = 3584 * 1024;

    /// <summary>What an entity costs at most on the wire besides its keys and properties.</summary>
    public const int Envelope = 700;

    /// <summary>Of a reference to a spilled value, with some room.</summary>
    public const int Reference = 120;

    /// <summary>What JSON writers leave as it is; everything else may become six characters.</summary>
    private static readonly SearchValues<char> Unescaped = SearchValues.Create(
        " !#$%()*,-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_abcdefghijklmnopqrstuvwxyz{|}~"
    );

    /// <summary>Bytes within the entity.</summary>
    public static int Stored(string name, object value) =>
        8
        + (2 * name.Length)
        + value switch
        {
            string text => 4 + (2 * text.Length),
            byte[] bytes => 4 + bytes.Length,
            bool => 1,
            int => 4,
            Guid => 16,
            _ => 8,
        };

    /// <summary>Most bytes on the wire.</summary>
    public static int Sent(string name, object value) =>
        (2 * name.Length)
        + 60
        + value switch
        {
            string text => Escaped(text),
            byte[] bytes => (bytes.Length + 2) / 3 * 4,
            _ => 40,
        };

    /// <summary>True for what cannot be a property of its own.</summary>
    public static bool ExceedsProperty(object value) =>
        value switch
        {
            string text => text.Length > MaxProperty / 2,
            byte[] bytes => bytes.Length > MaxProperty,
            _ => false,
        };

    private static int Escaped(string text)
    {
        var special = 0;
        ReadOnlySpan<char> rest = text;
        while (rest.IndexOfAnyExcept(Unescaped) is >= 0 and int at)
        {
            special++;
            rest = rest[(at + 1)..];
        }

        return text.Length + (5 * special);
    }
}
