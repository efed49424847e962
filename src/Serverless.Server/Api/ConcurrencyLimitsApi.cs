using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Core.Models;
using Serverless.Server.Concurrency;
using Serverless.Server.Queries;

namespace Serverless.Server.Api;

/// <summary>Concurrency limits by their names, and the leases of their slots.</summary>
internal static class ConcurrencyLimitsApi
{
    private const string NotFound = "Concurrency Limit not found";
    private const double DefaultLease = 300;
    private const double LongestLease = 24 * 60 * 60;

    public static void MapConcurrencyLimitsApi(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/v2/concurrency_limits");
        group.MapPost("/", CreateAsync);
        group.MapPost("/filter", FilterAsync);
        group.MapPost("/leases/{id:guid}/renew", RenewAsync);
        group.MapGet("/{idOrName}", ReadAsync);
        group.MapPatch("/{idOrName}", UpdateAsync);
        group.MapDelete("/{idOrName}", DeleteAsync);
    }

    private static async Task<IResult> CreateAsync(HttpContext http, ConcurrencyLimits limits)
    {
        var request = await RequestBody.ReadAsync<ConcurrencyLimitV2Create>(http);
        WireName.Check(request.Name);
        Ranges.AtLeast(request.Limit, 0, "body", "limit");
        CheckCounters(request.ActiveSlots, request.DeniedSlots, request.SlotDecayPerSecond);
        LimitChanges settings = new(request.Limit, request.Active, request.ActiveSlots, request.SlotDecayPerSecond);
        var limit = await limits.CreateAsync(request.Name, settings, http.RequestAborted);
        return ApiResults.Json(
            new ConcurrencyLimitV2(limit.Active)
            {
                Id = limit.Id,
                Created = limit.Created,
                Updated = limit.Updated,
                Name = limit.Name,
                Limit = limit.Limit,
                ActiveSlots = request.ActiveSlots,
                SlotDecayPerSecond = limit.Decay,
            },
            StatusCodes.Status201Created
        );
    }

    private static async Task<IResult> FilterAsync(HttpContext http, ConcurrencyLimits limits, TimeProvider time)
    {
        var request = await RequestBody.ReadOptionalAsync(http, ApiContext.Default.PageRequestBody);
        Paging.Check(request.Offset, request.Limit);
        var page = await limits.ListAsync(Page.Of(request.Offset, request.Limit), tags: false, http.RequestAborted);
        var now = time.GetUtcNow();
        return ApiResults.Json<IReadOnlyList<GlobalConcurrencyLimit>>([.. page.Select(limit => limit.Show(now))]);
    }

    private static async Task<IResult> ReadAsync(string idOrName, HttpContext http, ConcurrencyLimits limits, TimeProvider time) =>
        await FindAsync(limits, idOrName, http) is { } limit
            ? ApiResults.Json(limit.Show(time.GetUtcNow()))
            : ApiResults.NotFound(NotFound);

    private static async Task<IResult> UpdateAsync(string idOrName, HttpContext http, ConcurrencyLimits limits)
    {
        var request = await RequestBody.ReadAsync<ConcurrencyLimitV2Update>(http);
        Ranges.AtLeast(request.Limit, 0, "body", "limit");
        CheckCounters(request.ActiveSlots, request.DeniedSlots, request.SlotDecayPerSecond);
        if (request.Name is { } name)
        {
            WireName.Check(name);
        }

        if (await FindAsync(limits, idOrName, http) is not { } limit)
        {
            return ApiResults.NotFound(NotFound);
        }

        if (
            request.Name is { } other
            && other != limit.Name
            && (ConcurrencyKeys.IsDeployments(other) || ConcurrencyKeys.IsDeployments(limit.Name))
        )
        {
            throw new RequestRefusedException(
                StatusCodes.Status422UnprocessableEntity,
                "The name of a deployment's concurrency limit says whose it is: set the deployment's concurrency_limit instead."
            );
        }

        LimitChanges changes = new(request.Limit, request.Active, request.ActiveSlots, request.SlotDecayPerSecond, request.Name);
        return await limits.UpdateAsync(limit.Id, changes, http.RequestAborted) is null
            ? ApiResults.NotFound(NotFound)
            : TypedResults.NoContent();
    }

    private static async Task<IResult> DeleteAsync(string idOrName, HttpContext http, ConcurrencyLimits limits) =>
        await FindAsync(limits, idOrName, http) is { } limit && await limits.DeleteAsync(limit.Id, http.RequestAborted)
            ? TypedResults.NoContent()
            : ApiResults.NotFound(NotFound);

    private static async Task<IResult> RenewAsync(Guid id, HttpContext http, ConcurrencyLimits limits, TimeProvider time)
    {
        var request = await RequestBody.ReadOptionalAsync(http, ApiContext.Default.RenewLeaseBody);
        Ranges.AtLeast(request.LeaseDuration, 60, "body", "lease_duration");
        Ranges.AtMost(request.LeaseDuration, LongestLease, "body", "lease_duration");
        var expires = time.GetUtcNow().AddSeconds(request.LeaseDuration ?? DefaultLease);
        return await limits.Book.TryRenewAsync(id, expires, http.RequestAborted)
            ? TypedResults.NoContent()
            : ApiResults.Detail(StatusCodes.Status410Gone, "Lease not found - it may have expired or been revoked");
    }

    private static ValueTask<StoredLimit?> FindAsync(ConcurrencyLimits limits, string idOrName, HttpContext http) =>
        Guid.TryParse(idOrName, out var id) ? limits.GetAsync(id, http.RequestAborted) : limits.GetAsync(idOrName, http.RequestAborted);

    private static void CheckCounters(int? activeSlots, int? deniedSlots, double? slotDecay)
    {
        Ranges.AtLeast(activeSlots, 0, "body", "active_slots");
        Ranges.AtLeast(deniedSlots, 0, "body", "denied_slots");
        Ranges.AtLeast(slotDecay, 0, "body", "slot_decay_per_second");
        if (deniedSlots > 0)
        {
            throw new RequestRefusedException(
                StatusCodes.Status422UnprocessableEntity,
                "Nobody is told to come again for a slot yet: denied_slots can only be 0."
            );
        }
    }
}
