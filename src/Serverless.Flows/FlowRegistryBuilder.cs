using System.Reflection;

namespace Serverless.Flows;

/// <summary>Collects flows and tasks; <see cref="Build"/> tells all that is wrong with them at once.</summary>
public sealed class FlowRegistryBuilder
{
    private const BindingFlags Declared =
        BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private readonly Dictionary<string, FlowDefinition> _flows = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TaskDefinition> _tasks = new(StringComparer.Ordinal);
    private readonly HashSet<Assembly> _assemblies = [];
    private readonly List<string> _problems = [];

    /// <summary>Adds one flow, and all tasks of its assembly.</summary>
    /// <param name="flow">The flow's method, as in <c>AddFlow(HelloFlow.Run)</c>.</param>
    /// <returns>This builder.</returns>
    public FlowRegistryBuilder AddFlow(Delegate flow)
    {
        ArgumentNullException.ThrowIfNull(flow);
        if (flow.Method.GetCustomAttribute<FlowAttribute>() is { } settings)
        {
            Try(() => Add(new FlowDefinition(flow.Method, settings)));
        }
        else
        {
            Refuse([$"{RunnableDefinition.KeyOf(flow.Method)} is not a flow: mark it with [Flow]."]);
        }

        return AddTasksOf(flow.Method.Module.Assembly);
    }

    /// <summary>Adds the flows of a class, and all tasks of its assembly.</summary>
    /// <typeparam name="T">The class; for a static one use <see cref="AddFlows(Type)"/>.</typeparam>
    /// <returns>This builder.</returns>
    public FlowRegistryBuilder AddFlow<T>() => AddFlows(typeof(T));

    /// <summary>Adds the flows of a class, and all tasks of its assembly.</summary>
    /// <param name="type">The class.</param>
    /// <returns>This builder.</returns>
    public FlowRegistryBuilder AddFlows(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        if (AddFlowsOf(type) == 0)
        {
            Refuse([$"{type.FullName} has no flow: mark a method with [Flow]."]);
        }

        return AddTasksOf(type.Assembly);
    }

    /// <summary>Adds all flows and tasks of an assembly.</summary>
    /// <param name="assembly">The assembly.</param>
    /// <returns>This builder.</returns>
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
    public FlowRegistryBuilder AddTasks(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        foreach (var method in type.GetMethods(Declared))
        {
            if (method.GetCustomAttribute<TaskAttribute>() is { } settings)
            {
                Try(() => Add(new TaskDefinition(method, settings)));
            }
        }

        return this;
    }

    /// <summary>The registry of what was added.</summary>
    /// <returns>The registry; later additions do not change it.</returns>
    /// <exception cref="FlowRegistrationException">Flows or tasks cannot work; names all of them, and says why.</exception>
    public FlowRegistry Build() =>
        _problems.Count == 0 ? new(_flows.Values, _tasks.Values) : throw new FlowRegistrationException([.. _problems]);

    private void Try(Action add)
    {
        try
        {
            add();
        }
        catch (FlowRegistrationException wrong)
        {
            Refuse(wrong.Problems);
        }
    }

    private void Refuse(IEnumerable<string> problems) => _problems.AddRange(problems.Except(_problems, StringComparer.Ordinal));

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
                Try(() => Add(new FlowDefinition(method, settings)));
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
            throw new FlowRegistrationException(
                $"Two flows are named '{flow.Name}': {_flows[flow.Name].Key} and {flow.Key}. Rename one of them: [Flow(\"…\")]."
            );
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
