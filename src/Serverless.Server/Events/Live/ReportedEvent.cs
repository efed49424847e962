using Serverless.Core.Models;

namespace Serverless.Server.Events;

/// <summary>A client says what has happened.</summary>
/// <param name="Event">What it says.</param>
internal sealed record ReportedEvent(Event Event) : Happening
{
    public override ValueTask<IReadOnlyList<Event>> EventsAsync(RelatedObjects related) => new([Event]);
}
