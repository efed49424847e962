using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Api.Bodies;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Server.Variables;
using Serverless.Web.Http;

namespace Serverless.Web.Variables;

/// <summary>Variables: the list, and one.</summary>
internal static class VariablePages
{
    private const string Gone = "There is no such variable. It may have been deleted.";

    public static void MapVariables(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/variables", ListAsync);
        pages.MapGet("/variables/variable/{id:guid}", ReadAsync);
    }

    public static void MapVariableActions(this IEndpointRouteBuilder actions)
    {
        actions.MapPost("/variables", CreateAsync);
        actions.MapPost("/variable/{id:guid}/update", UpdateAsync);
        actions.MapPost("/variable/{id:guid}/delete", DeleteAsync);
    }

    private static async Task<IResult> ListAsync(HttpContext http, VariableService variables)
    {
        ListAddress list = new(http.Request, "/variables");
        string[] tags =
        [
            .. http.Request.Query["tags"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
        ];
        VariableQuery query = new()
        {
            Variables = new VariableFilter
            {
                Name = list.Text is null ? null : new TextFilter { Like = list.Text },
                Tags = tags.Length == 0 ? null : new TagFilter { All = tags },
            },
            Sort = VariableSort.NameAsc,
            Offset = list.Offset,
            Limit = ListAddress.Most,
        };
        var found = await variables.FilterAsync(query, http.RequestAborted);
        var (shown, pager) = list.Cut(found, ("tags", string.Join(',', tags)));
        return PageResult.Of<VariablesPage>(new VariablesModel(shown, list.Text, tags, pager));
    }

    private static async Task<IResult> ReadAsync(Guid id, HttpContext http, VariableService variables) =>
        await variables.GetAsync(id, http.RequestAborted) is { } variable ? PageResult.Of<VariablePage>(variable) : Missing(http);

    private static async Task<IResult> CreateAsync(HttpContext http, VariableService variables)
    {
        var request = FormBody.Read<VariableCreate>(http, BodyOf(http));
        VariableBodies.Check(request);
        var variable = await variables.CreateAsync(request, http.RequestAborted);
        return PageForwards.To(http, Links.Of(http.Request)[$"/variables/variable/{variable.Id}"]);
    }

    private static async Task<IResult> UpdateAsync(Guid id, HttpContext http, VariableService variables)
    {
        var request = FormBody.Read<VariableUpdate>(http, BodyOf(http));
        VariableBodies.Check(request);
        return await variables.UpdateAsync(id, request, http.RequestAborted) ? PageResult.Done("The variable was changed.") : Missing(http);
    }

    private static async Task<IResult> DeleteAsync(Guid id, HttpContext http, VariableService variables) =>
        await variables.DeleteAsync(id, http.RequestAborted) ? PageForwards.To(http, Links.Of(http.Request)["/variables"]) : Missing(http);

    private static JsonObject BodyOf(HttpContext http)
    {
        var form = PageForm.Of(http);
        return new JsonObject
        {
            ["name"] = form.Text("name") ?? throw new BadHttpRequestException("A variable needs a name.", 422),
            ["value"] = FormBody.Value(form.Text("value"), "The value"),
            ["tags"] = new JsonArray([.. form.Words("tags").Select(tag => (JsonNode)tag)]),
        };
    }

    private static IResult Missing(HttpContext http) => PageErrors.Show(http, StatusCodes.Status404NotFound, Gone);
}
