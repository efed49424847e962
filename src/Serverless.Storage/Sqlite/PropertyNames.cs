using System.Text;

namespace Serverless.Storage.Sqlite;

/// <summary>
/// Gives the few names that properties have as shared strings, so that reading a row allocates none. A small
/// cache where one name may push out another; threads race on it without harm, because an entry is immutable.
/// </summary>
internal static class PropertyNames
{
    private const int Slots = 256;
    private static readonly Entry?[] Cache = new Entry?[Slots];

    public static string Get(ReadOnlySpan<byte> utf8)
    {
        var hash = 2166136261;
        foreach (var b in utf8)
        {
            hash = (hash ^ b) * 16777619;
        }

        ref var slot = ref Cache[hash % Slots];
        var entry = Volatile.Read(ref slot);
        if (entry is null || !utf8.SequenceEqual(entry.Utf8))
        {
            entry = new Entry(utf8.ToArray(), Encoding.UTF8.GetString(utf8));
            Volatile.Write(ref slot, entry);
        }

        return entry.Name;
    }

    private sealed record Entry(byte[] Utf8, string Name);
}
