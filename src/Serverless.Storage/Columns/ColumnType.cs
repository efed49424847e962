namespace Serverless.Storage.Columns;

/// <summary>What a column holds; every column may be null. Null comes before all values, and false before true.</summary>
public enum ColumnType
{
    /// <summary>A <see cref="Guid"/>, in the order of its text.</summary>
    Id,

    /// <summary>A <see cref="string"/>, in the order of its UTF-8 bytes.</summary>
    Text,

    /// <summary>A <see cref="long"/>.</summary>
    Number,

    /// <summary>A <see cref="DateTimeOffset"/>, kept in UTC to 100 ns.</summary>
    Time,
}
