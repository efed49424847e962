using System.Text;

namespace Serverless.Storage.Sqlite;

/// <summary>What was found to be damaged: each row or table is told of once, the first hundred; all are counted.</summary>
internal sealed class DamageReport(Action<string>? found)
{
    private const int MaxListed = 100;
    private const int MaxKeyLength = 200;

    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly List<string> _listed = [];
    private readonly Lock _lock = new();

    /// <summary>The first of them, a line each.</summary>
    public IReadOnlyList<string> Listed
    {
        get
        {
            lock (_lock)
            {
                return [.. _listed];
            }
        }
    }

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _known.Count;
            }
        }
    }

    /// <summary>The name of a row, in one line.</summary>
    public static string Name(string table, ReadOnlySpan<byte> partition, ReadOnlySpan<byte> row) =>
        $"table '{table}', partition '{Printable(partition)}', row '{Printable(row)}'";

    /// <summary>Reports a row.</summary>
    public void Row(string table, ReadOnlySpan<byte> partition, ReadOnlySpan<byte> row, string problem) =>
        Add($"{Name(table, partition, row)}: {problem}");

    /// <summary>Reports a table in which a read came upon a damaged page.</summary>
    public void Table(string table, string problem) => Add($"table '{table}': {problem}");

    private static string Printable(ReadOnlySpan<byte> key)
    {
        // A damaged key can be anything.
        var text = Encoding.UTF8.GetString(key[..Math.Min(key.Length, MaxKeyLength)]);
        return string.Concat(text.Select(character => char.IsControl(character) ? '\uFFFD' : character));
    }

    private void Add(string line)
    {
        lock (_lock)
        {
            if (!_known.Add(line))
            {
                return;
            }

            if (_listed.Count == MaxListed)
            {
                return;
            }

            _listed.Add(line);
        }

        found?.Invoke(line);
    }
}
