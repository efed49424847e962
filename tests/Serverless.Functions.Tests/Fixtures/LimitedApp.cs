using Serverless.Server.Concurrency;
using Serverless.Storage;

namespace Serverless.Functions.Tests.Fixtures;

/// <summary>Limits of an app, and the slots that are taken.</summary>
internal static class LimitedApp
{
    public static Task LimitTagAsync(this EmbeddedApp app, int limit) =>
        app.Get<ConcurrencyLimits>().SetTagLimitAsync(Work.NarrowTag, limit);

    /// <summary>How many slots are taken, of all limits.</summary>
    public static async Task<int> TakenSlotsAsync(this IRowStore rows) =>
        (await rows.QueryAsync(RowRange.WholeTable("concurrency"))).Rows.Count(row =>
            row.RowKey.StartsWith("slot|", StringComparison.Ordinal)
        );

    public static Task ShouldBeFreeAsync(this EmbeddedApp app) =>
        app.WhenAsync(async () => await app.Store.TakenSlotsAsync() == 0, "the slots");
}
