using System.Text.Json;
using Serverless.Flows;

namespace Serverless.Functions.Hooks;

/// <summary>Input of <see cref="RunHook"/>.</summary>
/// <param name="Start">The state that was entered.</param>
/// <param name="Position">Which of its hooks is called, from 0.</param>
public sealed record RunHookInput(HookStart Start, int Position = 0)
{
    /// <summary>What is called instead of the hooks of the state's type: those of a transaction that ends; null for nothing.</summary>
    public HookEvent? Event { get; init; }

    /// <summary>Only hooks of task runs that ran in this attempt of the flow run are called; 0 for any.</summary>
    public int RunCount { get; init; }

    /// <summary>The values of the transaction; null for none.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Values { get; init; }

    /// <summary>Of which event of a transaction, and of which task run; null outside transactions.</summary>
    internal string? About => Event is { } called ? $"{called} of task run {Start.TaskRunId}" : null;
}
