using System.Text.Json;

namespace Serverless.Server.Schedules;

/// <summary>One thing wrong with a schedule, in the form of pydantic, as Prefect's clients know it.</summary>
/// <param name="Type">What kind of error, such as <c>missing</c> or <c>value_error</c>.</param>
/// <param name="Location">Where within the schedule: the kind of schedule, then the member. Empty for the schedule as such.</param>
/// <param name="Message">What is wrong, for people.</param>
/// <param name="Input">The value that is wrong; null if it was not given as JSON.</param>
/// <param name="Position">Which character of an expression is wrong, from 1 on; null if it is no expression.</param>
public sealed record ScheduleError(
    string Type,
    IReadOnlyList<string> Location,
    string Message,
    JsonElement? Input = null,
    int? Position = null
)
{
    private const string Prefix = "Value error, ";

    /// <summary>The message without what pydantic puts before it.</summary>
    public string Reason => Message.StartsWith(Prefix, StringComparison.Ordinal) ? Message[Prefix.Length..] : Message;
}
