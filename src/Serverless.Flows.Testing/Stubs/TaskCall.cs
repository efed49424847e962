using System.Diagnostics.CodeAnalysis;

namespace Serverless.Flows.Testing;

/// <summary>One attempt of a task that a flow called.</summary>
public sealed class TaskCall
{
    internal TaskCall(TaskDefinition task, IReadOnlyDictionary<string, object?> arguments, TaskContext context)
    {
        Task = task.Name;
        Key = task.Key;
        Arguments = arguments;
        Attempt = context.Attempt;
        FlowRunId = context.FlowRunId;
        TaskRunId = context.TaskRunId;
    }

    /// <summary>The task's name.</summary>
    public string Task { get; }

    /// <summary>The task's key: the full name of its class, and the name of its method.</summary>
    public string Key { get; }

    /// <summary>The arguments by the names of the parameters in C#, as the task got them: read back from JSON.</summary>
    public IReadOnlyDictionary<string, object?> Arguments { get; }

    /// <summary>Which attempt of the task run it is, from 1.</summary>
    public int Attempt { get; }

    /// <summary>The flow run that made the call.</summary>
    public Guid FlowRunId { get; }

    /// <summary>The task run.</summary>
    public Guid TaskRunId { get; }

    /// <summary>One of the arguments.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="name">The parameter's name in C#.</param>
    /// <returns>The argument.</returns>
    /// <exception cref="ArgumentException">The task has no such parameter, or it is of another type.</exception>
    [SuppressMessage("Design", "MA0015", Justification = "The parameter is the task's.")]
    public T Argument<T>(string name)
    {
        if (!Arguments.TryGetValue(name, out var value))
        {
            throw new ArgumentException(
                $"Task '{Task}' has no parameter '{name}'; it has: {string.Join(", ", Arguments.Keys)}.",
                nameof(name)
            );
        }

        return value is T or null
            ? (T)value!
            : throw new ArgumentException(
                $"Argument '{name}' of task '{Task}' is a {value.GetType().Name}, not a {typeof(T).Name}.",
                nameof(name)
            );
    }

    /// <summary>The call in words: <c>look(item: a), attempt 1</c>.</summary>
    /// <returns>The words.</returns>
    public override string ToString() =>
        $"{Task}({string.Join(", ", Arguments.Select(argument => $"{argument.Key}: {argument.Value ?? "null"}"))}), attempt {Attempt}";
}
