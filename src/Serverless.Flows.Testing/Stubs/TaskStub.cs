using System.Reflection;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;
using Serverless.Flows.Binding;
using Serverless.Flows.Hosting;

namespace Serverless.Flows.Testing;

/// <summary>
/// What the attempts of a task do in place of its code. Each method adds a step; the attempts take the steps in order, each as many times
/// as it says, whichever task run they belong to. After the last step, the task's own code runs. Arguments, retries, time limits,
/// results and states are those of a real task.
/// </summary>
public sealed class TaskStub
{
    private readonly Lock _lock = new();
    private readonly Queue<StubStep> _steps = [];
    private readonly List<TaskCall> _calls = [];
    private readonly TaskDefinition _task;

    internal TaskStub(TaskDefinition task) => _task = task;

    /// <summary>The attempts so far, in the order in which they began; those of the task's own code too.</summary>
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

    /// <summary>The attempts return a value.</summary>
    /// <param name="value">The value; for a task that returns nothing, null.</param>
    /// <param name="times">How many attempts do so; null for all that come.</param>
    /// <returns>The same stub.</returns>
    /// <exception cref="ArgumentException">The task does not return such a value.</exception>
    public TaskStub Returns(object? value, int? times = null)
    {
        Check(value);
        return Add(times, _ => Task.FromResult(value));
    }

    /// <summary>The attempts throw an exception.</summary>
    /// <param name="error">The exception.</param>
    /// <param name="times">How many attempts do so; null for all that come.</param>
    /// <returns>The same stub.</returns>
    public TaskStub Throws(Exception error, int? times = null)
    {
        ArgumentNullException.ThrowIfNull(error);
        return Add(times, _ => Task.FromException<object?>(error));
    }

    /// <summary>The attempts run other code.</summary>
    /// <param name="body">Takes what it needs of the task's parameters, under the same names, and returns what the task returns, at once or
    /// as a <see cref="Task{TResult}"/>. It may also take a <see cref="TaskCall"/>, and what a task may: a <see cref="TaskContext"/>, an
    /// <see cref="ILogger"/>, a <see cref="CancellationToken"/>.</param>
    /// <param name="times">How many attempts do so; null for all that come.</param>
    /// <returns>The same stub.</returns>
    /// <exception cref="ArgumentException">It has a parameter that the task does not have.</exception>
    public TaskStub Runs(Delegate body, int? times = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        var parameters = body.Method.GetParameters();
        foreach (var parameter in parameters)
        {
            if (!IsInjected(parameter.ParameterType) && !Has(parameter))
            {
                throw new ArgumentException(
                    $"The stub of {_task} takes '{parameter.ParameterType.Name} {parameter.Name}', which the task does not have; it has: "
                        + $"{string.Join(", ", _task.Callable.Parameters.Select(own => $"{own.Type.Name} {own.Name}"))}.",
                    nameof(body)
                );
            }
        }

        return Add(times, attempt => InvokeAsync(body, [.. parameters.Select(parameter => attempt.Value(parameter))]));
    }

    /// <summary>
    /// The task's own code runs, and then the process of the test host ends, before the outcome is stored. The next process runs the
    /// attempt again: a task is run at least once.
    /// </summary>
    /// <param name="times">After how many attempts the process ends.</param>
    /// <returns>The same stub.</returns>
    public TaskStub Crashes(int times = 1) => Enqueue(new StubStep(times, Run: null, Crashes: true));

    /// <summary>The task in words: <c>task 'look'</c>.</summary>
    /// <returns>The words.</returns>
    public override string ToString() => _task.ToString();

    internal TaskCall Record(TaskCall call)
    {
        lock (_lock)
        {
            _calls.Add(call);
        }

        return call;
    }

    /// <summary>The step that the next attempt takes; null for the task's own code.</summary>
    internal StubStep? Take()
    {
        lock (_lock)
        {
            if (!_steps.TryPeek(out var step))
            {
                return null;
            }

            if (step.Times is { } times && --step.Left == 0)
            {
                _steps.Dequeue();
            }

            return step;
        }
    }

    /// <summary>What the value of a step means, as the result of the task.</summary>
    internal async Task<Returned> ReadAsync(object? value)
    {
        Check(value);
        return ResultAdapter.ValueTypeOf(_task.Method) is { } type
            ? await ResultAdapter.ForValue(type, _task.Target).ReadAsync(value)
            : ReturnedValues.Nothing;
    }

    private static bool IsInjected(Type type) =>
        type == typeof(TaskCall) || type == typeof(TaskContext) || type == typeof(ILogger) || type == typeof(CancellationToken);

    private static async Task<object?> InvokeAsync(Delegate body, object?[] arguments)
    {
        object? returned;
        try
        {
            returned = body.DynamicInvoke(arguments);
        }
        catch (TargetInvocationException thrown) when (thrown.InnerException is { } error)
        {
            ExceptionDispatchInfo.Throw(error);
            throw;
        }

        if (returned is not Task task)
        {
            return returned;
        }

        await task;
        return ResultAdapter.ValueTypeOf(body.Method) is null ? null : task.GetType().GetProperty(nameof(Task<>.Result))!.GetValue(task);
    }

    private bool Has(ParameterInfo parameter) =>
        _task.Callable.Parameters.Any(own =>
            own.Kind == ParameterKind.Value && own.Name == parameter.Name && parameter.ParameterType.IsAssignableFrom(own.Type)
        );

    private void Check(object? value)
    {
        var type = ResultAdapter.ValueTypeOf(_task.Method);
        var fits = value is null
            ? type is null || !type.IsValueType || Nullable.GetUnderlyingType(type) is not null
            : type is not null && type.IsInstanceOfType(value);
        if (!fits)
        {
            throw new ArgumentException(
                $"The stub of {_task} returns {value?.GetType().Name ?? "null"}, but the task returns {type?.Name ?? "nothing"}.",
                nameof(value)
            );
        }
    }

    private TaskStub Add(int? times, Func<StubAttempt, Task<object?>> run) => Enqueue(new StubStep(times, run, Crashes: false));

    private TaskStub Enqueue(StubStep step)
    {
        if (step.Times < 1)
        {
            throw new ArgumentException($"A step of the stub of {_task} is taken at least once, not {step.Times} times.", nameof(step));
        }

        lock (_lock)
        {
            _steps.Enqueue(step);
        }

        return this;
    }
}
