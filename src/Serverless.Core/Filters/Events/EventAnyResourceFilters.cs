using System.Text.Json.Serialization;
using Serverless.Core.Json;

namespace Serverless.Core.Filters;

/// <summary>Filters of any resources: on the wire one, or a list.</summary>
/// <param name="All">All of them.</param>
[JsonConverter(typeof(EventAnyResourceFiltersConverter))]
public sealed record EventAnyResourceFilters(IReadOnlyList<EventAnyResourceFilter> All);
