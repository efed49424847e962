using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Functions.Histories;
using Serverless.Server.Runs;

namespace Serverless.Functions.Http;

/// <summary>
/// The HTTP triggers of the function app. All run the endpoints of Serverless.Api: the catch-all the whole REST API,
/// the named ones a single operation each, so that an operator can give it a function key of its own, or none.
/// </summary>
/// <param name="api">The endpoints.</param>
public sealed class RestApiFunctions(RestApi api)
{
    /// <summary>The REST API; more specific routes of other triggers win over it.</summary>
    [Function("Api")]
    public Task ApiAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "post", "put", "patch", "delete", "options", "head", Route = "{*path}")]
            HttpRequest request
    ) => api.InvokeAsync(request);

    /// <summary>Whether the app is alive. Probes and load balancers have no key.</summary>
    [Function("Health")]
    public Task HealthAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health")] HttpRequest request) =>
        api.InvokeAsync(request);

    /// <summary>Whether the app takes requests: it has started and its store answers.</summary>
    [Function("Ready")]
    public Task ReadyAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "ready")] HttpRequest request) =>
        api.InvokeAsync(request);

    /// <summary>Creates a run of a deployment.</summary>
    [Function("CreateRun")]
    public Task CreateFlowRunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "deployments/{id:guid}/create_flow_run")] HttpRequest request
    ) => api.InvokeAsync(request);

    /// <summary>Gives the history of a run out, which only the host's durable client has.</summary>
    [Function("RunHistory")]
    public Task HistoryAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "flow_runs/{id:guid}/history")] HttpRequest request,
        [DurableClient] DurableTaskClient client
    )
    {
        ArgumentNullException.ThrowIfNull(request);
        var services = request.HttpContext.RequestServices;
        request.HttpContext.Features.Set<IFlowRunHistories>(ActivatorUtilities.CreateInstance<FlowRunHistories>(services, client));
        return api.InvokeAsync(request);
    }

    /// <summary>Pauses a run.</summary>
    [Function("PauseRun")]
    public Task PauseAsync([HttpTrigger(AuthorizationLevel.Function, "post", Route = "flow_runs/{id:guid}/pause")] HttpRequest request) =>
        api.InvokeAsync(request);

    /// <summary>Suspends a run.</summary>
    [Function("SuspendRun")]
    public Task SuspendAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "flow_runs/{id:guid}/suspend")] HttpRequest request
    ) => api.InvokeAsync(request);

    /// <summary>Resumes a run.</summary>
    [Function("ResumeRun")]
    public Task ResumeAsync([HttpTrigger(AuthorizationLevel.Function, "post", Route = "flow_runs/{id:guid}/resume")] HttpRequest request) =>
        api.InvokeAsync(request);

    /// <summary>Cancels a run.</summary>
    [Function("CancelRun")]
    public Task CancelAsync([HttpTrigger(AuthorizationLevel.Function, "post", Route = "flow_runs/{id:guid}/cancel")] HttpRequest request) =>
        api.InvokeAsync(request);
}
