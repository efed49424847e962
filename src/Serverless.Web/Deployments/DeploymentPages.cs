using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Api.Bodies;
using Serverless.Core.Models;
using Serverless.Core.Schemas;
using Serverless.Core.States;
using Serverless.Server;
using Serverless.Server.Deployments;
using Serverless.Server.Runs;
using Serverless.Web.Forms;
using Serverless.Web.Http;

namespace Serverless.Web.Deployments;

/// <summary>The list of deployments, one deployment, the form of a run, and what one can do there.</summary>
internal static class DeploymentPages
{
    private const string Gone = "There is no such deployment. It may have been deleted.";

    public static void MapDeployments(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/deployments", ListAsync);
        pages.MapGet("/deployments/deployment/{id:guid}", ReadAsync);
        pages.MapGet("/deployments/schedule-times", ShowTimesAsync);
        pages.MapGet("/deployments/deployment/{id:guid}/run", ReadFormAsync);
    }

    public static void MapDeploymentActions(this IEndpointRouteBuilder actions)
    {
        var one = actions.MapGroup("/deployment/{id:guid}");
        one.MapPost("/run", RunAsync);
        one.MapPost("/run-now", RunNowAsync);
        one.MapPost("/pause", (Guid id, HttpContext http, DeploymentControl control) => PauseAsync(id, true, http, control));
        one.MapPost("/resume", (Guid id, HttpContext http, DeploymentControl control) => PauseAsync(id, false, http, control));
        one.MapPost("/delete", DeleteAsync);
        one.MapPost("/schedules", AddScheduleAsync);
        one.MapPost("/schedule/{scheduleId:guid}/update", UpdateScheduleAsync);
        one.MapPost("/schedule/{scheduleId:guid}/switch", SwitchScheduleAsync);
        one.MapPost("/schedule/{scheduleId:guid}/delete", DeleteScheduleAsync);
    }

    private static async Task<IResult> ListAsync(HttpContext http, DeploymentReader reader) =>
        PageResult.Of<DeploymentsPage>(await reader.ListAsync(http.Request, http.RequestAborted));

    private static async Task<IResult> ReadAsync(Guid id, HttpContext http, DeploymentReader reader) =>
        await reader.ReadAsync(id, http.RequestAborted) is { } model ? PageResult.Of<DeploymentPage>(model) : Missing(http);

    private static async Task<IResult> ReadFormAsync(
        Guid id,
        Guid? from,
        HttpContext http,
        DeploymentService deployments,
        FlowRunService runs,
        DeploymentReader reader
    )
    {
        if (await deployments.GetAsync(id, http.RequestAborted) is not { } deployment)
        {
            return Missing(http);
        }

        var before = from is { } run ? await runs.GetAsync(run, http.RequestAborted) : null;
        return PageResult.Of<RunFormPage>(
            new RunFormModel(
                deployment,
                await reader.FlowNameAsync(deployment, http.RequestAborted),
                SchemaFormModel.Of(deployment.ParameterOpenapiSchema, before?.Parameters ?? deployment.Parameters)
            )
        );
    }

