using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Core.States;
using Serverless.Server.Queries;
using Serverless.Server.Runs;

namespace Serverless.Api.Http;

/// <summary>Results of runs as answers: the JSON value, 409 while there is none, or 410 if it was not kept.</summary>
internal static class ResultAnswers
{
    public static IResult Of(RunResult result, string what) =>
        result switch
        {
            { Json: { } json } => Value(json),
            { IsLost: true } => ApiResults.Detail(
                StatusCodes.Status410Gone,
                $"{what} has a result that was not kept: its code says PersistResult = false."
            ),
            { State: { } state } when state.Type.IsFinal() => ApiResults.Detail(
                StatusCodes.Status409Conflict,
                $"{what} has no result: it ended as {state.Name}{(string.IsNullOrEmpty(state.Message) ? "." : $": {state.Message}")}"
            ),
            { State: { } state } => ApiResults.Detail(StatusCodes.Status409Conflict, $"{what} is not final yet: it is {state.Name}."),
            _ => ApiResults.Detail(StatusCodes.Status409Conflict, $"{what} is not final yet: it has no state."),
        };

    /// <summary>
    /// The value of a result that lies in a result storage, sent as it is read, or 410 if it is gone; null for any other result.
    /// </summary>
    public static async Task<IResult?> StoredAsync(RunResult result, HttpContext http)
    {
        if (result.State?.Data is not { } data || http.RequestServices.GetService<IStoredResults>() is not { } stored)
        {
            return null;
        }

        var (write, gone) = await stored.OpenAsync(data, http.RequestAborted);
        return gone is not null ? ApiResults.Detail(StatusCodes.Status410Gone, gone)
            : write is not null ? TypedResults.Stream(output => write(output, http.RequestAborted), "application/json")
            : null;
    }

    private static IResult Value(string json)
    {
        // As text, and as the bytes that are sent.
        AnswerMemory.Take(json.Length * 3L, fit: 0);
        return ApiResults.JsonText(json);
    }
}
