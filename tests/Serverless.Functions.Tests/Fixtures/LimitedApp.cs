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

    public static async Task ShouldBeFreeAsync(this EmbeddedApp app)
    {
        if (await app.Store.TakenSlotsAsync() > 0)
        {
            // A run that asked by itself while it was being given a slot has left one of the two to the sweep.
            app.Clock.Advance(TimeSpan.FromMinutes(2));
            await app.Get<SlotSweep>().RunAsync();
        }

        await app.WhenAsync(async () => await app.Store.TakenSlotsAsync() == 0, "the slots");
    }
}
