using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Api.Bodies;
using Serverless.Api.Http;
using Serverless.Api.Http.Binding;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Server.Variables;

namespace Serverless.Api;

/// <summary>Variables.</summary>
internal static class VariablesApi
{
    private const string NotFound = "Variable not found.";

    public static void MapVariablesApi(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/variables").WithTags("Variables");
        group
            .MapPost("/", CreateAsync)
            .Operation<Variable>("create_variable_variables__post", StatusCodes.Status201Created)
            .Refuses(StatusCodes.Status409Conflict);
        group
            .MapPost("/filter", FilterAsync)
            .Operation<IReadOnlyList<Variable>>("read_variables_variables_filter_post")
            .Limit(BodyLimit.Query);
        group.MapPost("/count", CountAsync).Operation<int>("count_variables_variables_count_post").Limit(BodyLimit.Query);
        group.MapGet("/{id:guid}", ReadAsync).Operation<Variable>("read_variable_variables__id__get");
        group.MapPatch("/{id:guid}", UpdateAsync).Operation("update_variable_variables__id__patch").Refuses(StatusCodes.Status409Conflict);
        group.MapDelete("/{id:guid}", DeleteAsync).Operation("delete_variable_variables__id__delete");
        group.MapGet("/name/{name}", ReadByNameAsync).Operation<Variable>("read_variable_by_name_variables_name__name__get");
        group
            .MapPatch("/name/{name}", UpdateByNameAsync)
            .Operation("update_variable_by_name_variables_name__name__patch")
            .Refuses(StatusCodes.Status409Conflict);
        group.MapDelete("/name/{name}", DeleteByNameAsync).Operation("delete_variable_by_name_variables_name__name__delete");
    }

    private static async Task<IResult> CreateAsync(Body<VariableCreate> body, HttpContext http, VariableService variables)
    {
        VariableBodies.Check(body.Value);
        return ApiResults.Json(await variables.CreateAsync(body.Value, http.RequestAborted), StatusCodes.Status201Created);
    }

    private static async Task<IResult> FilterAsync(OptionalBody<VariableQuery> body, HttpContext http, VariableService variables) =>
        ApiResults.Json(await variables.FilterAsync(body.Value, http.RequestAborted));

    private static async Task<IResult> CountAsync(OptionalBody<VariableCountQuery> body, HttpContext http, VariableService variables) =>
        ApiResults.JsonText((await variables.CountAsync(body.Value.Variables, http.RequestAborted)).ToString(CultureInfo.InvariantCulture));

    private static async Task<IResult> ReadAsync(Guid id, HttpContext http, VariableService variables) =>
        Show(await variables.GetAsync(id, http.RequestAborted));

    private static async Task<IResult> ReadByNameAsync(string name, HttpContext http, VariableService variables) =>
        Show(await variables.GetAsync(name, http.RequestAborted));

    private static async Task<IResult> UpdateAsync(Guid id, Body<VariableUpdate> body, HttpContext http, VariableService variables)
    {
        VariableBodies.Check(body.Value);
        return Answer(await variables.UpdateAsync(id, body.Value, http.RequestAborted));
    }

    private static async Task<IResult> UpdateByNameAsync(
        string name,
        Body<VariableUpdate> body,
        HttpContext http,
        VariableService variables
    )
    {
        VariableBodies.Check(body.Value);
        return Answer(await variables.UpdateAsync(name, body.Value, http.RequestAborted));
    }

    private static async Task<IResult> DeleteAsync(Guid id, HttpContext http, VariableService variables) =>
        Answer(await variables.DeleteAsync(id, http.RequestAborted));

    private static async Task<IResult> DeleteByNameAsync(string name, HttpContext http, VariableService variables) =>
        Answer(await variables.DeleteAsync(name, http.RequestAborted));

    private static IResult Show(Variable? variable) => variable is null ? ApiResults.NotFound(NotFound) : ApiResults.Json(variable);

    private static IResult Answer(bool found) => found ? TypedResults.NoContent() : ApiResults.NotFound(NotFound);
}
