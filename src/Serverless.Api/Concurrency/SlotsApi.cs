using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Api.Bodies;
using Serverless.Api.Http;
using Serverless.Api.Http.Binding;
using Serverless.Core.Models;
using Serverless.Core.Transitions;
using Serverless.Server.Concurrency;

namespace Serverless.Api;

/// <summary>Slots of concurrency limits that clients take, renew and release by themselves.</summary>
internal static class SlotsApi
{
    // In seconds; what is longer says nothing about how long slots are held.
    private const double LongestOccupancy = 3_155_760_000;

    public static void MapSlotsApi(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/v2/concurrency_limits").WithTags("Concurrency Limits V2");
        group
            .MapPost("/increment", IncrementAsync)
            .Operation<IReadOnlyList<MinimalConcurrencyLimit>>("bulk_increment_active_slots_v2_concurrency_limits_increment_post")
            .Refuses(StatusCodes.Status423Locked);
        group
            .MapPost("/increment-with-lease", IncrementWithLeaseAsync)
            .Operation<ConcurrencyLimitWithLease>("bulk_increment_active_slots_with_lease_v2_concurrency_limits_increment_with_lease_post")
            .Refuses(StatusCodes.Status423Locked);
        group
            .MapPost("/decrement", DecrementAsync)
            .Operation<IReadOnlyList<MinimalConcurrencyLimit>>("bulk_decrement_active_slots_v2_concurrency_limits_decrement_post");
        group
            .MapPost("/decrement-with-lease", DecrementWithLeaseAsync)
            .Operation("bulk_decrement_active_slots_with_lease_v2_concurrency_limits_decrement_with_lease_post");
        group
            .MapPost("/leases/{leaseId:guid}/renew", RenewAsync)
            .Operation("renew_concurrency_lease_v2_concurrency_limits_leases__lease_id__renew_post")
            .Refuses(StatusCodes.Status410Gone);

        var tags = api.MapGroup("/concurrency_limits").WithTags("Concurrency Limits");
        tags.MapPost("/increment", IncrementTagsAsync)
            .Operation<IReadOnlyList<MinimalConcurrencyLimit>>("increment_concurrency_limits_v1_concurrency_limits_increment_post")
            .Refuses(StatusCodes.Status423Locked);
        tags.MapPost("/decrement", DecrementTagsAsync)
            .Operation<IReadOnlyList<MinimalConcurrencyLimit>>("decrement_concurrency_limits_v1_concurrency_limits_decrement_post");
    }

    private static async Task<IResult> IncrementAsync(Body<SlotsIncrement> body, HttpContext http, ConcurrencyLimits limits)
    {
        var request = body.Value;
        var answer = await limits.Clients.TakeAsync(
            request.Names,
            request.Slots,
            null,
            null,
            request.Mode == SlotMode.RateLimit,
            http.RequestAborted
        );
        return answer.RetryAfter is { } seconds ? ApiResults.Locked(http, seconds) : ApiResults.Json(Show(answer.Limits));
    }

    private static async Task<IResult> IncrementWithLeaseAsync(Body<SlotsLease> body, HttpContext http, ConcurrencyLimits limits)
    {
        var request = body.Value;
        var answer = await limits.Clients.TakeAsync(
            request.Names,
            request.Slots,
            TimeSpan.FromSeconds(request.LeaseDuration ?? SlotsLease.DefaultDuration),
            request.Holder,
            request.Mode == SlotMode.RateLimit,
            http.RequestAborted
        );
        return answer is { RetryAfter: null, LeaseId: { } leaseId }
            ? ApiResults.Json(new ConcurrencyLimitWithLease { LeaseId = leaseId, Limits = Show(answer.Limits) })
            : ApiResults.Locked(http, answer.RetryAfter ?? 0);
    }

    private static async Task<IResult> DecrementAsync(Body<SlotsDecrement> body, HttpContext http, ConcurrencyLimits limits)
    {
        var request = body.Value;
        TimeSpan? occupancy = request.OccupancySeconds is { } seconds ? TimeSpan.FromSeconds(Math.Min(seconds, LongestOccupancy)) : null;
        return ApiResults.Json(Show(await limits.Clients.ReleaseAsync(request.Names, request.Slots, occupancy, http.RequestAborted)));
    }

    private static async Task<IResult> DecrementWithLeaseAsync(Body<SlotsLeaseEnd> body, HttpContext http, ConcurrencyLimits limits)
    {
        await limits.Clients.ReleaseLeaseAsync(body.Value.LeaseId, http.RequestAborted);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> RenewAsync(
        Guid leaseId,
        OptionalBody<RenewLeaseBody> body,
        HttpContext http,
        ConcurrencyLimits limits,
        TimeProvider time
    )
    {
        var expires = time.GetUtcNow().AddSeconds(body.Value.LeaseDuration ?? SlotsLease.DefaultDuration);
        return await limits.Clients.TryRenewAsync(leaseId, expires, http.RequestAborted)
            ? TypedResults.NoContent()
            : ApiResults.Detail(StatusCodes.Status410Gone, "Lease not found - it may have expired or been revoked");
    }

    private static async Task<IResult> IncrementTagsAsync(Body<TagSlots> body, HttpContext http, ConcurrencyLimits limits)
    {
        var request = body.Value;
        var answer = await limits.Clients.TakeForTaskRunAsync(request.Names, request.TaskRunId, http.RequestAborted);
        return answer.Full is { } full
            ? ApiResults.Locked(
                http,
                TransitionSettings.Default.TagSlotWait.TotalSeconds,
                $"Concurrency limit for the {ConcurrencyKeys.TagOf(full.Name)} tag has been reached"
            )
            : ApiResults.Json<IReadOnlyList<MinimalConcurrencyLimit>>([
                .. Show(answer.Limits).Select(limit => limit with { Name = ConcurrencyKeys.TagOf(limit.Name)! }),
            ]);
    }

    private static async Task<IResult> DecrementTagsAsync(Body<TagSlots> body, HttpContext http, ConcurrencyLimits limits)
    {
        var request = body.Value;
        return ApiResults.Json(Show(await limits.Clients.ReleaseOfTaskRunAsync(request.Names, request.TaskRunId, http.RequestAborted)));
    }

    private static IReadOnlyList<MinimalConcurrencyLimit> Show(IReadOnlyList<StoredLimit> limits) =>
        [
            .. limits.Select(limit => new MinimalConcurrencyLimit
            {
                Id = limit.Id,
                Name = limit.Name,
                Limit = limit.Limit,
            }),
        ];
}
