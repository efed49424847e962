using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Serverless.Flows;

/// <summary>The flows and tasks of the app. Made by <see cref="FlowRegistryBuilder"/>.</summary>
public sealed class FlowRegistry
{
    private readonly FrozenDictionary<string, FlowDefinition> _flows;
    private readonly FrozenDictionary<string, TaskDefinition> _tasks;
    private readonly FrozenDictionary<MethodInfo, RunnableDefinition> _methods;

    internal FlowRegistry(IEnumerable<FlowDefinition> flows, IEnumerable<TaskDefinition> tasks)
    {
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
