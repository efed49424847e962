using Serverless.Flows.Hosting;

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

    /// <summary>How the call is cached; null if that is as the task declares.</summary>
    internal CallCaching? Caching { get; init; }

    internal string? RunName => Options?.RunName;

    /// <summary>Whether the call waits for others from which it takes nothing.</summary>
    internal bool Waits => Options is { WaitFor.Count: > 0 };

    internal string? RunNameOf(int item) => RunName is null ? null : $"{RunName}-{item}";

    /// <summary>The key that the options give to a call; null for none.</summary>
    internal string? CacheKeyOf(FlowRunInfo run, string argumentsJson) =>
        Caching is { HasKey: true }
            ? Options!.Cache!.CustomKey(CacheKeyContext.Of(Definition.Name, argumentsJson, run.FlowRunId, run.ParametersJson))
            : null;

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
