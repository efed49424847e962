namespace Serverless.Flows.Testing.Clock;

/// <summary>The code of one attempt. Used under the lock of its clock.</summary>
internal sealed class TaskBody
{
    /// <summary>How many of its timers are armed.</summary>
    public int Timers { get; set; }

    /// <summary>True until the timer of its time limit is there, which may come before its own.</summary>
    public bool AwaitsLimit { get; set; }

    /// <summary>True when its time limit has ended: nobody waits for it any more.</summary>
    public bool IsOver { get; set; }

    /// <summary>True while it does nothing before the clock moves.</summary>
    public bool Waits => Timers > 0 && !AwaitsLimit && !IsOver;
}
