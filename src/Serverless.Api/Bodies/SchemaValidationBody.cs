using System.Text.Json;

namespace Serverless.Api.Bodies;

/// <summary>Body of <c>POST /ui/schemas/validate</c>.</summary>
internal sealed record SchemaValidationBody
{
    /// <summary>The JSON schema of the values.</summary>
    public required IReadOnlyDictionary<string, JsonElement> Schema { get; init; }

    /// <summary>The values by name. One may say how it is made, as the parameters of a run may.</summary>
    public required IReadOnlyDictionary<string, JsonElement> Values { get; init; }
}
