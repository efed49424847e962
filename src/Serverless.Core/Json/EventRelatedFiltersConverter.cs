using Serverless.Core.Filters;

namespace Serverless.Core.Json;

/// <summary>Reads and writes <see cref="EventRelatedFilters"/>.</summary>
internal sealed class EventRelatedFiltersConverter : OneOrManyConverter<EventRelatedFilters, EventRelatedFilter>
{
    protected override EventRelatedFilters Of(IReadOnlyList<EventRelatedFilter> items) => new(items);

    protected override IReadOnlyList<EventRelatedFilter> ItemsOf(EventRelatedFilters all) => all.All;
}
