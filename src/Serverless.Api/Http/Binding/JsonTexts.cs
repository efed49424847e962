using System.Globalization;
using System.Text.Json;
using Serverless.Core.Json;

namespace Serverless.Api.Http.Binding;

/// <summary>Small JSON values.</summary>
internal static class JsonTexts
{
    public static JsonElement EmptyObject { get; } = Parse("{}");

    public static JsonElement String(string text) => Parse(JsonSerializer.Serialize(text, WireJson.TypeInfo<string>()));

    public static JsonElement Number(double number) => Parse(number.ToString("R", CultureInfo.InvariantCulture));

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
