namespace Serverless.Flows.Tests;

/// <summary>Flows with deployments of their own.</summary>
internal static class DeployedFlows
{
    [Flow("report", Description = "Reports.", Version = "3", Tags = ["reports"])]
    [Deployment(
        "nightly",
        Cron = "0 2 * * *",
        TimeZone = "Europe/Berlin",
        Slug = "night",
        CatchUp = CatchUpPolicy.Latest,
        MaxScheduledRuns = 5,
        Parameters = """{"path": "sales.csv", "groupBy": "country"}""",
        Tags = ["night", "reports"],
        ConcurrencyLimit = 1,
        CollisionStrategy = CollisionStrategy.CancelNew,
        Paused = true
    )]
    [Deployment(
        "often",
        IntervalSeconds = 90,
        AnchorDate = "2026-01-01T09:00:00+01:00",
        Parameters = """{"path": "a"}""",
        Version = "4",
        Description = "Often."
    )]
    [Deployment("by-hand")]
    internal static string Report(FlowContext flow, string path, string groupBy = "item", int chunkRows = 10) =>
        $"{path}{groupBy}{chunkRows}{flow is null}";

    [Flow("plain")]
    internal static string Plain(FlowContext flow, string path, string groupBy = "item", int chunkRows = 10) =>
        $"{path}{groupBy}{chunkRows}{flow is null}";

    [Flow("no-parameters")]
    internal static void Nothing() { }

    internal sealed class OfClass
    {
        [Flow("of-class")]
        internal string Run(FlowContext flow, int value) => $"{value}{flow is null}{GetHashCode()}";
    }

    internal static class Newest
    {
        [Flow]
        [Deployment("one", ConcurrencyLimit = 1, CollisionStrategy = CollisionStrategy.CancelRunning)]
        [Deployment("scheduled", IntervalSeconds = 60, ConcurrencyLimit = 3, CollisionStrategy = CollisionStrategy.CancelRunning)]
        internal static int Refresh() => 1;
    }

    internal static class WrongNewest
    {
        [Flow]
        [Deployment("no-limit", CollisionStrategy = CollisionStrategy.CancelRunning)]
        [Deployment("none", ConcurrencyLimit = 0, CollisionStrategy = CollisionStrategy.CancelRunning)]
        [Deployment("less", ConcurrencyLimit = -1, CollisionStrategy = CollisionStrategy.CancelRunning)]
        internal static int Refresh() => 1;
    }

    internal static class Wrong
    {
        [Flow]
        [Deployment("a/b", Cron = "0 0 * * *", IntervalSeconds = 0, RRule = "FREQ=DAILY")]
        [Deployment(
            " ",
            TimeZone = "UTC",
            Slug = "x",
            MaxScheduledRuns = 2,
            CatchUp = CatchUpPolicy.All,
            AnchorDate = "2026-01-01T00:00:00Z"
        )]
        [Deployment("twice")]
        [Deployment("twice")]
        [Deployment("text", Parameters = "{")]
        [Deployment("list", Parameters = "[1]")]
        [Deployment("names", Parameters = """{"count": 1, "other": 2}""")]
        [Deployment("values", Parameters = """{"count": "many"}""")]
        [Deployment("none", ConcurrencyLimit = 0)]
        [Deployment("no-limit", CollisionStrategy = CollisionStrategy.Enqueue)]
        [Deployment("lacks", Cron = "0 0 * * *")]
        [Deployment("anchor", IntervalSeconds = 5, AnchorDate = "2026-01-01T00:00:00", Parameters = """{"count": 1}""")]
        internal static void Many(int count) => ArgumentOutOfRangeException.ThrowIfNegative(count);
    }

    internal static class NotAFlow
    {
        [Deployment("nightly", Cron = "0 0 * * *")]
        internal static void Forgotten() { }

        [Flow]
        internal static void Present() { }
    }
}
