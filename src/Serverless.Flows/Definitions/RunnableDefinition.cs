using System.ComponentModel;
using System.Reflection;
using Serverless.Flows.Binding;

namespace Serverless.Flows;

/// <summary>What is known about a flow or task: its settings, its parameters and how to run it.</summary>
public abstract class RunnableDefinition
{
    private readonly Lazy<string> _schema;

    private protected RunnableDefinition(
        string kind,
        MethodInfo method,
        string? name,
        string? description,
        string? version,
        IReadOnlyList<string> tags,
        double timeoutSeconds,
        RunRetryPolicy retry
    )
    {
        Method = method;
        Key = KeyOf(method);
        Name = name ?? DefaultName.Of(method);
        Target = $"{kind} '{Name}'";
        Description = description ?? method.GetCustomAttribute<DescriptionAttribute>()?.Description;
        Version = version;
        Tags = [.. tags];
        Retry = retry;
        List<string> problems = [.. SignatureRules.Problems(method, isFlow: kind == "flow")];
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

        if (problems.Count > 0)
        {
            throw new FlowRegistrationException([.. problems.Select(text => $"{Target} ({Key}): {text}.")]);
        }

        Callable = new Callable(Target, method);
        _schema = new Lazy<string>(() => SchemaBuilder.Build(Callable.Parameters));
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

    /// <summary>The method that is run.</summary>
    public MethodInfo Method { get; }

    /// <summary>The JSON schema of the parameters, in the form of Prefect's <c>parameter_openapi_schema</c>.</summary>
    public string ParameterSchemaJson => _schema.Value;

    /// <summary>The definition in words: <c>flow 'hello'</c>.</summary>
    internal string Target { get; }

    internal Callable Callable { get; }

    /// <summary>Everything that is wrong with parameters; empty if they can be run with.</summary>
    /// <param name="json">A JSON object; empty text counts as an empty object.</param>
    public IReadOnlyList<ParameterError> ValidateParameters(string json) => Callable.Binder.Validate(json);

    /// <inheritdoc/>
    public override string ToString() => Target;

    internal static string KeyOf(MethodInfo method) => $"{method.DeclaringType?.FullName}.{method.Name}";
}
