using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Serverless.Core.Validation;

namespace Serverless.Core.Models;

/// <summary>Body of <c>POST /flows/</c>.</summary>
public sealed record FlowCreate
{
    /// <summary>The flow's unique name; without <c>/ % &amp; &gt; &lt;</c>.</summary>
    [WireName]
    public required string Name { get; init; }

    /// <summary>The flow's tags.</summary>
    [MaxLength(WireLimits.Tags)]
    public IReadOnlyList<string> Tags
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>The flow's labels.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Labels { get; init; }
}
