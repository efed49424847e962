using System.Runtime.InteropServices;
using System.Text.Json;
using Serverless.Core.Models;
using Serverless.Core.States;

namespace Serverless.Server.Queries;

/// <summary>How large an item of a list is in its answer, by the parts that may be large.</summary>
internal static class RowSize
{
    /// <summary>About what an item without values of authors takes.</summary>
    private const int Bare = 1500;

    public static long Of<T>(T item) => Bare + item switch
    {
        FlowRun run => SizeOf(run.Parameters) + SizeOf(run.Context) + SizeOf(run.Labels) + SizeOf(run.JobVariables) + SizeOf(run.Tags) + SizeOf(run.State),
        TaskRun run => SizeOf(run.Labels) + SizeOf(run.Tags) + SizeOf(run.State) + run.TaskInputs.Sum(input => Bare / 10 * (long)input.Value.Count),
        Log log => log.Message.Length,
        Artifact artifact => SizeOf(artifact.Data) + (artifact.Description?.Length ?? 0),
        Flow flow => SizeOf(flow.Labels) + SizeOf(flow.Tags),
        Deployment deployment => SizeOf(deployment.Parameters) + SizeOf(deployment.JobVariables) + SizeOf(deployment.Labels) + SizeOf(deployment.Tags)
            + SizeOf(deployment.ParameterOpenapiSchema) + (deployment.Description?.Length ?? 0),
        _ => 0,
    };

    private static long SizeOf(JsonElement? value) => value is { ValueKind: not JsonValueKind.Undefined } known ? JsonMarshal.GetRawUtf8Value(known).Length : 0;

    private static long SizeOf(IReadOnlyDictionary<string, JsonElement> values)
    {
        long size = 0;
        foreach ((string name, JsonElement value) in values)
        {
            size += name.Length + SizeOf(value);
        }

        return size;
    }

    private static long SizeOf(IReadOnlyList<string> texts)
    {
        long size = 0;
        foreach (string text in texts)
        {
            size += text.Length;
        }

        return size;
    }

    private static long SizeOf(State? state) => state is null ? 0 : SizeOf(state.Data) + (state.Message?.Length ?? 0);
}
