namespace Serverless.Core.Models;

/// <summary>Which task workers are meant.</summary>
public sealed record TaskWorkerFilter
{
    /// <summary>Those that take runs of one of these tasks; of none for all.</summary>
    public required IReadOnlyList<string> TaskKeys { get; init; }
}
