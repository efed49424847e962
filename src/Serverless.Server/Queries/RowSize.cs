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

    /// <summary>About what an entry for a name or value of parsed JSON takes.</summary>
    private const int BytesOfToken = 12;

    /// <summary>About how much memory it takes while its answer is composed: its text twice, and an entry for each value.</summary>
    public static long InMemory<T>(T item) =>
        (2 * Of(item))
        + (
            BytesOfToken
            * item switch
            {
                FlowRun run => Tokens(run.Parameters)
                    + Tokens(run.Context)
                    + Tokens(run.Labels)
                    + Tokens(run.JobVariables)
                    + Tokens(run.State?.Data),
                TaskRun run => Tokens(run.Labels) + Tokens(run.State?.Data),
                Artifact artifact => Tokens(artifact.Data),
                ArtifactCollection collection => Tokens(collection.Data),
                Variable variable => Tokens(variable.Value),
                SavedSearch search => search.Filters.Sum(filter => Tokens(filter.Value)),
                Flow flow => Tokens(flow.Labels),
                Deployment deployment => Tokens(deployment.Parameters)
                    + Tokens(deployment.JobVariables)
                    + Tokens(deployment.Labels)
                    + Tokens(deployment.ParameterOpenapiSchema),
                State state => Tokens(state.Data),
                _ => 0,
            }
        );

    public static long Of<T>(T item) =>
        Bare
        + item switch
        {
            State state => SizeOf(state),
            FlowRun run => SizeOf(run.Parameters)
                + SizeOf(run.Context)
                + SizeOf(run.Labels)
                + SizeOf(run.JobVariables)
                + SizeOf(run.Tags)
                + SizeOf(run.State),
            TaskRun run => SizeOf(run.Labels)
                + SizeOf(run.Tags)
                + SizeOf(run.State)
                + run.TaskInputs.Sum(input => Bare / 10 * (long)input.Value.Count),
            Log log => log.Message.Length,
            FlowRunInput input => input.Value.Length,
            Artifact artifact => SizeOf(artifact.Data) + (artifact.Description?.Length ?? 0) + SizeOf(artifact.Metadata),
            ArtifactCollection collection => SizeOf(collection.Data) + (collection.Description?.Length ?? 0) + SizeOf(collection.Metadata),
            Variable variable => SizeOf(variable.Value) + SizeOf(variable.Tags),
            SavedSearch search => search.Filters.Sum(filter => (Bare / 10) + SizeOf(filter.Value)),
            Flow flow => SizeOf(flow.Labels) + SizeOf(flow.Tags),
            Deployment deployment => SizeOf(deployment.Parameters)
                + SizeOf(deployment.JobVariables)
                + SizeOf(deployment.Labels)
                + SizeOf(deployment.Tags)
                + SizeOf(deployment.ParameterOpenapiSchema)
                + (deployment.Description?.Length ?? 0),
            _ => 0,
        };

    private static long Tokens(IReadOnlyDictionary<string, JsonElement> values)
    {
        long count = 0;
        foreach (var value in values.Values)
        {
            count += Tokens(value);
        }

        return count;
    }

    /// <summary>
    /// How many entries a value has at most: one for what follows each separator. Those inside texts are counted too, which is cheaper than
    /// reading it.
    /// </summary>
    private static long Tokens(JsonElement? value)
    {
        if (value is not { ValueKind: JsonValueKind.Array or JsonValueKind.Object } known)
        {
            return 1;
        }

        var raw = JsonMarshal.GetRawUtf8Value(known);
        return 2 + raw.Count((byte)',') + raw.Count((byte)':') + raw.Count((byte)'[') + raw.Count((byte)'{');
    }

    private static long SizeOf(JsonElement? value) =>
        value is { ValueKind: not JsonValueKind.Undefined } known ? JsonMarshal.GetRawUtf8Value(known).Length : 0;

    private static long SizeOf(IReadOnlyDictionary<string, JsonElement> values)
    {
        long size = 0;
        foreach ((var name, var value) in values)
        {
            size += name.Length + SizeOf(value);
        }

        return size;
    }

    private static long SizeOf(IReadOnlyDictionary<string, string>? texts) =>
        texts?.Sum(entry => (long)entry.Key.Length + entry.Value.Length) ?? 0;

    private static long SizeOf(IReadOnlyList<string> texts)
    {
        long size = 0;
        foreach (var text in texts)
        {
            size += text.Length;
        }

        return size;
    }

    private static long SizeOf(State? state) => state is null ? 0 : SizeOf(state.Data) + (state.Message?.Length ?? 0);
}
