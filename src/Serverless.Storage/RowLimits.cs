namespace Serverless.Storage;

/// <summary>The limits that every row store keeps, so that what one accepts the other accepts.</summary>
internal static class RowLimits
{
    public const int MaxOperations = 100;
    public const int MaxPageRows = 1000;

    /// <summary>Throws when a commit is not one that a store takes.</summary>
    public static void Validate(RowCommit commit)
    {
        ArgumentNullException.ThrowIfNull(commit);
        IReadOnlyList<RowOperation> operations = commit.Operations;
        if (operations.Count is 0 or > MaxOperations)
        {
            throw new ArgumentException($"A commit takes 1 to {MaxOperations} operations, not {operations.Count}.", nameof(commit));
        }

        for (int i = 0; i < operations.Count; i++)
        {
            for (int j = 0; j < i; j++)
            {
                if (operations[j].Address.RowKey == operations[i].Address.RowKey)
                {
                    throw new ArgumentException($"The commit writes '{operations[i].Address}' twice.", nameof(commit));
                }
            }
        }

        ValidateTable(operations[0].Address.Table);
        foreach (RowOperation derived in commit.Derived)
        {
            ValidateTable(derived.Address.Table);
        }
    }

    /// <summary>Throws unless the name is a letter and 2 to 62 letters and digits: a table name of Azure Tables.</summary>
    public static void ValidateTable(string table)
    {
        ArgumentNullException.ThrowIfNull(table);
        bool valid = table.Length is >= 3 and <= 63 && char.IsAsciiLetter(table[0]);
        foreach (char c in table)
        {
            valid &= char.IsAsciiLetterOrDigit(c);
        }

        if (!valid)
        {
            throw new ArgumentException($"'{table}' is not a table name: a letter and 2 to 62 letters or digits.", nameof(table));
        }
    }

    /// <summary>Throws unless a page of that many rows can be asked for.</summary>
    public static void ValidateLimit(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxPageRows);
    }
}
