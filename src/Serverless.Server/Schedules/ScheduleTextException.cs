namespace Serverless.Server.Schedules;

/// <summary>An expression that means nothing, and where.</summary>
/// <param name="reason">What is wrong, without a full stop.</param>
/// <param name="position">Which character of the expression, from 1 on.</param>
internal sealed class ScheduleTextException(string reason, int position) : Exception(reason)
{
    /// <summary>Which character of the expression, from 1 on.</summary>
    public int Position { get; } = position;
}