    private static async Task<IResult> RunAsync(
        Guid id,
        HttpContext http,
        DeploymentService deployments,
        FlowRunService runs,
        ParameterSize size,
        DeploymentReader reader
    )
    {
        if (await deployments.GetAsync(id, http.RequestAborted) is not { } deployment)
        {
            return Missing(http);
        }

        var fields = PageForm.Of(http);
        var form = SchemaFormReader.Read(deployment.ParameterOpenapiSchema, fields, out var values);
        string? error = null;
        DateTimeOffset? at = null;
        if (fields.Text("at") is { } text)
        {
            if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var due))
            {
                at = due;
            }
            else
            {
                error = "The time is not one: write 2026-01-31 14:00, in UTC.";
            }
        }

        if (form.Errors.Count == 0 && deployment is { EnforceParameterSchema: true, ParameterOpenapiSchema: { } schema })
        {
            form = form with { Errors = ParameterSchema.Validate(schema, Merged(deployment, values)) };
        }

        if (form.Errors.Count == 0 && error is null)
        {
            try
            {
                size.Check(http.Request, values);
                DeploymentFlowRunCreate request = new()
                {
                    Name = fields.Text("name"),
                    Parameters = values,
                    Tags = fields.Words("tags"),
                    State = ProposedStates.Scheduled(at),
                };
                if (await runs.CreateFromDeploymentAsync(id, request, cancellationToken: http.RequestAborted) is { } created)
                {
                    return PageForwards.To(http, Links.Of(http.Request).FlowRun(created.Run.Id));
                }

                return Missing(http);
            }
            catch (Exception refused) when (refused is RequestRefusedException or RequestConflictException or HydrationException)
            {
                error = refused.Message;
            }
        }

        RunFormModel model = new(
            deployment,
            await reader.FlowNameAsync(deployment, http.RequestAborted),
            form,
            fields.Text("name") ?? "",
            fields.Text("tags") ?? "",
            fields.Text("at") ?? "",
            error
        );
        return PageResult.Of<RunForm>(model, StatusCodes.Status422UnprocessableEntity);
    }

    private static Dictionary<string, JsonElement> Merged(Deployment deployment, IReadOnlyDictionary<string, JsonElement> values)
    {
        Dictionary<string, JsonElement> all = new(deployment.Parameters, StringComparer.Ordinal);
        foreach (var (name, value) in values)
        {
            all[name] = value;
        }

        return all;
    }

    private static async Task<IResult> RunNowAsync(Guid id, HttpContext http, FlowRunService runs) =>
        await runs.CreateFromDeploymentAsync(id, new DeploymentFlowRunCreate(), cancellationToken: http.RequestAborted) is { } created
            ? PageResult.Done("A run was made:", Links.Of(http.Request).FlowRun(created.Run.Id), created.Run.Name)
            : Missing(http);

    private static async Task<IResult> PauseAsync(Guid id, bool paused, HttpContext http, DeploymentControl control) =>
        await control.PauseAsync(id, paused, http.RequestAborted)
            ? PageResult.Done(
                paused ? "The deployment is paused: its schedules make no runs." : "The deployment's schedules make runs again."
            )
            : Missing(http);

    private static async Task<IResult> DeleteAsync(Guid id, HttpContext http, DeploymentControl control) =>
        await control.DeleteAsync(id, http.RequestAborted) ? PageForwards.To(http, Links.Of(http.Request)["/deployments"]) : Missing(http);

    private static async Task<IResult> AddScheduleAsync(Guid id, HttpContext http, DeploymentControl control, TimeProvider time)
    {
        DeploymentScheduleCreate request = new() { Schedule = ScheduleOf(PageForm.Of(http).Text).Schedule() };
        ScheduleBodies.Check([request], time.GetUtcNow());
        return await control.AddSchedulesAsync(id, [request], http.RequestAborted) is null
            ? Missing(http)
            : PageResult.Done("The schedule was added.");
    }

    private static async Task<IResult> UpdateScheduleAsync(
        Guid id,
        Guid scheduleId,
        HttpContext http,
        DeploymentService deployments,
        DeploymentControl control,
        TimeProvider time
    )
    {
        var stored = await ScheduleAsync(id, scheduleId, deployments, http.RequestAborted);
        DeploymentScheduleUpdate request = new() { Schedule = ScheduleOf(PageForm.Of(http).Text).Schedule(stored) };
        ScheduleBodies.Check(request, time.GetUtcNow());
        return await control.UpdateScheduleAsync(id, scheduleId, request, http.RequestAborted)
            ? PageResult.Done("The schedule was changed. The runs that it had planned are planned anew.")
            : Missing(http);
    }

    private static async Task<JsonElement?> ScheduleAsync(
        Guid? id,
        Guid? scheduleId,
        DeploymentService deployments,
        CancellationToken cancellationToken
    ) =>
        id is { } known && await deployments.GetAsync(known, cancellationToken) is { } deployment
            ? deployment.Schedules.FirstOrDefault(one => one.Id == scheduleId)?.Schedule
            : null;

    /// <summary>The next times of a schedule that is being typed, in place of a stored one if the address names one.</summary>
    private static async Task<IResult> ShowTimesAsync(
        Guid? deployment,
        Guid? schedule,
        HttpContext http,
        DeploymentService deployments,
        TimeProvider time
    )
    {
        var now = time.GetUtcNow();
        var stored = await ScheduleAsync(deployment, schedule, deployments, http.RequestAborted);
        var form = ScheduleOf(name => http.Request.Query[name].ToString().Trim() is { Length: > 0 } text ? text : null);
        DeploymentScheduleCreate request = new() { Schedule = form.Schedule(stored) };
        ScheduleBodies.Check([request], now);
        return PageResult.Of<NextTimes>(DeploymentReader.NextOf(request.Schedule, now));
    }

    private static ScheduleForm ScheduleOf(Func<string, string?> field) =>
        new(field("kind") ?? "cron", field("what") ?? "", field("timezone") ?? "UTC");

    private static async Task<IResult> SwitchScheduleAsync(Guid id, Guid scheduleId, HttpContext http, DeploymentControl control)
    {
        var active = PageForm.Of(http).Text("active") == "true";
        return await control.UpdateScheduleAsync(id, scheduleId, new DeploymentScheduleUpdate { Active = active }, http.RequestAborted)
            ? PageResult.Done(
                active ? "The schedule makes runs again." : "The schedule makes no more runs; those that it planned are gone."
            )
            : Missing(http);
    }

    private static async Task<IResult> DeleteScheduleAsync(Guid id, Guid scheduleId, HttpContext http, DeploymentControl control) =>
        await control.RemoveScheduleAsync(id, scheduleId, http.RequestAborted)
            ? PageResult.Done("The schedule was deleted.")
            : Missing(http);

    private static IResult Missing(HttpContext http) => PageErrors.Show(http, StatusCodes.Status404NotFound, Gone);
}
