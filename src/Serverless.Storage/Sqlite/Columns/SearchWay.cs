namespace Serverless.Storage.Sqlite;

/// <summary>How SQLite is to look for the keys that match.</summary>
internal enum SearchWay
{
    /// <summary>Key by key, in the order of the list: fast when many match.</summary>
    InOrder,

    /// <summary>By the labels: fast when few have them.</summary>
    ByLabels,

    /// <summary>By the texts of an index, all of them: fast when few match and no other index helps.</summary>
    ByText,

    /// <summary>By any index of what is asked, as SQLite sees fit.</summary>
    ByIndex,
}
