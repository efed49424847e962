using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Serverless.Flows.Hosting;

namespace Serverless.Flows;

/// <summary>The flows and tasks of the app. Made by <see cref="FlowRegistryBuilder"/>.</summary>
public sealed class FlowRegistry
{
    private readonly FrozenDictionary<string, FlowDefinition> _flows;
    private readonly FrozenDictionary<string, TaskDefinition> _tasks;
    private readonly FrozenDictionary<MethodInfo, RunnableDefinition> _methods;
    private readonly bool _persistsResults;

    internal FlowRegistry(IEnumerable<FlowDefinition> flows, IEnumerable<TaskDefinition> tasks, bool persistsResults)
    {
        _persistsResults = persistsResults;
        Flows = [.. flows.OrderBy(flow => flow.Name, StringComparer.Ordinal)];
        Tasks = [.. tasks.OrderBy(task => task.Key, StringComparer.Ordinal)];
        _flows = Flows.ToFrozenDictionary(flow => flow.Name, StringComparer.Ordinal);
        _tasks = Tasks.ToFrozenDictionary(task => task.Key, StringComparer.Ordinal);
        _methods = Flows.Concat<RunnableDefinition>(Tasks).ToFrozenDictionary(definition => definition.Method);
    }

    /// <summary>All flows, by name.</summary>
    public IReadOnlyList<FlowDefinition> Flows { get; }

    /// <summary>All tasks, by key.</summary>
    public IReadOnlyList<TaskDefinition> Tasks { get; }

    /// <summary>Finds a flow by its name.</summary>
    /// <param name="name">The flow's name.</param>
    /// <param name="flow">The flow, if there is one.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryGetFlow(string name, [NotNullWhen(true)] out FlowDefinition? flow) => _flows.TryGetValue(name, out flow);

    /// <summary>Finds a task by its key.</summary>
    /// <param name="key">The key: <see cref="RunnableDefinition.Key"/>.</param>
    /// <param name="task">The task, if there is one.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryGetTask(string key, [NotNullWhen(true)] out TaskDefinition? task) => _tasks.TryGetValue(key, out task);

    /// <summary>Finds the task or flow that made a value, by its key.</summary>
    /// <param name="key">The key: <see cref="RunnableDefinition.Key"/>.</param>
    /// <param name="definition">The task or flow, if there is one.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryGetMaker(string key, [NotNullWhen(true)] out RunnableDefinition? definition)
    {
        definition = TryGetTask(key, out var task) ? task : Flows.FirstOrDefault(flow => flow.Key == key);
        return definition is not null;
    }

    /// <summary>Whether the value of a flow run is kept.</summary>
    /// <param name="settings">What applies to the run.</param>
    /// <returns>False if it is not to outlive the histories.</returns>
    public bool KeepsResults(FlowResults settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return settings.Persists ?? _persistsResults;
    }

    /// <summary>What becomes of the values of a call where the task does not say it; the order is Prefect's.</summary>
    /// <param name="flow">What applies to the flow run that calls; null if its flow is not registered.</param>
    /// <param name="task">The task.</param>
    /// <param name="caching">How the call is cached; null for what the task declares.</param>
    /// <returns>What applies; null for values that are kept with their runs, or where the task says.</returns>
    public CallResults? ResultsOf(FlowResults? flow, TaskDefinition task, CallCaching? caching)
    {
        ArgumentNullException.ThrowIfNull(task);
        if (task.ValueType is null)
        {
            return null;
        }

        bool? isCached = caching is not null && task.CachingOf(caching) is not null ? true : null;
        var isKept = task.Persists ?? isCached ?? flow?.Persists ?? _persistsResults;
        return !isKept ? new CallResults(IsUnkept: true)
            : task.Results is null && flow is { Storage: { } storage } ? new CallResults(Storage: storage, Serializer: flow.Serializer)
            : null;
    }

    /// <summary>The task that a method is.</summary>
    /// <param name="method">A method marked with <see cref="TaskAttribute"/>.</param>
    /// <returns>The task.</returns>
    /// <exception cref="FlowRegistrationException">The method is no registered task.</exception>
    public TaskDefinition GetTask(MethodInfo method) =>
        Get(method) as TaskDefinition ?? throw new FlowRegistrationException($"{RunnableDefinition.KeyOf(method)} is a flow, not a task.");

    /// <summary>The flow or task that a method is.</summary>
    /// <param name="method">A method marked with <see cref="TaskAttribute"/> or <see cref="FlowAttribute"/>.</param>
    /// <returns>Its definition.</returns>
    /// <exception cref="FlowRegistrationException">The method is neither, or is not registered.</exception>
    public RunnableDefinition Get(MethodInfo method)
    {
        ArgumentNullException.ThrowIfNull(method);
        if (_methods.TryGetValue(method, out var definition))
        {
            return definition;
        }

        var name = RunnableDefinition.KeyOf(method);
        throw new FlowRegistrationException(
            method.IsDefined(typeof(TaskAttribute))
                ? $"Task {name} is not registered: add its assembly (AddAssembly) or its class (AddTasks)."
            : method.IsDefined(typeof(FlowAttribute)) ? $"Flow {name} is not registered: add it (AddFlow) or its assembly (AddAssembly)."
            : $"{name} is neither a task nor a flow: mark it with [Task] or [Flow], or call it directly if it is deterministic."
        );
    }
}
