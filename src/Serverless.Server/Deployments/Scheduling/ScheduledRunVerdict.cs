namespace Serverless.Server.Deployments.Scheduling;

/// <summary>What becomes of a run that a schedule created, when it is to begin.</summary>
public abstract record ScheduledRunVerdict
{
    private ScheduledRunVerdict() { }

    /// <summary>It begins.</summary>
    public sealed record Begins : ScheduledRunVerdict;

    /// <summary>Its schedule has been changed, paused or removed since it was created: it is to be deleted.</summary>
    public sealed record Outdated : ScheduledRunVerdict;

    /// <summary>It is late, and its schedule passes missed times over: it is to be cancelled.</summary>
    /// <param name="Reason">The message of the state.</param>
    public sealed record PassedOver(string Reason) : ScheduledRunVerdict;
}
