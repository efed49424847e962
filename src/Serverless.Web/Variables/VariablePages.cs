using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Api.Bodies;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Server.Variables;
using Serverless.Web.FlowRuns;
using Serverless.Web.Http;
using Serverless.Web.Shared;

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
        var links = Links.Of(http.Request);
        var text = http.Request.Query["q"].ToString().Trim() is { Length: > 0 } words ? words : null;
        string[] tags =
        [
            .. http.Request.Query["tags"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
        ];
        var offset = TabReader.OffsetOf(http.Request);
        VariableQuery query = new()
        {
            Variables = new VariableFilter
            {
                Name = text is null ? null : new TextFilter { Like = text },
                Tags = tags.Length == 0 ? null : new TagFilter { All = tags },
            },
            Sort = VariableSort.NameAsc,
            Offset = offset,
            Limit = TabReader.PageSize + 1,
        };
        var found = await variables.FilterAsync(query, http.RequestAborted);
        var shown = found.Take(TabReader.PageSize).ToList();
        var pager = PagerModel.At(
            offset,
            shown.Count,
            TabReader.PageSize,
            found.Count > TabReader.PageSize,
            at => links[Links.Query("/variables", ("q", text), ("tags", string.Join(',', tags)), ("offset", at > 0 ? at : null))]
        );
        return PageResult.Of<VariablesPage>(new VariablesModel(shown, text, tags, pager));
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
        return await variables.UpdateAsync(id, request, http.RequestAborted)
            ? PageResult.Of<NoticeView>(Notice.Done("The variable was changed."))
            : Missing(http);
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
