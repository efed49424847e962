using Serverless.Core.Filters;

namespace Serverless.Core.Json;

/// <summary>Reads and writes <see cref="EventAnyResourceFilters"/>.</summary>
internal sealed class EventAnyResourceFiltersConverter : OneOrManyConverter<EventAnyResourceFilters, EventAnyResourceFilter>
{
    protected override EventAnyResourceFilters Of(IReadOnlyList<EventAnyResourceFilter> items) => new(items);

    protected override IReadOnlyList<EventAnyResourceFilter> ItemsOf(EventAnyResourceFilters all) => all.All;
}
