using System.Reflection;
using Serverless.Flows.Hosting;

namespace Serverless.Flows;

/// <summary>Collects flows and tasks; <see cref="Build"/> tells all that is wrong with them at once.</summary>
public class FlowRegistryBuilder
{
    private const BindingFlags Declared =
        BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private readonly Dictionary<string, FlowDefinition> _flows;
    private readonly Dictionary<string, TaskDefinition> _tasks;
    private readonly HashSet<Assembly> _assemblies;
    private readonly List<string> _problems;
    private readonly Defaults _defaults;

    /// <summary>A builder without flows and tasks.</summary>
    public FlowRegistryBuilder()
    {
        _flows = new Dictionary<string, FlowDefinition>(StringComparer.Ordinal);
        _tasks = new Dictionary<string, TaskDefinition>(StringComparer.Ordinal);
        _assemblies = [];
        _problems = [];
        _defaults = new Defaults();
    }

    /// <summary>The registry, whose tasks and flows use storages that are there.</summary>
    internal FlowRegistry BuildWith(ResultStorages storages)
    {
        Refuse(storages.Problems.Concat(_tasks.Values.Concat<RunnableDefinition>(_flows.Values).SelectMany(storages.ProblemsOf)));
        return Build();
    }

    /// <summary>Another face of a builder, which adds to the same.</summary>
    private protected FlowRegistryBuilder(FlowRegistryBuilder builder)
    {
        _flows = builder._flows;
        _tasks = builder._tasks;
        _assemblies = builder._assemblies;
        _problems = builder._problems;
        _defaults = builder._defaults;
    }

    /// <summary>
    /// Says whether the results of flows and tasks are kept that do not say it themselves: <see cref="FlowAttribute.PersistResult"/>. They
    /// are unless this is called. Prefect's setting <c>results.persist_by_default</c>.
    /// </summary>
    /// <param name="byDefault">Whether they are kept.</param>
    /// <returns>This builder.</returns>
    public FlowRegistryBuilder PersistResults(bool byDefault)
    {
        _defaults.PersistsResults = byDefault;
        return this;
    }

    /// <summary>Adds one flow, and all tasks of its assembly.</summary>
    /// <param name="flow">The flow's method, as in <c>AddFlow(HelloFlow.Run)</c>.</param>
    /// <returns>This builder, to which deployments of the flow can be added.</returns>
    public FlowRegistration AddFlow(Delegate flow)
    {
        ArgumentNullException.ThrowIfNull(flow);
        if (flow.Method.GetCustomAttribute<FlowAttribute>() is { } settings)
        {
            Add(flow.Method, settings);
        }
        else
        {
            Refuse([$"{RunnableDefinition.KeyOf(flow.Method)} is not a flow: mark it with [Flow]."]);
        }

        AddTasksOf(flow.Method.Module.Assembly);
        return new FlowRegistration(this, [flow.Method]);
    }

    /// <summary>Adds the flows of a class, and all tasks of its assembly.</summary>
    /// <typeparam name="T">The class; for a static one use <see cref="AddFlows(Type)"/>.</typeparam>
    /// <returns>This builder, to which deployments can be added if the class has one flow.</returns>
    public FlowRegistration AddFlow<T>() => AddFlows(typeof(T));

    /// <summary>Adds the flows of a class, and all tasks of its assembly.</summary>
    /// <param name="type">The class.</param>
    /// <returns>This builder, to which deployments can be added if the class has one flow.</returns>
    public FlowRegistration AddFlows(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        var added = AddFlowsOf(type);
        if (added.Count == 0)
        {
            Refuse([$"{type.FullName} has no flow: mark a method with [Flow]."]);
        }

        AddTasksOf(type.Assembly);
        return new FlowRegistration(this, added);
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

        AddTasksOf(assembly);
        return this;
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
        _problems.Count == 0
            ? new(_flows.Values, _tasks.Values, _defaults.PersistsResults)
            : throw new FlowRegistrationException([.. _problems]);

    /// <summary>Adds a deployment to the flow of some methods, if there is one.</summary>
    private protected void AddDeployment(IReadOnlyList<MethodInfo> methods, Action<DeploymentBuilder> configure)
    {
        if (methods.Count > 1)
        {
            var flows = string.Join(", ", methods.Select(RunnableDefinition.KeyOf));
            Refuse([$"WithDeployment does not say which flow it means of {flows}: add that one by AddFlow, or mark it with [Deployment]."]);
        }
        else if (_flows.Values.FirstOrDefault(flow => methods.Contains(flow.Method)) is { } flow)
        {
            DeploymentBuilder deployment = new(flow);
            configure(deployment);
            Try(() => Add(flow, deployment.Draft));
        }
    }

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

    private void AddTasksOf(Assembly assembly)
    {
        if (_assemblies.Add(assembly))
        {
            foreach (var type in assembly.GetTypes())
            {
                AddTasks(type);
            }
        }
    }

    private List<MethodInfo> AddFlowsOf(Type type)
    {
        List<MethodInfo> found = [];
        foreach (var method in type.GetMethods(Declared))
        {
            if (method.GetCustomAttribute<FlowAttribute>() is { } settings)
            {
                Add(method, settings);
                found.Add(method);
            }
            else if (method.IsDefined(typeof(DeploymentAttribute)))
            {
                Refuse([$"{RunnableDefinition.KeyOf(method)} has a [Deployment] and is not a flow: mark it with [Flow]."]);
            }
        }

        return found;
    }

    private void Add(MethodInfo method, FlowAttribute settings) =>
        Try(() =>
        {
            FlowDefinition flow = new(method, settings);
            if (Add(flow))
            {
                foreach (var deployment in method.GetCustomAttributes<DeploymentAttribute>())
                {
                    Try(() => Add(flow, AttributeReader.Read(deployment)));
                }
            }
        });

    private void Add(FlowDefinition flow, DeploymentDraft draft)
    {
        var deployment = DeploymentChecks.Check(flow, draft);
        var known = _flows[flow.Name];
        _flows[flow.Name] = known.Deployments.Any(other => other.Name == deployment.Name)
            ? throw new FlowRegistrationException(
                DeploymentChecks.Problem(flow, deployment.Name, "the flow has two deployments of this name; rename one of them")
            )
            : known.With(deployment);
    }

    /// <summary>Whether the flow is new.</summary>
    private bool Add(FlowDefinition flow)
    {
        if (string.IsNullOrWhiteSpace(flow.Name) || flow.Name.AsSpan().ContainsAny('/', '%', '\\'))
        {
            throw new FlowRegistrationException($"{flow.Target} ({flow.Key}): a flow's name must not be empty or contain / % \\.");
        }

        if (_flows.TryAdd(flow.Name, flow))
        {
            return true;
        }

        return _flows[flow.Name].Method == flow.Method
            ? false
            : throw new FlowRegistrationException(
                $"Two flows are named '{flow.Name}': {_flows[flow.Name].Key} and {flow.Key}. Rename one of them: [Flow(\"…\")]."
            );
    }

    private void Add(TaskDefinition task)
    {
        if (!_tasks.TryAdd(task.Key, task) && _tasks[task.Key].Method != task.Method)
        {
            throw new FlowRegistrationException($"{task.Key} is overloaded: tasks of one class need different method names.");
        }
    }

    /// <summary>What the faces of a builder set together.</summary>
    private sealed class Defaults
    {
        public bool PersistsResults { get; set; } = true;
    }
}
