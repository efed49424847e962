using Serverless.Flows;

namespace Serverless.Functions.Tests.Fixtures;

/// <summary>Tasks whose values lie in a result storage, and tasks that take them.</summary>
internal sealed class StoringWork(Probe probe)
{
    /// <summary>The name of the storage.</summary>
    public const string Storage = "files";

    [Task(ResultStorage = Storage)]
    public string Make(int length)
    {
        probe.Note($"make {length}");
        return new string((char)('a' + (length % 26)), length);
    }

    [Task(ResultStorage = Storage, ResultKey = "reports/{parameters.day}/{task.name}", ResultSerializer = "json+gzip")]
    public Dictionary<string, int> Report(string day, int count)
    {
        probe.Note("report");
        return Enumerable.Range(0, count).ToDictionary(number => $"{day} {number}", number => number);
    }

    [Task(ResultStorage = Storage, Cache = CacheBy.Inputs | CacheBy.TaskSource)]
    public string Remember(int length)
    {
        probe.Note($"remember {length}");
        return new string('r', length);
    }

    [Task(PersistResult = false)]
    public int Secret(int number)
    {
        probe.Note($"secret {number}");
        return number;
    }

    [Task(PersistResult = true)]
    public int Known(int number)
    {
        probe.Note($"known {number}");
        return number;
    }

    [Task]
    public int Length(string text) => Counted(text.Length);

    [Task]
    public int Total(IReadOnlyList<string> texts) => Counted(texts.Sum(text => text.Length));

    [Task]
    public int Entries(Dictionary<string, int> report) => Counted(report.Count);

    [Task]
    public int Limited([System.ComponentModel.DataAnnotations.MaxLength(3)] string text) => Counted(text.Length);

    private int Counted(int count)
    {
        probe.Note("counted");
        return count;
    }
}
