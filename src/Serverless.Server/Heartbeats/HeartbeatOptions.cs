using System.ComponentModel.DataAnnotations;
using Serverless.Server.Settings;

namespace Serverless.Server.Heartbeats;

/// <summary>When a run whose client sends heartbeats counts as dead.</summary>
public sealed class HeartbeatOptions
{
    /// <summary>
    /// After how many seconds without a heartbeat a run is Crashed; at least three times what the client took between its last two, and an
    /// hour after the first. 90 unless set, as Prefect advises, and 0 for never.
    /// </summary>
    [Setting("HeartbeatTimeoutSeconds", "a number of seconds, or 0 for never")]
    [Range(0, 86_400)]
    public int HeartbeatTimeoutSeconds { get; set; } = 90;
}
