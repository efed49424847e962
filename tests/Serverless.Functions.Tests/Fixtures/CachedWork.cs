using Serverless.Flows;

namespace Serverless.Functions.Tests.Fixtures;

/// <summary>Tasks whose results are cached. Each notes its executions.</summary>
internal sealed class CachedWork(Probe probe)
{
    /// <summary>The flow whose parameters are part of a cache key.</summary>
    public const string Parameterized = "parameterized";

    [Flow(Parameterized)]
    public Task<int> RunAsync(FlowContext flow, string body) => probe.Bodies[body](flow);

    [Task(Cache = CacheBy.Inputs | CacheBy.TaskSource)]
    public int Square(int number) => Note("square", number);

    [Task(Cache = CacheBy.Default)]
    public int Own(int number) => Note("own", number);

    [Task(Cache = CacheBy.Inputs | CacheBy.TaskSource | CacheBy.FlowParameters)]
    public int OfFlow(int number) => Note("of-flow", number);

    [Task(Cache = CacheBy.Inputs | CacheBy.TaskSource, CacheIgnore = ["reason"], CacheExpirationSeconds = 60)]
    public int Brief(int number, string reason)
    {
        probe.Note(reason);
        return Note("brief", number);
    }

    [Task(Cache = CacheBy.TaskSource, CacheKey = nameof(KeyOf))]
    public int Keyed(int number) => Note("keyed", number);

    [Task(Cache = CacheBy.Inputs, RefreshCache = true)]
    public int Fresh(int number)
    {
        probe.Note($"fresh {number}");
        return probe.Count($"fresh {number}");
    }

    /// <summary>Reads what <see cref="Fresh"/> has left: both have the same arguments.</summary>
    [Task(Cache = CacheBy.Inputs)]
    public int Stale(int number) => Note("stale", number);

    [Task(Cache = CacheBy.Inputs | CacheBy.TaskSource)]
    public string Long(int length)
    {
        probe.Note("long");
        return new string('x', length);
    }

    [Task(Cache = CacheBy.Inputs | CacheBy.TaskSource, CacheIsolation = CacheIsolation.Serializable, Retries = 1, RetryDelaySeconds = [1])]
    public async Task<int> SerialAsync(string gate, CancellationToken cancellationToken = default)
    {
        probe.Note($"serial {gate}");
        await probe.PassAsync(gate, cancellationToken);
        return probe.IsOpen($"{gate} fails") ? throw new NonRetryableException("the gate fails") : 7;
    }

    [Task]
    public int Plain(int number) => Note("plain", number);

    internal static string? KeyOf(CacheKeyContext context) =>
        context.Arguments["number"].GetInt32() switch
        {
            < 0 => null,
            > 100 => throw new InvalidOperationException("no key"),
            var number => $"{context.TaskName} {number % 10}",
        };

    private int Note(string what, int number)
    {
        probe.Note($"{what} {number}");
        return number * number;
    }
}
