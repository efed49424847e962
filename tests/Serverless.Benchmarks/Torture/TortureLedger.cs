using System.Collections.Concurrent;

namespace Serverless.Benchmarks.Torture;

/// <summary>What was acknowledged, over all lives of the host.</summary>
internal sealed class TortureLedger
{
    private readonly ConcurrentDictionary<Guid, TortureRun> _runs = new();
    private readonly ConcurrentDictionary<string, Guid> _keys = new();

    public ICollection<TortureRun> Runs => _runs.Values;

    public int Requests;
    public int Violations => Problems.Count;

    public ConcurrentQueue<string> Problems { get; } = new();

    /// <summary>Notes an acknowledged creation; the same key must always give the same run.</summary>
    public void Add(TortureRun run, string key)
    {
        var known = _keys.GetOrAdd(key, run.Id);
        if (known != run.Id)
        {
            Problems.Enqueue($"key {key} gave two runs, {known} and {run.Id}");
        }

        _runs.TryAdd(run.Id, run);
    }

    public TortureRun? Pick(Random random)
    {
        TortureRun[] runs = [.. _runs.Values];
        return runs.Length == 0 ? null : runs[random.Next(runs.Length)];
    }
}
