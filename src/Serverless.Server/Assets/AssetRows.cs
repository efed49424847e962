using System.Globalization;
using Serverless.Core.Models;
using Serverless.Server.Runs;
using Serverless.Storage;

namespace Serverless.Server.Assets;

/// <summary>
/// Where assets are. An asset and its materializations, newest first, share a partition; one more partition lists the keys. Two kinds of
/// rows lead to others, and what they lead to says whether it still holds: from an asset to those that were made from it, and from a run
/// to what it made.
/// </summary>
internal static class AssetRows
{
    public const string Table = "assets";

    private const string List = "all";
    private const string MaterializationPrefix = "m|";
    private const string DownstreamPrefix = "d|";
    private const string RunPrefix = "r|";
    private const string KeyProperty = "key";
    private const string OccurredProperty = "occurred";

    /// <summary>The row of an asset.</summary>
    public static RowAddress Asset(string key) => new(Table, BoundedKey.From(key), "asset");

    /// <summary>The row of a materialization.</summary>
    public static RowAddress Materialization(string key, DateTimeOffset occurred, Guid id) =>
        new(Table, BoundedKey.From(key), $"{MaterializationPrefix}{RunKeys.InvertedTicks(occurred)}|{id:N}");

    /// <summary>The materializations of an asset, newest first.</summary>
    public static RowRange Materializations(string key) => RowRange.Prefix(Table, BoundedKey.From(key), MaterializationPrefix);

    /// <summary>A row for each asset, with its key.</summary>
    public static RowRange Keys { get; } = RowRange.Partition(Table, List);

    /// <summary>The key that a row tells.</summary>
    public static string KeyOf(Row row) => row.Properties.Get<string>(KeyProperty)!;

    /// <summary>The row of the list that tells of an asset.</summary>
    public static RowAddress Listed(string key) => new(Table, List, BoundedKey.From(key));

    /// <summary>Puts an asset on the list.</summary>
    public static RowOperation Enlist(string key) => RowOperation.Upsert(Listed(key), new RowProperties { { KeyProperty, key } });

    /// <summary>The assets that have been made from an asset.</summary>
    public static RowRange Downstream(string key) => RowRange.Prefix(Table, BoundedKey.From(key), DownstreamPrefix);

    /// <summary>Tells an asset that another one was made from it.</summary>
    public static RowOperation TellUpstream(string upstream, string key) =>
        RowOperation.Upsert(DownstreamOf(upstream, key), new RowProperties { { KeyProperty, key } });

    /// <summary>An asset has not been made from another one any more.</summary>
    public static RowOperation ForgetUpstream(string upstream, string key) => RowOperation.Delete(DownstreamOf(upstream, key));

    /// <summary>The materializations of a flow run, or of one of its task runs.</summary>
    /// <param name="home">The flow run; the task run, if it belongs to none.</param>
    /// <param name="taskRunId">The task run; null for all.</param>
    public static RowRange MadeBy(Guid home, Guid? taskRunId) =>
        RowRange.Prefix(Table, RunPrefix + home.ToString("N"), taskRunId is { } task ? $"{task:N}|" : "");

    /// <summary>Tells a run what it made; null for a materialization that names no run.</summary>
    public static RowOperation? TellRun(AssetMaterialization made) =>
        OfRun(made) is { } address
            ? RowOperation.Upsert(
                address,
                new RowProperties { { KeyProperty, made.AssetKey }, { OccurredProperty, RunKeys.Ticks(made.Occurred) } }
            )
            : null;

    /// <summary>The row of <see cref="TellRun"/>; null for a materialization that names no run.</summary>
    public static RowAddress? OfRun(AssetMaterialization made) =>
        (made.FlowRunId ?? made.TaskRunId) is { } home
            ? new RowAddress(Table, RunPrefix + home.ToString("N"), $"{made.TaskRunId ?? Guid.Empty:N}|{made.Id:N}")
            : null;

    /// <summary>The materialization that a row of <see cref="MadeBy"/> leads to.</summary>
    public static RowAddress MadeOf(Row row)
    {
        var occurred = long.Parse(row.Properties.Get<string>(OccurredProperty)!, CultureInfo.InvariantCulture);
        return Materialization(
            KeyOf(row),
            new DateTimeOffset(occurred, TimeSpan.Zero),
            Guid.ParseExact(row.RowKey.AsSpan(row.RowKey.IndexOf('|', StringComparison.Ordinal) + 1), "N")
        );
    }

    /// <summary>A materialization without what is only told with itself.</summary>
    public static AssetMaterialization Brief(AssetMaterialization materialization) => materialization with { Metadata = null };

    private static RowAddress DownstreamOf(string upstream, string key) =>
        new(Table, BoundedKey.From(upstream), DownstreamPrefix + BoundedKey.From(key));
}
