using System.Text.Json;
using Serverless.Api.Http;
using Serverless.Api.Http.Binding;
using Serverless.Core.Models;

namespace Serverless.Api.Bodies;

/// <summary>
/// An item of <c>task_inputs</c>: one of four kinds, known by <c>input_type</c> or, without it, by the member that only this kind has. An
/// item that is none of them is answered with what each of them lacks, as pydantic does.
/// </summary>
internal static class TaskInputCheck
{
    private static readonly (string Model, string InputType, string Member)[] Kinds =
    [
        ("TaskRunResult", TaskRunInput.TaskRunResult, "id"),
        ("FlowRunResult", TaskRunInput.FlowRunResult, "id"),
        ("Parameter", TaskRunInput.Parameter, "name"),
        ("Constant", TaskRunInput.Constant, "type"),
    ];

    public static void Check(JsonElement item, IReadOnlyList<object> location, List<RequestError> errors)
    {
        List<RequestError> all = [];
        foreach ((var model, var inputType, var member) in Kinds)
        {
            var before = all.Count;
            Check(item, [.. location, model], inputType, member, all);
            if (all.Count == before)
            {
                return;
            }
        }

        errors.AddRange(all);
    }

    private static void Check(JsonElement item, object[] location, string inputType, string member, List<RequestError> errors)
    {
        if (item.ValueKind != JsonValueKind.Object)
        {
            errors.Add(
                new RequestError(
                    "model_attributes_type",
                    location,
                    "Input should be a valid dictionary or object to extract fields from",
                    item.Clone()
                )
            );
            return;
        }

        if (item.TryGetProperty("input_type", out var given) && !(given.ValueKind == JsonValueKind.String && given.ValueEquals(inputType)))
        {
            var expected = $"'{inputType}'";
            errors.Add(
                new RequestError(
                    "literal_error",
                    [.. location, "input_type"],
                    $"Input should be {expected}",
                    given.Clone(),
                    new("expected", JsonTexts.String(expected))
                )
            );
        }

        if (!item.TryGetProperty(member, out var value))
        {
            errors.Add(new RequestError("missing", [.. location, member], "Field required", item.Clone()));
        }
        else if (value.ValueKind != JsonValueKind.String || (member == "id" && !value.TryGetGuid(out _)))
        {
            errors.Add(Problems.Of(member == "id" ? typeof(Guid) : typeof(string), [.. location, member], value));
        }
    }
}
