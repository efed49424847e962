using System.ComponentModel;
using System.Reflection;
using Microsoft.Extensions.Logging;
using Serverless.Flows.Binding;
using Serverless.Flows.Calls;
using Serverless.Flows.Results;

namespace Serverless.Flows;

/// <summary>What is known about a flow or task: its settings, its parameters and how to run it.</summary>
public abstract class RunnableDefinition
{
    private const int MostTags = 1_000;
    private const int LongestText = 1_024;

    private readonly Lazy<string> _schema;
    private readonly Func<Exception, int, bool>? _mayRetry;
    private readonly RunNameTemplate? _runName;

    private protected RunnableDefinition(
        string kind,
        MethodInfo method,
        string? name,
        string? description,
        string? version,
        IReadOnlyList<string> tags,
        double timeoutSeconds,
        RunRetryPolicy retry,
        Type[] retryOn,
        Type[] noRetryOn,
        string? retryCondition,
        HookNames hooks,
        string? runName,
        IReadOnlyList<string>? further = null
    )
    {
        Method = method;
        ValueType = ResultAdapter.ValueTypeOf(method);
        Key = KeyOf(method);
        Name = name ?? DefaultName.Of(method);
        Target = $"{kind} '{Name}'";
        Description = description ?? method.GetCustomAttribute<DescriptionAttribute>()?.Description;
        Version = version;
        Tags = [.. tags ?? []];
        List<string> problems = [.. SignatureRules.Problems(method, isFlow: kind == "flow"), .. further ?? []];
        if (Tags.Count > MostTags || Tags.Any(tag => string.IsNullOrEmpty(tag) || tag.Length > LongestText))
        {
            problems.Add($"Tags must be at most {MostTags} texts of 1 to {LongestText} characters");
        }

        if (Name.Length > LongestText)
        {
            problems.Add($"its name has {Name.Length} characters; {LongestText} are allowed");
        }

        Retry = retry with
        {
            RetryOn = RetryConditions.NamesOf(retryOn, nameof(TaskAttribute.RetryOn), problems),
            NoRetryOn = RetryConditions.NamesOf(noRetryOn, nameof(TaskAttribute.NoRetryOn), problems),
        };
        _mayRetry = RetryConditions.Find(method, retryCondition, problems);
        Hooks = HookReader.Read(method, Target, hooks, problems);
        if (timeoutSeconds is >= 0 and <= Durations.LongestTimeout)
        {
            Timeout = timeoutSeconds > 0 ? TimeSpan.FromSeconds(timeoutSeconds) : null;
        }
        else
        {
            problems.Add($"TimeoutSeconds is {timeoutSeconds}; it must be 0 (no limit) to {Durations.LongestTimeout}");
        }

        if (retry.Problem is { } problem)
        {
            problems.Add(problem);
        }

        var callable = problems.Count == 0 ? new Callable(Target, method) : null;
        _runName = callable is null ? null : RunNameTemplate.Parse(nameof(TaskAttribute.RunName), runName, callable.Parameters, problems);
        Refuse(problems);
        Callable = callable!;
        _schema = new Lazy<string>(() => SchemaBuilder.Build(Callable.Parameters));
    }

    /// <summary>Throws when something is wrong with the declaration.</summary>
    private protected void Refuse(IReadOnlyCollection<string> problems)
    {
        if (problems.Count > 0)
        {
            throw new FlowRegistrationException([.. problems.Select(text => $"{Target} ({Key}): {text}.")]);
        }
    }

    /// <summary>The name that people and the API use.</summary>
    public string Name { get; }

    /// <summary>Names the method: <c>{full name of the declaring type}.{method}</c>. Unique in the app.</summary>
    public string Key { get; }

    /// <summary>Free text; null for none.</summary>
    public string? Description { get; }

    /// <summary>The declared version; null for none.</summary>
    public string? Version { get; }

    /// <summary>Tags of every run.</summary>
    public IReadOnlyList<string> Tags { get; }

    /// <summary>When a failed run is tried again.</summary>
    public RunRetryPolicy Retry { get; }

    /// <summary>How long a run, or an attempt of a task, may take; null for no limit.</summary>
    public TimeSpan? Timeout { get; }

    /// <summary>The methods that are called when something happens to a run, in the order in which they are declared.</summary>
    public IReadOnlyList<HookDefinition> Hooks { get; }

    /// <summary>The method that is run.</summary>
    public MethodInfo Method { get; }

    /// <summary>The JSON schema of the parameters, in the form of Prefect's <c>parameter_openapi_schema</c>.</summary>
    public string ParameterSchemaJson => _schema.Value;

    /// <summary>The definition in words: <c>flow 'hello'</c>.</summary>
    internal string Target { get; }

    internal Callable Callable { get; }

    /// <summary>Whether results are kept, as the declaration says; null if it does not.</summary>
    internal bool? Persists { get; private protected init; }

    /// <summary>Where the values are stored; null for values that are kept with the run.</summary>
    internal ResultDeclaration? Results { get; private protected init; }

    /// <summary>Whether the declaration says that the values lie in a result storage.</summary>
    public bool StoresResults => Results is not null;

    /// <summary>The type of the value; null for none.</summary>
    internal Type? ValueType { get; }

    /// <summary>What calls of it say that they called.</summary>
    internal Called Called => field ??= Called.Of(this);

    /// <summary>Everything that is wrong with parameters; empty if they can be run with.</summary>
    /// <param name="json">A JSON object; empty text counts as an empty object.</param>
    public IReadOnlyList<ParameterError> ValidateParameters(string json) => Callable.Binder.Validate(json);

    /// <summary>Whether the declaration gives runs their names.</summary>
    public bool NamesRuns => _runName is not null;

    /// <summary>The name that the declaration gives a run; null when it declares none.</summary>
    /// <param name="argumentsJson">The run's parameters or arguments: a JSON object.</param>
    public string? NameOfRun(string argumentsJson) => _runName?.Format(argumentsJson);

    /// <summary>Whether the declared conditions let a failed attempt be retried, if there are retries left.</summary>
    /// <param name="error">What the attempt failed with.</param>
    /// <param name="attempt">The attempt's number; the first is 1.</param>
    /// <param name="logger">Told when the author's own condition throws: there is no further attempt then, as in Prefect.</param>
    /// <param name="policy">The policy of the call; null for the declared one.</param>
    /// <returns>False when no further attempt may be made.</returns>
    public bool MayRetry(Exception error, int attempt, ILogger logger, RunRetryPolicy? policy = null)
    {
        if (!(policy ?? Retry).Covers(error))
        {
            return false;
        }

        try
        {
            return _mayRetry is null || _mayRetry(error, attempt);
        }
#pragma warning disable CA1031 // Whatever the author's condition throws, the failure that it is about is the run's.
        catch (Exception wrong)
#pragma warning restore CA1031
        {
            logger.LogError(wrong, "The retry condition of {Target} has failed: there is no further attempt.", Target);
            return false;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Target;

    internal static string KeyOf(MethodInfo method) => $"{method.DeclaringType?.FullName}.{method.Name}";
}
