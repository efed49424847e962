using System.ComponentModel.DataAnnotations;
using Serverless.Server.Settings;

namespace Serverless.Server.Retention;

/// <summary>How long what has ended is kept.</summary>
public sealed class RetentionOptions
{
    private const int Longest = 36_500;

    /// <summary>
    /// For how many days an ended run stays, with its task runs, logs and artifacts. 90 unless set (Prefect's period), and 0 for ever.
    /// </summary>
    [Setting("RunRetentionDays", "a number of days, or 0 to keep runs for ever")]
    [Range(0, Longest)]
    public int RunRetentionDays { get; set; } = 90;

    /// <summary>For how many days after its end the log of a run stays; 0, unless set, for as long as the run.</summary>
    [Setting("LogRetentionDays", "a number of days, or 0 to keep logs as long as their runs")]
    [Range(0, Longest)]
    public int LogRetentionDays { get; set; }

    /// <summary>
    /// For how many days an artifact stays; 0, unless set, for as long as its run. One without a run stays as long as runs do.
    /// </summary>
    [Setting("ArtifactRetentionDays", "a number of days, or 0 to keep artifacts as long as their runs")]
    [Range(0, Longest)]
    public int ArtifactRetentionDays { get; set; }
}
