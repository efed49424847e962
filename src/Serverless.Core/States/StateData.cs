using System.Text.Json;

namespace Serverless.Core.States;

/// <summary>Compares what states carry.</summary>
internal static class StateData
{
    public static bool Same(JsonElement? one, JsonElement? other) =>
        one is { } left && other is { } right ? JsonElement.DeepEquals(left, right) : one.HasValue == other.HasValue;
}
