using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Api.Bodies;
using Serverless.Api.Http;
using Serverless.Api.Http.Binding;
using Serverless.Core.Models;
using Serverless.Server;
using Serverless.Server.Concurrency;
using Serverless.Server.Queries;

namespace Serverless.Api;

/// <summary>Concurrency limits by their names.</summary>
internal static class ConcurrencyLimitsApi
{
    private const string NotFound = "Concurrency Limit not found";

    public static void MapConcurrencyLimitsApi(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/v2/concurrency_limits").WithTags("Concurrency Limits V2");
        group
            .MapPost("/", CreateAsync)
            .Operation<ConcurrencyLimitV2>("create_concurrency_limit_v2_v2_concurrency_limits__post", StatusCodes.Status201Created)
            .Refuses(StatusCodes.Status409Conflict);
        group
            .MapPost("/filter", FilterAsync)
            .Operation<IReadOnlyList<GlobalConcurrencyLimit>>("read_all_concurrency_limits_v2_v2_concurrency_limits_filter_post");
        group
            .MapGet("/{idOrName}", ReadAsync)
            .Operation<GlobalConcurrencyLimit>("read_concurrency_limit_v2_v2_concurrency_limits__id_or_name__get");
        group
            .MapPatch("/{idOrName}", UpdateAsync)
            .Operation("update_concurrency_limit_v2_v2_concurrency_limits__id_or_name__patch")
            .Refuses(StatusCodes.Status409Conflict);
        group.MapDelete("/{idOrName}", DeleteAsync).Operation("delete_concurrency_limit_v2_v2_concurrency_limits__id_or_name__delete");
    }

    private static async Task<IResult> CreateAsync(Body<ConcurrencyLimitV2Create> body, HttpContext http, ConcurrencyLimits limits)
    {
        var request = body.Value;
        CheckDenied(request.DeniedSlots);
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

    private static async Task<IResult> FilterAsync(
        OptionalBody<PageRequestBody> body,
        HttpContext http,
        ConcurrencyLimits limits,
        TimeProvider time
    )
    {
        var request = body.Value;
        var page = await limits.ListAsync(Page.Of(request.Offset, request.Limit), tags: false, http.RequestAborted);
        var now = time.GetUtcNow();
        return ApiResults.Json<IReadOnlyList<GlobalConcurrencyLimit>>([.. page.Select(limit => limit.Show(now))]);
    }

    private static async Task<IResult> ReadAsync(string idOrName, HttpContext http, ConcurrencyLimits limits, TimeProvider time) =>
        await FindAsync(limits, idOrName, http) is { } limit
            ? ApiResults.Json(limit.Show(time.GetUtcNow()))
            : ApiResults.NotFound(NotFound);

    private static async Task<IResult> UpdateAsync(
        string idOrName,
        Body<ConcurrencyLimitV2Update> body,
        HttpContext http,
        ConcurrencyLimits limits
    )
    {
        var request = body.Value;
        CheckDenied(request.DeniedSlots);
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

    private static ValueTask<StoredLimit?> FindAsync(ConcurrencyLimits limits, string idOrName, HttpContext http) =>
        Guid.TryParse(idOrName, out var id) ? limits.GetAsync(id, http.RequestAborted) : limits.GetAsync(idOrName, http.RequestAborted);

    private static void CheckDenied(int? deniedSlots)
    {
        if (deniedSlots > 0)
        {
            throw new RequestRefusedException(
                StatusCodes.Status422UnprocessableEntity,
                "The server itself counts the slots that it denies: denied_slots can only be 0."
            );
        }
    }
}
