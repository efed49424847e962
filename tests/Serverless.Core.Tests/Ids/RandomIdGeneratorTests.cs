using Serverless.Core.Ids;

namespace Serverless.Core.Tests.Ids;

public sealed class RandomIdGeneratorTests
{
    [Fact]
    public void NewId_ClockStandsStill_IncreasesStrictly()
    {
        var ids = new RandomIdGenerator(new FixedTime(), new Random(1));

        var texts = Enumerable.Range(0, 10_000).Select(_ => ids.NewId().ToString("N")).ToList();

        texts.ShouldBe(texts.Order(StringComparer.Ordinal));
        texts.ShouldBeUnique();
    }

    [Fact]
    public void NewId_AtATime_IsVersion7OfIt()
    {
        var id = new RandomIdGenerator(new FixedTime(), new Random(1)).NewId();

        id.Version.ShouldBe(7);
        (id.Variant & 0xC).ShouldBe(8);
        Convert.ToInt64(id.ToString("N")[..12], 16).ShouldBe(1_700_000_000_123);
    }

    [Fact]
    public async Task NewId_ManyThreads_NoTwins()
    {
        var ids = new RandomIdGenerator(new FixedTime(), new Random(1));

        var made = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => Task.Run(() => Enumerable.Range(0, 5_000).Select(_ => ids.NewId()).ToList()))
        );

        made.SelectMany(list => list).ShouldBeUnique();
    }

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123).AddTicks(4_567);
    }
}
