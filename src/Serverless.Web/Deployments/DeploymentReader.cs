using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Concurrency;
using Serverless.Server.Deployments;
using Serverless.Server.Flows;
using Serverless.Server.Schedules;
using Serverless.Web.Http;
using Serverless.Web.Runs;
using Serverless.Web.Shared;

namespace Serverless.Web.Deployments;

/// <summary>Reads what the pages of deployments show.</summary>
internal sealed class DeploymentReader(
    DeploymentService deployments,
    DeploymentQueries queries,
    ConcurrencyLimits limits,
    FlowService flows,
    RunRows rows,
    TimeProvider time
)
{
    /// <summary>How many of the next times of a schedule are shown.</summary>
    public const int MostTimes = 10;

    private const int MostRuns = 10;

    public async Task<DeploymentsModel> ListAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        ListAddress list = new(request, "/deployments");
        DeploymentQuery query = new()
        {
            Deployments = list.Text is null ? null : new DeploymentFilter { FlowOrDeploymentName = new TextFilter { Like = list.Text } },
            Flows = Guid.TryParse(request.Query["flow"], out var flow) ? new FlowFilter { Id = new IdFilter { Any = [flow] } } : null,
            Sort = DeploymentSort.NameAsc,
            Offset = list.Offset,
            Limit = ListAddress.Most,
        };
        var found = await queries.FilterAsync(query, cancellationToken);
        var (shown, pager) = list.Cut(found, ("flow", request.Query["flow"].ToString()));
        List<DeploymentRow> named = [];
        foreach (var deployment in shown)
        {
            named.Add(new DeploymentRow(deployment, await FlowNameAsync(deployment, cancellationToken)));
        }

        return new DeploymentsModel(named, list.Text, pager);
    }

    public async Task<DeploymentModel?> ReadAsync(Guid id, CancellationToken cancellationToken)
    {
        if (await deployments.GetAsync(id, cancellationToken) is not { } stored)
        {
            return null;
        }

        var deployment = await limits.ShowAsync(stored, cancellationToken);
        FlowRunFilter ofDeployment = new() { DeploymentId = new IdFilter { Any = [id] } };
        FlowRunQuery last = new()
        {
            FlowRuns = ofDeployment with { State = new StateFilter { Type = new StateTypeFilter { NotAny = [StateType.Scheduled] } } },
            Sort = FlowRunSort.ExpectedStartTimeDesc,
            Limit = MostRuns,
        };
        FlowRunQuery next = new()
        {
            FlowRuns = ofDeployment with { State = new StateFilter { Type = new StateTypeFilter { Any = [StateType.Scheduled] } } },
            Sort = FlowRunSort.NextScheduledStartTimeAsc,
            Limit = MostRuns,
        };
        return new DeploymentModel(
            deployment,
            await FlowNameAsync(deployment, cancellationToken),
            [.. deployment.Schedules.Select(RowOf)],
            await rows.ReadAsync(last, cancellationToken),
            await rows.ReadAsync(next, cancellationToken)
        );
    }

    /// <summary>The name of a deployment's flow.</summary>
    public async Task<string?> FlowNameAsync(Deployment deployment, CancellationToken cancellationToken) =>
        (await flows.GetAsync(deployment.FlowId, cancellationToken))?.Name;

    private ScheduleRow RowOf(DeploymentSchedule schedule) =>
        new(schedule, WordsOf(schedule.Schedule), NextOf(schedule.Schedule, time.GetUtcNow()));

    /// <summary>The next times of a schedule, in its zone.</summary>
    public static IReadOnlyList<DateTimeOffset> NextOf(JsonElement schedule, DateTimeOffset now) =>
        Schedule.TryParse(schedule, now, out var parsed, out _) ? [.. parsed.Next(now, MostTimes)] : [];

    private static string WordsOf(JsonElement schedule)
    {
        string? Text(string name) =>
            schedule.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        var zone = Text("timezone") is { } named ? $" in {named}" : "";
        if (Text("cron") is { } cron)
        {
            return $"cron {cron}{zone}";
        }

        if (Text("rrule") is { } rule)
        {
            return $"{Looks.Cut(rule, 200)}{zone}";
        }

        return schedule.TryGetProperty("interval", out var interval) && interval.ValueKind == JsonValueKind.Number
            ? $"every {Looks.Duration(interval.GetDouble())}{zone}"
            : "no schedule";
    }
}
