namespace Serverless.Flows.Hosting;

/// <summary>What the code of a task may ask of the server beside <see cref="IRunServices"/>. Bound to one attempt.</summary>
public interface ITaskServices : IRunServices
{
    /// <summary>The clock of waits.</summary>
    TimeProvider Time { get; }

    /// <summary>Runs tasks in the background.</summary>
    IBackgroundTasks BackgroundTasks { get; }

    /// <summary>The flow run that called the task; null when it was deleted, and outside any flow.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<FlowRunInfo?> GetFlowRunAsync(CancellationToken cancellationToken);

    /// <summary>Asks once for slots of concurrency limits: of all that there are, or of none.</summary>
    /// <param name="request">What is wanted.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ConcurrencyException">They can never be had.</exception>
    Task<SlotGrant> TakeSlotsAsync(SlotRequest request, CancellationToken cancellationToken);

    /// <summary>Renews a lease; false when it has expired or was released.</summary>
    /// <param name="leaseId">The lease.</param>
    /// <param name="duration">For how long from now.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<bool> RenewSlotsAsync(Guid leaseId, TimeSpan duration, CancellationToken cancellationToken);

    /// <summary>Releases the slots of a lease, if there is such a lease.</summary>
    /// <param name="leaseId">The lease.</param>
    Task ReleaseSlotsAsync(Guid leaseId);
}
