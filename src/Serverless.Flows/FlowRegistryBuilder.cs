using System.Reflection;

namespace Serverless.Flows;

/// <summary>Collects flows and tasks; every problem of a declaration shows when it is added.</summary>
public sealed class FlowRegistryBuilder
{
    private const BindingFlags Declared =
        BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private readonly Dictionary<string, FlowDefinition> _flows = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TaskDefinition> _tasks = new(StringComparer.Ordinal);
    private readonly HashSet<Assembly> _assemblies = [];

    /// <summary>Adds one flow, and all tasks of its assembly.</summary>
    /// <param name="flow">The flow's method, as in <c>AddFlow(HelloFlow.Run)</c>.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="FlowRegistrationException">The flow or a task cannot work; says why.</exception>
    public FlowRegistryBuilder AddFlow(Delegate flow)
    {
        ArgumentNullException.ThrowIfNull(flow);
        var settings = flow.Method.GetCustomAttribute<FlowAttribute>()
            ?? throw new FlowRegistrationException($"{RunnableDefinition.KeyOf(flow.Method)} is not a flow: mark it with [Flow].");
        Add(new FlowDefinition(flow.Method, settings));
        return AddTasksOf(flow.Method.Module.Assembly);
    }

    /// <summary>Adds the flows of a class, and all tasks of its assembly.</summary>
    /// <typeparam name="T">The class; for a static one use <see cref="AddFlows(Type)"/>.</typeparam>
    /// <returns>This builder.</returns>
    /// <exception cref="FlowRegistrationException">A flow or task cannot work; says why. Or the class has no flow.</exception>
    public FlowRegistryBuilder AddFlow<T>() => AddFlows(typeof(T));

    /// <summary>Adds the flows of a class, and all tasks of its assembly.</summary>
    /// <param name="type">The class.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="FlowRegistrationException">A flow or task cannot work; says why. Or the class has no flow.</exception>
    public FlowRegistryBuilder AddFlows(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return AddFlowsOf(type) == 0
            ? throw new FlowRegistrationException($"{type.FullName} has no flow: mark a method with [Flow].")
            : AddTasksOf(type.Assembly);
    }

    /// <summary>Adds all flows and tasks of an assembly.</summary>
    /// <param name="assembly">The assembly.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="FlowRegistrationException">A flow or task cannot work; says why.</exception>
    public FlowRegistryBuilder AddAssembly(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        foreach (var type in assembly.GetTypes())
        {
            AddFlowsOf(type);
        }

        return AddTasksOf(assembly);
    }

    /// <summary>Adds the tasks of a class; needed only for tasks in an assembly that no flow was added from.</summary>
    /// <param name="type">The class.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="FlowRegistrationException">A task cannot work; says why.</exception>
    public FlowRegistryBuilder AddTasks(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        foreach (var method in type.GetMethods(Declared))
        {
            if (method.GetCustomAttribute<TaskAttribute>() is { } settings)
            {
                Add(new TaskDefinition(method, settings));
            }
        }

        return this;
    }

    /// <summary>The registry of what was added.</summary>
    /// <returns>The registry; later additions do not change it.</returns>
    public FlowRegistry Build() => new(_flows.Values, _tasks.Values);

    private FlowRegistryBuilder AddTasksOf(Assembly assembly)
    {
        if (_assemblies.Add(assembly))
        {
            foreach (var type in assembly.GetTypes())
            {
                AddTasks(type);
            }
        }

        return this;
    }

    private int AddFlowsOf(Type type)
    {
        var found = 0;
        foreach (var method in type.GetMethods(Declared))
        {
            if (method.GetCustomAttribute<FlowAttribute>() is { } settings)
            {
                Add(new FlowDefinition(method, settings));
                found++;
            }
        }

        return found;
    }

    private void Add(FlowDefinition flow)
    {
        if (string.IsNullOrWhiteSpace(flow.Name) || flow.Name.AsSpan().ContainsAny('/', '%', '\\'))
        {
            throw new FlowRegistrationException($"{flow.Target} ({flow.Key}): a flow's name must not be empty or contain / % \\.");
        }

        if (!_flows.TryAdd(flow.Name, flow) && _flows[flow.Name].Method != flow.Method)
        {
            throw new FlowRegistrationException($"Two flows are named '{flow.Name}': {_flows[flow.Name].Key} and {flow.Key}. Give one another name: [Flow(\"…\")].");
        }
    }

    private void Add(TaskDefinition task)
    {
        if (!_tasks.TryAdd(task.Key, task) && _tasks[task.Key].Method != task.Method)
        {
            throw new FlowRegistrationException($"{task.Key} is overloaded: tasks of one class need different method names.");
        }
    }
}
