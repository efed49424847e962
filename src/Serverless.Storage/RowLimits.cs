using Serverless.Storage.Keys;

namespace Serverless.Storage;

/// <summary>The limits that every row store keeps, so that what one accepts the other accepts.</summary>
internal static class RowLimits
{
    public const int MaxOperations = 100;
    public const int MaxPageRows = 1000;

    /// <summary>One operation less than 100: the commit's journal row is in the same transaction.</summary>
    public const int MaxOperationsWithDerived = 99;

    /// <summary>252 in Azure Tables, less what a store adds.</summary>
    public const int MaxProperties = 250;

    /// <summary>63 in Azure Tables, less room for a prefix.</summary>
    public const int MaxTableName = 40;

    /// <summary>Throws when a commit is not one that a store takes.</summary>
    public static void Validate(RowCommit commit)
    {
        ArgumentNullException.ThrowIfNull(commit);
        var operations = commit.Operations;
        var most = commit.Derived.Count == 0 ? MaxOperations : MaxOperationsWithDerived;
        if (operations.Count == 0 || operations.Count > most)
        {
            throw new ArgumentException(
                $"A commit has 1 to {MaxOperations} operations, or {MaxOperationsWithDerived} with derived rows, not {operations.Count}.",
                nameof(commit)
            );
        }

        for (var i = 0; i < operations.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (operations[j].Address.RowKey == operations[i].Address.RowKey)
                {
                    throw new ArgumentException($"The commit writes '{operations[i].Address}' twice.", nameof(commit));
                }
            }
        }

        ValidateTable(operations[0].Address.Table);
        ValidateKey(operations[0].Address.PartitionKey);
        foreach (var operation in operations)
        {
            ValidateKey(operation.Address.RowKey);
            ValidateProperties(operation.Properties);
        }

        foreach (var derived in commit.Derived)
        {
            ValidateTable(derived.Address.Table);
            ValidateKey(derived.Address.PartitionKey);
            ValidateKey(derived.Address.RowKey);
            ValidateProperties(derived.Properties);
        }
    }

    /// <summary>
    /// Throws unless a row can have the key: well-formed, and at most 512 characters where a letter or digit counts one, most ASCII
    /// punctuation two at most, a space or control character three and anything else five.
    /// </summary>
    public static void ValidateKey(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var length = OrderedKey.EncodedLength(key);
        if (length > OrderedKey.MaxLength)
        {
            throw new ArgumentException(
                $"The key '{key[..30]}…' is too long: {length} characters as stored; the limit is {OrderedKey.MaxLength}.",
                nameof(key)
            );
        }
    }

    /// <summary>
    /// Throws unless the name is a letter and 2 to 39 letters and digits: a table name of Azure Tables with room for a prefix.
    /// </summary>
    public static void ValidateTable(string table)
    {
        ArgumentNullException.ThrowIfNull(table);
        var valid = table.Length is >= 3 and <= MaxTableName && char.IsAsciiLetter(table[0]);
        foreach (var c in table)
        {
            valid &= char.IsAsciiLetterOrDigit(c);
        }

        if (!valid)
        {
            throw new ArgumentException(
                $"'{table}' is not a valid table name: it must be a letter and 2 to 39 letters or digits.",
                nameof(table)
            );
        }
    }

    /// <summary>Throws unless a page of that many rows can be asked for.</summary>
    public static void ValidateLimit(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxPageRows);
    }

    private static void ValidateProperties(RowProperties? properties)
    {
        if (properties is null)
        {
            return;
        }

        if (properties.Count > MaxProperties)
        {
            throw new ArgumentException($"A row may have at most {MaxProperties} properties, not {properties.Count}.", nameof(properties));
        }

        foreach ((var name, _) in properties)
        {
            if (PropertyName.EncodedLength(name) > PropertyName.MaxLength)
            {
                throw new ArgumentException(
                    $"The property name '{name[..30]}…' is longer than {PropertyName.MaxLength} characters as stored.",
                    nameof(properties)
                );
            }
        }
    }
}
