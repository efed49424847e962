using Serverless.Core.States;
using Serverless.Flows.Binding;
using Serverless.Flows.Calls;

namespace Serverless.Flows;

public sealed partial class FlowContext
{
    /// <summary>
    /// Runs a deployment and waits for the run: of a flow of this app, or of any other whose runs a worker or a Python process executes.
    /// A task run of this flow stands for it, as for a subflow.
    /// </summary>
    /// <typeparam name="T">The type of the run's result.</typeparam>
    /// <param name="deployment">The deployment: <c>{flow name}/{deployment name}</c>, or its id.</param>
    /// <param name="parameters">The parameters that differ from the deployment's: an object, or a dictionary; null for none.</param>
    /// <param name="options">How it is run; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the wait only: the run goes on, and the flow waits for it before it ends.</param>
    /// <returns>The run's result.</returns>
    /// <exception cref="ArgumentException">The parameters are no object, or the options make no sense.</exception>
    /// <exception cref="PayloadLimitException">The parameters exceed <see cref="PayloadLimitException.MaxCharacters"/>.</exception>
    /// <exception cref="RunException">
    /// The run did not complete in time, or could not be created: there is no such deployment, or its schema refuses the parameters.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token is cancelled, or the flow run is being cancelled.</exception>
    public Task<T> RunDeploymentAsync<T>(
        string deployment,
        object? parameters = null,
        DeploymentRunOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        return _steps.Wait(RunAsync(), BodySteps.Failure);

        async Task<T> RunAsync()
        {
            cancellationToken.ThrowIfCancellationRequested();
            return await SubmitDeployment<T>(deployment, parameters, options).ValueAsync().WaitAsync(cancellationToken);
        }
    }

    /// <inheritdoc cref="RunDeploymentAsync{T}"/>
    /// <returns>A task that is done when the run is completed.</returns>
    public Task RunDeploymentAsync(
        string deployment,
        object? parameters = null,
        DeploymentRunOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        return _steps.Wait(RunAsync(), BodySteps.Failure);

        async Task RunAsync()
        {
            cancellationToken.ThrowIfCancellationRequested();
            await SubmitDeployment(deployment, parameters, options).CompletionAsync().WaitAsync(cancellationToken);
        }
    }

    /// <summary>Runs a deployment as <see cref="RunDeploymentAsync{T}"/> does, and goes on at once.</summary>
    /// <typeparam name="T">The type of the run's result.</typeparam>
    /// <param name="deployment">The deployment: <c>{flow name}/{deployment name}</c>, or its id.</param>
    /// <param name="parameters">The parameters that differ from the deployment's: an object, or a dictionary; null for none.</param>
    /// <param name="options">How it is run; null for the defaults.</param>
    /// <returns>The run's future.</returns>
    /// <exception cref="ArgumentException">The parameters are no object, or the options make no sense.</exception>
    /// <exception cref="PayloadLimitException">The parameters exceed <see cref="PayloadLimitException.MaxCharacters"/>.</exception>
    public TaskFuture<T> SubmitDeployment<T>(string deployment, object? parameters = null, DeploymentRunOptions? options = null) =>
        new(
            Called.Deployment(deployment),
            CallOutcomes.Of(_calls.StartDeployment(deployment, Json(deployment, parameters), options ?? new(), waits: true)),
            index: 0,
            _steps
        );

    /// <inheritdoc cref="SubmitDeployment{T}"/>
    public TaskFuture SubmitDeployment(string deployment, object? parameters = null, DeploymentRunOptions? options = null) =>
        new(
            Called.Deployment(deployment),
            CallOutcomes.Of(_calls.StartDeployment(deployment, Json(deployment, parameters), options ?? new(), waits: true)),
            index: 0,
            _steps
        );

    /// <summary>
    /// Creates a run of a deployment and does not wait for it: it belongs to nobody, and goes on when this flow ends or is cancelled.
    /// </summary>
    /// <param name="deployment">The deployment: <c>{flow name}/{deployment name}</c>, or its id.</param>
    /// <param name="parameters">The parameters that differ from the deployment's: an object, or a dictionary; null for none.</param>
    /// <param name="options">How it is run, without a deadline; null for the defaults.</param>
    /// <returns>The run's id.</returns>
    /// <exception cref="ArgumentException">The parameters are no object, or the options make no sense.</exception>
    /// <exception cref="PayloadLimitException">The parameters exceed <see cref="PayloadLimitException.MaxCharacters"/>.</exception>
    /// <exception cref="FailedRunException">
    /// The run could not be created: there is no such deployment, or its schema refuses the parameters.
    /// </exception>
    /// <exception cref="OperationCanceledException">The flow run is being cancelled.</exception>
    public async Task<Guid> StartDeploymentAsync(string deployment, object? parameters = null, DeploymentRunOptions? options = null)
    {
        var created = _calls.StartDeployment(deployment, Json(deployment, parameters), options ?? new(), waits: false);
        var outcome = await _steps.Wait(created);
        return outcome.Type.IsFinal() && outcome.StateId == default
            ? throw new FailedRunException($"Deployment '{deployment}' cannot be run: {outcome.Message}", outcome.ErrorType)
            : outcome.RunId;
    }

    private static string Json(string deployment, object? parameters)
    {
        ArgumentException.ThrowIfNullOrEmpty(deployment);
        if (parameters is null)
        {
            return "{}";
        }

        var json = BoundedJson.Write(
            parameters,
            FlowJson.Options.GetTypeInfo(parameters.GetType()),
            () => $"The parameters of deployment '{deployment}'"
        );
        return json.StartsWith('{')
            ? json
            : throw new ArgumentException(
                $"The parameters of deployment '{deployment}' must be an object or a dictionary; {parameters.GetType().Name} is neither.",
                nameof(parameters)
            );
    }
}
