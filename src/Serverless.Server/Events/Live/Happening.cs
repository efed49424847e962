using Serverless.Core.Models;

namespace Serverless.Server.Events;

/// <summary>Something of which events tell.</summary>
internal abstract record Happening
{
    /// <summary>The events, in their order.</summary>
    public abstract ValueTask<IReadOnlyList<Event>> EventsAsync(RelatedObjects related);
}
