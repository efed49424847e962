using Serverless.Core.Models;
using Serverless.Server.Runs;
using Serverless.Storage;

namespace Serverless.Server.Assets;

/// <summary>
/// Where assets are. An asset and its materializations, newest first, share a partition; one more partition lists the keys.
/// </summary>
internal static class AssetRows
{
    public const string Table = "assets";

    private const string List = "all";
    private const string MaterializationPrefix = "m|";
    private const string KeyProperty = "key";

    /// <summary>The row of an asset.</summary>
    public static RowAddress Asset(string key) => new(Table, BoundedKey.From(key), "asset");

    /// <summary>The row of a materialization.</summary>
    public static RowAddress Materialization(string key, DateTimeOffset occurred, Guid id) =>
        new(Table, BoundedKey.From(key), $"{MaterializationPrefix}{RunKeys.InvertedTicks(occurred)}|{id:N}");

    /// <summary>The materializations of an asset, newest first.</summary>
    public static RowRange Materializations(string key) => RowRange.Prefix(Table, BoundedKey.From(key), MaterializationPrefix);

    /// <summary>A row for each asset, with its key.</summary>
    public static RowRange Keys { get; } = RowRange.Partition(Table, List);

    /// <summary>The key that a row of <see cref="Keys"/> tells.</summary>
    public static string KeyOf(Row row) => row.Properties.Get<string>(KeyProperty)!;

    /// <summary>Puts an asset on the list.</summary>
    public static RowOperation Enlist(string key) =>
        RowOperation.Upsert(new RowAddress(Table, List, BoundedKey.From(key)), new RowProperties { { KeyProperty, key } });

    /// <summary>Takes an asset off the list.</summary>
    public static RowOperation Delist(string key) => RowOperation.Delete(new RowAddress(Table, List, BoundedKey.From(key)));

    /// <summary>A materialization without what is only told with itself.</summary>
    public static AssetMaterialization Brief(AssetMaterialization materialization) => materialization with { Metadata = null };
}
