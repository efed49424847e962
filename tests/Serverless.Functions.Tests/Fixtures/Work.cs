using Serverless.Flows;

namespace Serverless.Functions.Tests.Fixtures;

/// <summary>The tests' tasks. Each notes its executions.</summary>
internal sealed class Work(Probe probe)
{
    /// <summary>The tag of <see cref="NarrowAsync"/>.</summary>
    public const string NarrowTag = "narrow";

    /// <summary>Returns its number.</summary>
    [Task]
    public int Do(int number)
    {
        probe.Note($"do {number}");
        return number;
    }

    /// <summary>Returns its number once the gate <c>hold</c> is open.</summary>
    [Task]
    public async Task<int> HoldAsync(int number, CancellationToken cancellationToken = default)
    {
        probe.Note("hold");
        probe.Note($"hold {number}");
        try
        {
            await probe.PassAsync("hold", cancellationToken);
        }
        catch (OperationCanceledException)
        {
            probe.Note($"told {number}");
            throw;
        }

        probe.Note($"held {number}");
        return number;
    }

    /// <summary>As <see cref="HoldAsync"/>, with a tag.</summary>
    [Task(Tags = [NarrowTag])]
    public Task<int> NarrowAsync(int number, CancellationToken cancellationToken = default) => HoldAsync(number, cancellationToken);

    /// <summary>As <see cref="HoldAsync"/>, without heed to its token.</summary>
    [Task]
    public async Task<int> PersistAsync(int number)
    {
        probe.Note($"persist {number}");
        await probe.PassAsync("hold", CancellationToken.None);
        probe.Note($"persisted {number}");
        return number;
    }

    /// <summary>As <see cref="HoldAsync"/>, with a callback at its token that throws.</summary>
    [Task]
    public async Task<int> RegisterAsync(int number, CancellationToken cancellationToken = default)
    {
        using var registration = cancellationToken.Register(() => throw new HostileException(HostileException.All));
        probe.Note("registered");
        return await HoldAsync(number, cancellationToken);
    }

    /// <summary>Fails a number of times.</summary>
    [Task(Retries = 3, RetryDelaySeconds = [10, 20, 40])]
    public int Fail(int times, TaskContext task = null!)
    {
        probe.Note($"attempt {task.Attempt}");
        return task.Attempt > times ? task.Attempt : throw new InvalidOperationException($"attempt {task.Attempt} fails");
    }

    /// <summary>How many characters a text has.</summary>
    [Task]
    public int Count(string text)
    {
        probe.Note("count");
        return text.Length;
    }

    /// <summary>Fails as long as the gate is not open.</summary>
    [Task]
    public int FailUntil(string gate)
    {
        probe.Note($"fail {gate}");
        return probe.IsOpen(gate) ? 1 : throw new InvalidOperationException($"{gate} is closed");
    }

    /// <summary>Returns what the test likes.</summary>
    [Task(Retries = 1, RetryDelaySeconds = [10])]
    public object? Return(string body, TaskContext task = null!)
    {
        probe.Note($"return {body}");
        return probe.TaskBodies[body](task);
    }

    /// <summary>Twice its number.</summary>
    [Task(Tags = ["declared"], Version = "v2")]
    public static int Twice(int number) => number * 2;

    /// <summary>Is named after its number.</summary>
    [Task(RunName = "no. {number}")]
    public Task<int> NamedAsync(int number) => Task.FromResult(Do(number));

    /// <summary>Does what the test likes, and waits meanwhile.</summary>
    [Task(Tags = ["declared"])]
    public Task<string> AskAsync(string body)
    {
        probe.Note($"ask {body}");
        return probe.WaitingBodies[body](TaskContext.Current);
    }

    /// <summary>Never ends by itself, but has a limit of five seconds.</summary>
    [Task(TimeoutSeconds = 5)]
    public async Task<int> LingerAsync(CancellationToken cancellationToken = default)
    {
        probe.Note("linger");
        await probe.PassAsync("never", cancellationToken);
        return 0;
    }
}
