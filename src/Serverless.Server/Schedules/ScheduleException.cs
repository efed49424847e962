namespace Serverless.Server.Schedules;

/// <summary>A schedule that means nothing.</summary>
/// <param name="errors">All that is wrong with it.</param>
public sealed class ScheduleException(IReadOnlyList<ScheduleError> errors)
    : Exception(string.Join(Environment.NewLine, errors.Select(error => error.Message)))
{
    /// <summary>All that is wrong with it.</summary>
    public IReadOnlyList<ScheduleError> Errors { get; } = errors;
}
