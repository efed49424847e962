using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Api.Bodies;
using Serverless.Api.Http;
using Serverless.Api.Http.Binding;
using Serverless.Core.Models;
using Serverless.Server.Queries;
using Serverless.Server.SavedSearches;

namespace Serverless.Api;

/// <summary>Saved searches.</summary>
internal static class SavedSearchesApi
{
    private const string NotFound = "Saved search not found";

    public static void MapSavedSearchesApi(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/saved_searches").WithTags("SavedSearches");
        group
            .MapPut("/", SaveAsync)
            .Operation<SavedSearch>("create_saved_search_saved_searches__put", StatusCodes.Status200OK, StatusCodes.Status201Created);
        group.MapPost("/filter", FilterAsync).Operation<IReadOnlyList<SavedSearch>>("read_saved_searches_saved_searches_filter_post");
        group.MapGet("/{id:guid}", ReadAsync).Operation<SavedSearch>("read_saved_search_saved_searches__id__get");
        group.MapDelete("/{id:guid}", DeleteAsync).Operation("delete_saved_search_saved_searches__id__delete");
    }

    private static async Task<IResult> SaveAsync(Body<SavedSearchCreate> body, HttpContext http, SavedSearchService searches)
    {
        var saved = await searches.SaveAsync(body.Value, http.RequestAborted);
        return ApiResults.Json(saved.Search, saved.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private static async Task<IResult> FilterAsync(OptionalBody<PageRequestBody> body, HttpContext http, SavedSearchService searches) =>
        ApiResults.Json(await searches.ListAsync(Page.Of(body.Value.Offset, body.Value.Limit), http.RequestAborted));

    private static async Task<IResult> ReadAsync(Guid id, HttpContext http, SavedSearchService searches) =>
        await searches.GetAsync(id, http.RequestAborted) is { } search ? ApiResults.Json(search) : ApiResults.NotFound(NotFound);

    private static async Task<IResult> DeleteAsync(Guid id, HttpContext http, SavedSearchService searches) =>
        await searches.DeleteAsync(id, http.RequestAborted) ? TypedResults.NoContent() : ApiResults.NotFound(NotFound);
}
