using System.Text.Json.Serialization;
using Serverless.Core.Json;

namespace Serverless.Core.Filters;

/// <summary>Filters of related resources: on the wire one, or a list.</summary>
/// <param name="All">All of them.</param>
[JsonConverter(typeof(EventRelatedFiltersConverter))]
public sealed record EventRelatedFilters(IReadOnlyList<EventRelatedFilter> All);
