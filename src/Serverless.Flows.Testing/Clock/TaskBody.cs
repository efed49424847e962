namespace Serverless.Flows.Testing.Clock;

/// <summary>The code of one attempt that runs now. Used under the lock of its clock.</summary>
internal sealed class TaskBody
{
    /// <summary>How many of its timers are armed.</summary>
    public int Timers { get; set; }
}
