using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Core.Models;
using Serverless.Core.Schemas;
using Serverless.Core.States;
using Serverless.Server.Runs;
using Serverless.Web.Forms;
using Serverless.Web.Http;
using Serverless.Web.Shared;

namespace Serverless.Web.FlowRuns;

/// <summary>The page of a flow run, and what one can do to the run there.</summary>
internal static class FlowRunPages
{
    private const string Gone = "There is no such flow run. It may have been deleted, by somebody or by the retention of old runs.";

    public static void MapFlowRuns(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/runs/flow-run/{id:guid}", ReadAsync);

        // Older clients of Prefect print this one.
        pages.MapGet("/flow-runs/flow-run/{id:guid}", ReadAsync);
    }

    public static void MapFlowRunActions(this IEndpointRouteBuilder actions)
    {
        var run = actions.MapGroup("/flow-run/{id:guid}");
        run.MapPost("/pause", PauseAsync);
        run.MapPost("/suspend", SuspendAsync);
        run.MapPost("/resume", ResumeAsync);
        run.MapPost("/cancel", CancelAsync);
        run.MapPost("/retry", RetryAsync);
        run.MapPost("/again", RunAgainAsync);
        run.MapPost("/delete", DeleteAsync);
    }

    private static async Task<IResult> ReadAsync(Guid id, HttpContext http, FlowRunReader reader)
    {
        if (http.Request.Headers["HX-Target"] == "tabs")
        {
            return await reader.ReadTabsAsync(id, http.Request, http.RequestAborted) is { } tabs
                ? PageResult.Of<FlowRunTabs>(tabs)
                : Missing(http);
        }

        return await reader.ReadAsync(id, http.Request, http.RequestAborted) is { } model
            ? PageResult.Of<FlowRunPage>(model)
            : Missing(http);
    }

    private static IResult Missing(HttpContext http) => PageErrors.Show(http, StatusCodes.Status404NotFound, Gone);

    private static async Task<IResult> PauseAsync(Guid id, HttpContext http, FlowRunControl control) =>
        Answer(
            http,
            await control.PauseAsync(id, FlowRunControl.DefaultPauseTimeout, cancellationToken: http.RequestAborted),
            "The run pauses. It fails if nobody resumes it within an hour."
        );

    private static async Task<IResult> SuspendAsync(Guid id, HttpContext http, FlowRunControl control) =>
        Answer(
            http,
            await control.SuspendAsync(id, FlowRunControl.DefaultPauseTimeout, cancellationToken: http.RequestAborted),
            "The run is suspended. It fails if nobody resumes it within an hour."
        );

    private static async Task<IResult> CancelAsync(Guid id, HttpContext http, FlowRunControl control) =>
        await control.CancelAsync(id, cancellationToken: http.RequestAborted) is var answer && WasCancelled(answer)
            ? PageResult.Done("The run is told to stop.")
            : Answer(http, answer, "");

    private static async Task<IResult> RetryAsync(Guid id, HttpContext http, RunGate gate, TimeProvider time) =>
        Answer(
            http,
            await gate.SetFlowRunStateAsync(
                id,
                ProposedStates.AwaitingRetry(time.GetUtcNow(), "Retried from the page"),
                cancellationToken: http.RequestAborted
            ),
            "The run starts again."
        );

    private static async Task<IResult> ResumeAsync(
        Guid id,
        HttpContext http,
        FlowRunControl control,
        FlowRunService runs,
        FlowRunReader reader
    )
    {
        if (await runs.GetAsync(id, http.RequestAborted) is not { } run)
        {
            return Missing(http);
        }

        if (await reader.PauseAsync(run, http.RequestAborted) is not { } pause)
        {
            return Answer(http, await control.ResumeAsync(id, cancellationToken: http.RequestAborted), "The run goes on.");
        }

        var schema = await reader.SchemaAsync(run, http.RequestAborted);
        var form = SchemaFormReader.Read(schema, PageForm.Of(http), out var values);
        if (form.Errors.Count == 0)
        {
            form = form with { Errors = ParameterSchema.Validate(schema!.Value, values) };
        }

        if (form.Errors.Count == 0)
        {
            var answer = await control.ResumeAsync(id, values, http.RequestAborted);
            if (answer.IsAccepted)
            {
                return PageResult.Done("The run goes on.");
            }

            form = form with { Errors = [new SchemaError("$", answer.Reason ?? "It was refused.")] };
        }

        return PageResult.Of<PauseForm>(pause with { Form = form }, StatusCodes.Status422UnprocessableEntity);
    }

    private static async Task<IResult> RunAgainAsync(Guid id, HttpContext http, FlowRunService runs)
    {
        if (await runs.GetAsync(id, http.RequestAborted) is not { } run)
        {
            return Missing(http);
        }

        FlowRunCreate request = new()
        {
            FlowId = run.FlowId,
            FlowVersion = run.FlowVersion,
            Parameters = run.Parameters,
            Tags = run.Tags,
            EmpiricalPolicy = run.EmpiricalPolicy,
            State = ProposedStates.Scheduled(),
        };
        var created = await runs.CreateAsync(request, cancellationToken: http.RequestAborted);
        return PageResult.Of<NoticeView>(
            Notice.Done("A new run was made:", Links.Of(http.Request).FlowRun(created.Run.Id), created.Run.Name)
        );
    }

    private static async Task<IResult> DeleteAsync(Guid id, HttpContext http, FlowRunService runs)
    {
        if (!await runs.DeleteAsync(id, http.RequestAborted))
        {
            return Missing(http);
        }

        return PageForwards.To(http, Links.Of(http.Request)["/runs"]);
    }

    /// <summary>
    /// A run of which nothing executes yet is cancelled at once: the rules refuse that it stops first, and put the end in its place.
    /// </summary>
    internal static bool WasCancelled(GateAnswer answer) =>
        answer is GateAnswer.Accepted or GateAnswer.Rejected { State.Type: StateType.Cancelled };

    /// <summary>What came of a proposed state.</summary>
    private static IResult Answer(HttpContext http, GateAnswer answer, string done) =>
        answer switch
        {
            GateAnswer.Missing => Missing(http),
            { IsAccepted: true } => PageResult.Done(done),
            _ => PageErrors.Show(http, StatusCodes.Status409Conflict, answer.Reason ?? "The run's state does not allow it."),
        };
}
