using System.Collections.ObjectModel;
using System.Text.Json;

namespace Serverless.Core.Models;

/// <summary>JSON objects as dictionaries.</summary>
public static class JsonObjects
{
    /// <summary>The object without members.</summary>
    public static IReadOnlyDictionary<string, JsonElement> Empty { get; } = ReadOnlyDictionary<string, JsonElement>.Empty;
}
