using System.ComponentModel.DataAnnotations;
using Serverless.Server.Settings;

namespace Serverless.Server.Runs;

/// <summary>How long flow runs may stay in states that somebody else has to end.</summary>
public sealed class RunDeadlineOptions
{
    /// <summary>How many seconds after its time a run that has not begun is Late. 15 unless set, as in Prefect.</summary>
    [Setting("LateAfterSeconds", "a number of seconds above 0")]
    [Range(1, 86_400)]
    public int LateAfterSeconds { get; set; } = 15;

    /// <summary>For how many minutes a run of a remote client may be Cancelling. 10 unless set, and 0 for no end.</summary>
    [Setting("CancellingTimeoutMinutes", "a number of minutes, or 0 for no end")]
    [Range(0, 5_256_000)]
    public int CancellingTimeoutMinutes { get; set; } = 10;

    /// <summary>
    /// For how many minutes a run of a remote client may be Pending, and one without a deployment Scheduled past its time. 1,440 (a day)
    /// unless set, and 0 for no end.
    /// </summary>
    [Setting("PendingTimeoutMinutes", "a number of minutes, or 0 for no end")]
    [Range(0, 5_256_000)]
    public int PendingTimeoutMinutes { get; set; } = 1_440;
}
