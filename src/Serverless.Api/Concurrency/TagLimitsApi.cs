using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Api.Bodies;
using Serverless.Api.Http;
using Serverless.Api.Http.Binding;
using Serverless.Core.Models;
using Serverless.Server.Concurrency;
using Serverless.Server.Queries;

namespace Serverless.Api;

/// <summary>The limits of tags, as the first version of Prefect's operations has them: views of the limits named <c>tag:…</c>.</summary>
internal static class TagLimitsApi
{
    private const string NotFound = "Concurrency limit not found";

    public static void MapTagLimitsApi(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/concurrency_limits").WithTags("Concurrency Limits");
        group
            .MapPost("/", CreateAsync)
            .Operation<ConcurrencyLimit>(
                "create_concurrency_limit_concurrency_limits__post",
                StatusCodes.Status200OK,
                StatusCodes.Status201Created
            );
        group
            .MapPost("/filter", FilterAsync)
            .Operation<IReadOnlyList<ConcurrencyLimit>>("read_concurrency_limits_concurrency_limits_filter_post");
        group.MapGet("/{id:guid}", ReadAsync).Operation<ConcurrencyLimit>("read_concurrency_limit_concurrency_limits__id__get");
        group.MapDelete("/{id:guid}", DeleteAsync).Operation<object>("delete_concurrency_limit_concurrency_limits__id__delete");
        group
            .MapGet("/tag/{tag}", ReadByTagAsync)
            .Operation<ConcurrencyLimit>("read_concurrency_limit_by_tag_concurrency_limits_tag__tag__get");
        group
            .MapDelete("/tag/{tag}", DeleteByTagAsync)
            .Operation<object>("delete_concurrency_limit_by_tag_concurrency_limits_tag__tag__delete");
        group
            .MapPost("/tag/{tag}/reset", ResetAsync)
            .Operation<object>("reset_concurrency_limit_by_tag_concurrency_limits_tag__tag__reset_post");
    }

    private static async Task<IResult> CreateAsync(
        Body<ConcurrencyLimitCreate> body,
        HttpContext http,
        ConcurrencyLimits limits,
        TimeProvider time
    )
    {
        var request = body.Value;
        (var limit, var created) = await limits.EnsureAsync(ConcurrencyKeys.NameOfTag(request.Tag), request.Limit, http.RequestAborted);
        return ApiResults.Json(Show(limit, time.GetUtcNow()), created ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private static async Task<IResult> FilterAsync(
        OptionalBody<PageRequestBody> body,
        HttpContext http,
        ConcurrencyLimits limits,
        TimeProvider time
    )
    {
        var request = body.Value;
        var page = await limits.ListAsync(Page.Of(request.Offset, request.Limit), tags: true, http.RequestAborted);
        var now = time.GetUtcNow();
        return ApiResults.Json<IReadOnlyList<ConcurrencyLimit>>([.. page.Select(limit => Show(limit, now))]);
    }

    private static async Task<IResult> ReadAsync(Guid id, HttpContext http, ConcurrencyLimits limits, TimeProvider time) =>
        Answer(await limits.GetAsync(id, http.RequestAborted), time);

    private static async Task<IResult> ReadByTagAsync(string tag, HttpContext http, ConcurrencyLimits limits, TimeProvider time) =>
        Answer(await limits.GetAsync(ConcurrencyKeys.NameOfTag(tag), http.RequestAborted), time);

    private static async Task<IResult> DeleteByTagAsync(string tag, HttpContext http, ConcurrencyLimits limits) =>
        await limits.GetAsync(ConcurrencyKeys.NameOfTag(tag), http.RequestAborted) is { } limit
            ? await DeleteAsync(limit.Id, http, limits)
            : ApiResults.NotFound(NotFound);

    private static IResult Answer(StoredLimit? found, TimeProvider time) =>
        found is { IsTags: true } limit ? ApiResults.Json(Show(limit, time.GetUtcNow())) : ApiResults.NotFound(NotFound);

    private static async Task<IResult> DeleteAsync(Guid id, HttpContext http, ConcurrencyLimits limits) =>
        await limits.DeleteAsync(id, http.RequestAborted) ? ApiResults.JsonText("null") : ApiResults.NotFound(NotFound);

    private static async Task<IResult> ResetAsync(string tag, OptionalBody<ResetLimitBody> body, HttpContext http, ConcurrencyLimits limits)
    {
        var request = body.Value;
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
            ActiveSlots =
            [
                .. limit
                    .Slots.Where(slot => slot.IsLive(now) && slot.Client is null or { Holder.Type: LeaseHolderType.TaskRun })
                    .Select(slot => slot.HolderId!.Value),
            ],
        };
}
