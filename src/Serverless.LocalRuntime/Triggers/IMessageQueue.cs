namespace Serverless.LocalRuntime.Triggers;

/// <summary>
/// One queue of a service outside the process. A message that is taken is hidden from others for a time, and comes again
/// unless it is deleted before. Whatever a method throws means that the service cannot be reached now.
/// </summary>
public interface IMessageQueue
{
    /// <summary>Adds a message.</summary>
    Task SendAsync(string text, CancellationToken cancellationToken);

    /// <summary>Takes messages that are visible; none when there are none.</summary>
    /// <param name="count">Most messages to take, 1 to 32.</param>
    /// <param name="hiddenFor">For how long they are this caller's.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<QueuedMessage>> ReceiveAsync(int count, TimeSpan hiddenFor, CancellationToken cancellationToken);

    /// <summary>Hides a taken message for a time from now, be it to go on with it or to have it come again later.</summary>
    /// <returns>The message with its new receipt; null when it is not the caller's any more.</returns>
    Task<QueuedMessage?> HideAsync(QueuedMessage message, TimeSpan hiddenFor, CancellationToken cancellationToken);

    /// <summary>Deletes a taken message that has been handled; one that is not the caller's any more stays.</summary>
    Task DeleteAsync(QueuedMessage message, CancellationToken cancellationToken);

    /// <summary>Moves a taken message to the queue <c>{name}-poison</c>, as the Functions host does, for people to look at.</summary>
    Task PoisonAsync(QueuedMessage message, CancellationToken cancellationToken);
}
