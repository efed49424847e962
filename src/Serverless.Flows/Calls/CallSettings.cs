namespace Serverless.Flows.Calls;

/// <summary>What is called, and the options of the call.</summary>
internal sealed record CallSettings(
    RunnableDefinition Definition,
    CallOptions? Options,
    RunRetryPolicy? Retry,
    TimeSpan? Timeout,
    IReadOnlyList<string> Tags
)
{
    private const string WaitForName = "wait_for";

    internal string? RunName => Options?.RunName;

    /// <summary>Whether the call waits for others from which it takes nothing.</summary>
    internal bool Waits => Options is { WaitFor.Count: > 0 };

    internal string? RunNameOf(int item) => RunName is null ? null : $"{RunName}-{item}";

    /// <summary>Waits for them, and adds their runs to those that the arguments come from.</summary>
    /// <exception cref="RunException">One of them did not complete, and that is not allowed.</exception>
    internal async Task<IReadOnlyDictionary<string, IReadOnlyList<Guid>>> WhenReadyAsync(
        IReadOnlyDictionary<string, IReadOnlyList<Guid>> upstream
    )
    {
        if (Options is not { WaitFor: { Count: > 0 } others, AllowFailure: var allowFailure })
        {
            return upstream;
        }

        List<Guid> runs = [];
        foreach (var other in others)
        {
            if (!allowFailure)
            {
                runs.Add((await other.CompletedAsync()).InputId);
            }
            else if (await other.EndedAsync() is { } ended)
            {
                runs.Add(ended.InputId);
            }
        }

        return new Dictionary<string, IReadOnlyList<Guid>>(upstream, StringComparer.Ordinal) { [WaitForName] = runs };
    }
}
