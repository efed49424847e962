using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Core.Models;
using Serverless.Server.Concurrency;
using Serverless.Server.Queries;

namespace Serverless.Server.Api;

/// <summary>The limits of tags, as the first version of Prefect's operations has them: views of the limits named <c>tag:…</c>.</summary>
internal static class TagLimitsApi
{
    private const string NotFound = "Concurrency limit not found";

    public static void MapTagLimitsApi(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/concurrency_limits");
        group.MapPost("/", CreateAsync);
        group.MapPost("/filter", FilterAsync);
        group.MapGet("/{id:guid}", ReadAsync);
        group.MapDelete("/{id:guid}", DeleteAsync);
        group.MapGet(
            "/tag/{tag}",
            async (string tag, HttpContext http, ConcurrencyLimits limits, TimeProvider time) =>
                Answer(await limits.GetAsync(ConcurrencyKeys.NameOfTag(tag), http.RequestAborted), time)
        );
        group.MapDelete(
            "/tag/{tag}",
            async (string tag, HttpContext http, ConcurrencyLimits limits) =>
                await limits.GetAsync(ConcurrencyKeys.NameOfTag(tag), http.RequestAborted) is { } limit
                    ? await DeleteAsync(limit.Id, http, limits)
                    : ApiResults.NotFound(NotFound)
        );
        group.MapPost("/tag/{tag}/reset", ResetAsync);
    }

    private static async Task<IResult> CreateAsync(HttpContext http, ConcurrencyLimits limits, TimeProvider time)
    {
        var request = await RequestBody.ReadAsync<ConcurrencyLimitCreate>(http);
        Ranges.AtLeast(request.Limit, 0, "body", "concurrency_limit");
        (var limit, var created) = await limits.EnsureAsync(ConcurrencyKeys.NameOfTag(request.Tag), request.Limit, http.RequestAborted);
        return ApiResults.Json(Show(limit, time.GetUtcNow()), created ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private static async Task<IResult> FilterAsync(HttpContext http, ConcurrencyLimits limits, TimeProvider time)
    {
        var request = await RequestBody.ReadOptionalAsync(http, ApiContext.Default.PageRequestBody);
        Paging.Check(request.Offset, request.Limit);
        var page = await limits.ListAsync(Page.Of(request.Offset, request.Limit), tags: true, http.RequestAborted);
        var now = time.GetUtcNow();
        return ApiResults.Json<IReadOnlyList<ConcurrencyLimit>>([.. page.Select(limit => Show(limit, now))]);
    }

    private static async Task<IResult> ReadAsync(Guid id, HttpContext http, ConcurrencyLimits limits, TimeProvider time) =>
        Answer(await limits.GetAsync(id, http.RequestAborted), time);

    private static IResult Answer(StoredLimit? found, TimeProvider time) =>
        found is { IsTags: true } limit ? ApiResults.Json(Show(limit, time.GetUtcNow())) : ApiResults.NotFound(NotFound);

    private static async Task<IResult> DeleteAsync(Guid id, HttpContext http, ConcurrencyLimits limits) =>
        await limits.DeleteAsync(id, http.RequestAborted) ? ApiResults.JsonText("null") : ApiResults.NotFound(NotFound);

    private static async Task<IResult> ResetAsync(string tag, HttpContext http, ConcurrencyLimits limits)
    {
        var request = await RequestBody.ReadOptionalAsync(http, ApiContext.Default.ResetLimitBody);
        return
            await limits.GetAsync(ConcurrencyKeys.NameOfTag(tag), http.RequestAborted) is { } limit
            && await limits.ResetAsync(limit.Id, request.SlotOverride ?? [], http.RequestAborted)
            ? ApiResults.JsonText("null")
            : ApiResults.NotFound(NotFound);
    }

    private static ConcurrencyLimit Show(StoredLimit limit, DateTimeOffset now) =>
        new()
        {
            Id = limit.Id,
            Created = limit.Created,
            Updated = limit.Updated,
            Tag = ConcurrencyKeys.TagOf(limit.Name)!,
            Limit = limit.Limit,
            ActiveSlots = [.. limit.Slots.Where(slot => slot.IsLive(now)).Select(slot => slot.Owner.TaskRunId ?? slot.Owner.RunId)],
        };
}
