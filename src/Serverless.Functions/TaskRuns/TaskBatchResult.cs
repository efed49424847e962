using System.Buffers;
using Serverless.Flows.Hosting;

namespace Serverless.Functions.TaskRuns;

/// <summary>Output of <see cref="TaskBatchOrchestrator"/>.</summary>
/// <param name="Outcomes">One outcome for each item, in order; none when they are too large together.</param>
/// <param name="TooLarge">How many characters they have when that is too many; otherwise 0.</param>
/// <param name="Stopped">Whether the gate let none of the flow run's task runs start any more.</param>
public sealed record TaskBatchResult(IReadOnlyList<CallOutcome> Outcomes, long TooLarge = 0, bool Stopped = false)
{
    /// <summary>The most characters of the outcomes of one batch, as they are written into the answer.</summary>
    internal const int MaxCharacters = 8_000_000;

    private static readonly SearchValues<char> Escaped = SearchValues.Create("\"\\");

    /// <summary>The outcomes, if one answer can hold them.</summary>
    internal static TaskBatchResult Of(IReadOnlyList<CallOutcome> outcomes)
    {
        var length = outcomes.Sum(outcome =>
            LengthOf(outcome.ResultJson)
            + LengthOf(outcome.Message)
            + LengthOf(outcome.ErrorType)
            + (outcome.InnerErrorTypes?.Sum(LengthOf) ?? 0)
        );
        return length > MaxCharacters ? new TaskBatchResult([], length) : new TaskBatchResult(outcomes);
    }

    /// <summary>JSON in JSON: each quote has one more character.</summary>
    private static long LengthOf(string? text)
    {
        long length = text?.Length ?? 0;
        for (ReadOnlySpan<char> rest = text; rest.IndexOfAny(Escaped) is >= 0 and var next; rest = rest[(next + 1)..])
        {
            length++;
        }

        return length;
    }
}
