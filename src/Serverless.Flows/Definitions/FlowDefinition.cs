using System.Reflection;
using Serverless.Flows.Binding;
using Serverless.Flows.Hosting;
using Serverless.Flows.Results;

namespace Serverless.Flows;

/// <summary>A registered flow.</summary>
public sealed class FlowDefinition : RunnableDefinition
{
    internal FlowDefinition(MethodInfo method, FlowAttribute settings)
        : base(
            "flow",
            method,
            settings.Name,
            settings.Description,
            settings.Version,
            settings.Tags,
            settings.TimeoutSeconds,
            RunRetryPolicy.Of(settings.Retries, settings.RetryDelaySeconds, settings.RetryBackoffSeconds, jitterFactor: 0, out var delays),
            settings.RetryOn,
            settings.NoRetryOn,
            settings.RetryCondition,
            HookNames.Of(settings),
            settings.RunName,
            [.. delays, .. ResultDeclaration.Read(method, settings, out var results), .. ProblemsOfAssets(method)]
        )
    {
        Results = results;
        Persists = settings.Persists ?? (results is not null ? true : null);
    }

    /// <summary>The deployments that code declares, beside the deployment <c>default</c> that every flow has.</summary>
    public IReadOnlyList<DeploymentDefinition> Deployments { get; private set; } = [];

    /// <summary>
    /// Runs the flow's body, then waits for the calls that it left unfinished. Deterministic as long as the body is: all waiting
    /// goes through the context's engine, and continuations stay on the caller's scheduler.
    /// </summary>
    /// <param name="services">Builds the flow's class if the method is not static.</param>
    /// <param name="context">The running flow.</param>
    /// <param name="parametersJson">The parameters: a JSON object.</param>
    /// <returns>The state that the body asks for, and the result.</returns>
    /// <exception cref="ParameterValidationException">The parameters do not fit.</exception>
    public async Task<Returned> InvokeAsync(IServiceProvider services, FlowContext context, string parametersJson)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(context);
        var arguments = Callable.Binder.Bind(parametersJson, InjectedValues.For(context));
        try
        {
            return context.HandedOn(await Callable.InvokeAsync(services, arguments));
        }
        finally
        {
            await context.WhenIdleAsync();
        }
    }

    /// <summary>Whether the flow has a value.</summary>
    public bool HasValue => ValueType is not null;

    /// <summary>What the flow itself says about values.</summary>
    public FlowResults ResultSettings => new(Persists, Results?.Storage, Results?.Serializer);

    /// <summary>Where the value of a run is to be stored, its size apart; null for a value that is a result as usual.</summary>
    /// <param name="run">The run.</param>
    /// <param name="settings">What applies to the run: <see cref="ResultSettings"/>, and what its callers say.</param>
    /// <exception cref="InvalidOperationException">The key is none.</exception>
    public StoredResult? PlaceOf(FlowRunInfo run, FlowResults settings)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(settings);
        var key = Results?.Key ?? ResultKeyTemplate.DefaultOfFlow;
        return settings is { Persists: not false, Storage: { } storage, Serializer: { } serializer } && ValueType is not null
            ? new StoredResult(
                storage,
                key.KeyOf(Callable.Binder.WithDefaults(run.ParametersJson), run.FlowRunId, Name, run.FlowRunName),
                serializer,
                Size: 0,
                Key
            )
            : null;
    }

    private static string[] ProblemsOfAssets(MethodInfo method) =>
        method.IsDefined(typeof(MaterializeAttribute)) ? ["Materialize is for tasks: let a task of the flow make the asset"] : [];

    /// <summary>The flow with one more deployment.</summary>
    internal FlowDefinition With(DeploymentDefinition deployment)
    {
        var flow = (FlowDefinition)MemberwiseClone();
        flow.Deployments = [.. Deployments, deployment];
        return flow;
    }
}
