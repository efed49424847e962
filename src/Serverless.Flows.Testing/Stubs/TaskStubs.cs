using Serverless.Flows.Binding;

namespace Serverless.Flows.Testing;

/// <summary>The stubs and calls of a test host; all its processes share them.</summary>
internal sealed class TaskStubs
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, TaskStub> _stubs = new(StringComparer.Ordinal);
    private readonly List<TaskCall> _calls = [];

    public IReadOnlyList<TaskCall> Calls
    {
        get
        {
            lock (_lock)
            {
                return [.. _calls];
            }
        }
    }

    /// <summary>The stub of a task; the same one each time.</summary>
    public TaskStub Of(TaskDefinition task)
    {
        lock (_lock)
        {
            if (!_stubs.TryGetValue(task.Key, out var stub))
            {
                _stubs.Add(task.Key, stub = new TaskStub(task));
            }

            return stub;
        }
    }

    /// <summary>Notes an attempt that begins.</summary>
    /// <returns>The call, and the task's stub.</returns>
    public (TaskCall Call, TaskStub Stub) Record(TaskDefinition task, object?[] arguments, TaskContext context)
    {
        Dictionary<string, object?> values = new(StringComparer.Ordinal);
        foreach ((var parameter, var argument) in task.Callable.Parameters.Zip(arguments))
        {
            if (parameter.Kind == ParameterKind.Value)
            {
                values.Add(parameter.Name, argument);
            }
        }

        var stub = Of(task);
        TaskCall call = new(task, values, context);
        lock (_lock)
        {
            _calls.Add(call);
        }

        return (stub.Record(call), stub);
    }
}
