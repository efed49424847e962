namespace Serverless.Functions.Histories;

/// <summary>Something that came in.</summary>
/// <param name="Kind">What it was.</param>
/// <param name="Call">The call that it answers; of a timer that of a delayed start is -1. Null for what answers none.</param>
/// <param name="Name">The name of a raised event.</param>
/// <param name="Data">The input, result or payload, as JSON.</param>
/// <param name="Failure">Why the call failed.</param>
/// <param name="At">Of a start: not before this time.</param>
internal sealed record RecordedEvent(
    RecordedEventKind Kind,
    int? Call = null,
    string? Name = null,
    string? Data = null,
    RecordedFailure? Failure = null,
    DateTimeOffset? At = null
);
