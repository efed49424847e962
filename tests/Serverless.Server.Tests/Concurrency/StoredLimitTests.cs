using Serverless.Server.Concurrency;

namespace Serverless.Server.Tests.Concurrency;

public sealed class StoredLimitTests
{
    [Fact]
    public void Observe_SlotsHeldLonger_MovesTheAverage()
    {
        StoredLimit limit = new(ConcurrencyKeys.IdOf("tag:a"), "tag:a", 2, true, StoredLimit.FirstOccupancy, default, default, "", []);

        limit.Observe([]).Occupancy.ShouldBe(2);
        limit.Observe([TimeSpan.FromSeconds(10)]).Occupancy.ShouldBe(4);
        limit.Observe([TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(4)]).Occupancy.ShouldBe(4);
        limit.Observe([TimeSpan.Zero]).Occupancy.ShouldBe(2 - (1.9 / 4), 1e-9);
        limit.Observe(Enumerable.Repeat(TimeSpan.FromMinutes(1), 100)).Occupancy.ShouldBe(60, 1e-6);
    }
}
