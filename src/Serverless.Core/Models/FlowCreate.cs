using System.Text.Json;

namespace Serverless.Core.Models;

/// <summary>Body of <c>POST /flows/</c>.</summary>
public sealed record FlowCreate
{
    /// <summary>The flow's unique name; without <c>/ % &amp; &gt; &lt;</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The flow's tags.</summary>
    public IReadOnlyList<string> Tags
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>The flow's labels.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Labels { get; init; }
}
