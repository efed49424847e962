using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Core.Models;
using Serverless.Server.SavedSearches;
using Serverless.Web.Http;

namespace Serverless.Web.Runs;

/// <summary>Saves and deletes searches of runs.</summary>
internal static class SavedSearchPages
{
    private const int LongestName = 200;

    public static void MapSavedSearchActions(this IEndpointRouteBuilder actions)
    {
        actions.MapPost("/saved-searches", SaveAsync);
        actions.MapPost("/saved-search/{id:guid}/delete", DeleteAsync);
    }

    private static async Task<IResult> SaveAsync(HttpContext http, SavedSearchService searches)
    {
        var form = PageForm.Of(http);
        if (form.Text("search") is not { Length: <= LongestName } name)
        {
            throw new BadHttpRequestException($"Give the search a name of at most {LongestName} characters.", 422);
        }

        // Only what a list of runs means, and from its first page.
        var filter = RunFilterModel.Of(form.Text("filter")).FromStart();
        var filters = RunSearch.FiltersOf(filter.Path());
        if (filters.Count == 0)
        {
            throw new BadHttpRequestException("There is nothing to save: set a filter.", 422);
        }

        var saved = await searches.SaveAsync(new SavedSearchCreate { Name = name, Filters = filters }, http.RequestAborted);
        return PageResult.Done(saved.Created ? "The search was saved." : "The search of that name was changed.");
    }

    private static async Task<IResult> DeleteAsync(Guid id, HttpContext http, SavedSearchService searches) =>
        await searches.DeleteAsync(id, http.RequestAborted)
            ? PageResult.Done("The saved search was deleted. The runs stay.")
            : PageErrors.Show(http, StatusCodes.Status404NotFound, "There is no such saved search any more.");
}
