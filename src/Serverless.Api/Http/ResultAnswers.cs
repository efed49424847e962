using Microsoft.AspNetCore.Http;
using Serverless.Core.States;
using Serverless.Server.Queries;
using Serverless.Server.Runs;

namespace Serverless.Api.Http;

/// <summary>Results of runs as answers: the JSON value, or 409 while there is none.</summary>
internal static class ResultAnswers
{
    public static IResult Of(RunResult result, string what) =>
        result switch
        {
            { Json: { } json } => Value(json),
            { State: { } state } when state.Type.IsFinal() => ApiResults.Detail(
                StatusCodes.Status409Conflict,
                $"{what} has no result: it ended as {state.Name}{(string.IsNullOrEmpty(state.Message) ? "." : $": {state.Message}")}"
            ),
            { State: { } state } => ApiResults.Detail(StatusCodes.Status409Conflict, $"{what} is not final yet: it is {state.Name}."),
            _ => ApiResults.Detail(StatusCodes.Status409Conflict, $"{what} is not final yet: it has no state."),
        };

    private static IResult Value(string json)
    {
        // As text, and as the bytes that are sent.
        AnswerMemory.Take(json.Length * 3L, fit: 0);
        return ApiResults.JsonText(json);
    }
}
