using Serverless.Flows;

namespace Serverless.Functions.Tests.Fixtures;

/// <summary>Tasks that make assets. Each notes its executions.</summary>
internal sealed class AssetWork(Probe probe)
{
    public const string Source = "postgres://shop/orders";

    [Task(AssetDependencies = [Source])]
    [Materialize("s3://lake/{name}.csv", Name = "A table", Owners = ["sales", "ops"])]
    public int Load(string name, int rows)
    {
        probe.Note($"load {name}");
        TaskContext.Current.Assets.AddMetadata(new { rows });
        return rows;
    }

    [Task]
    public static int Plain(int number) => number;

    [Task]
    [Materialize("s3://lake/total.csv", By = "dbt")]
    [Materialize("s3://lake/report.md", Description = "What happened")]
    public static int Total(int number)
    {
        TaskContext.Current.Assets.AddMetadata("s3://lake/total.csv", new { number });
        return number;
    }

    [Task]
    [Materialize("s3://lake/broken.csv")]
    public static int Break(string reason) => throw new InvalidOperationException(reason);

    [Task(Cache = CacheBy.Inputs | CacheBy.TaskSource)]
    [Materialize("s3://lake/day-{day}.csv")]
    public int CachedDay(int day)
    {
        probe.Note($"day {day}");
        return day;
    }

    [Task(Cache = CacheBy.Inputs | CacheBy.TaskSource)]
    [Materialize("s3://lake/cached.csv")]
    public int Cached(int number)
    {
        probe.Note("cached");
        return number;
    }
}
