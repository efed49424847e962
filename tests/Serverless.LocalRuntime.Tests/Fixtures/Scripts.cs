using System.Collections.Concurrent;
using Microsoft.DurableTask;

namespace Serverless.LocalRuntime.Tests.Fixtures;

/// <summary>The code that the functions of the tests run; each runtime has its own.</summary>
internal sealed class Scripts
{
    private readonly ConcurrentDictionary<string, Func<TaskOrchestrationContext, Task<object?>>> _orchestrators = new();

    /// <summary>What the activity "Work" does; it answers its input unless set.</summary>
    public Func<string?, CancellationToken, Task<string?>> Work { get; set; } = static (input, _) => Task.FromResult(input);

    /// <summary>The inputs of the activity, in the order of its calls.</summary>
    public ConcurrentQueue<string?> Worked { get; } = [];

    public ConcurrentQueue<string> Notes { get; } = [];

    public Scripts Add<T>(string name, Func<TaskOrchestrationContext, Task<T>> orchestrator)
    {
        _orchestrators[name] = async context => await orchestrator(context);
        return this;
    }

    public Task<object?> RunAsync(TaskOrchestrationContext context) => _orchestrators[context.Version](context);

    public Task<string?> WorkAsync(string? input, CancellationToken cancellationToken)
    {
        Worked.Enqueue(input);
        return Work(input, cancellationToken);
    }
}
