namespace Serverless.Web.Limits;

/// <summary>Who holds slots of a limit, or waits for one.</summary>
/// <param name="LeaseId">The lease; null for who waits.</param>
/// <param name="What">A flow run, a task run, a deployment or a client.</param>
/// <param name="Name">Its name, or its id when it is gone; null for a client that gave none.</param>
/// <param name="Link">The address of its page; null for none.</param>
/// <param name="Slots">How many slots.</param>
/// <param name="Since">Since when.</param>
/// <param name="Expires">When the lease ends unless it is renewed; null: when it is released.</param>
public sealed record SlotHolder(
    Guid? LeaseId,
    string What,
    string? Name,
    string? Link,
    int Slots,
    DateTimeOffset Since,
    DateTimeOffset? Expires
);
