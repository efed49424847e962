namespace Serverless.LocalRuntime.Triggers;

/// <summary>
/// The queues of a service outside the process, such as storage queues. When one is registered, the messages of the
/// queue-triggered functions come from there; otherwise from memory, see <see cref="LocalQueues"/>.
/// </summary>
public interface IMessageQueues
{
    /// <summary>
    /// The queue of a name. Does not ask the service: a queue that is not there yet is empty, and made by the first message.
    /// </summary>
    /// <param name="name">The queue's name, as the trigger says it.</param>
    IMessageQueue Open(string name);
}
