using System.Globalization;
using System.Text.Json;

namespace Azure.Data.Tables.Internal;

/// <summary>
/// Entities as JSON with minimal metadata: what JSON has no type for carries its Edm type in a property <c>name@odata.type</c>.
/// Written with the standard encoder, as the real client does: quotes and everything beyond ASCII take six bytes.
/// </summary>
internal static class EntityJson
{
    private const string TypeSuffix = "@odata.type";

    public static byte[] Write(ITableEntity entity)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
        {
            writer.WriteStartObject();
            foreach ((string name, object value) in Properties(entity))
            {
                // The service sets both itself.
                if (name is not (TableEntity.ETagKey or nameof(ITableEntity.Timestamp)))
                {
                    WriteProperty(writer, name, value);
                }
            }

            writer.WriteEndObject();
        }

        return stream.ToArray();
    }

    public static T Read<T>(JsonElement json)
        where T : class, ITableEntity
    {
        if (typeof(T) != typeof(TableEntity))
        {
            throw Unsupported(typeof(T));
        }

        Dictionary<string, string> types = new() { [nameof(ITableEntity.Timestamp)] = "Edm.DateTime" };
        foreach (JsonProperty property in json.EnumerateObject())
        {
            if (property.Name.EndsWith(TypeSuffix, StringComparison.Ordinal))
            {
                types[property.Name[..^TypeSuffix.Length]] = property.Value.GetString();
            }
        }

        TableEntity entity = [];
        foreach (JsonProperty property in json.EnumerateObject())
        {
            if (property.Name != "odata.metadata" && !property.Name.EndsWith(TypeSuffix, StringComparison.Ordinal))
            {
                entity[property.Name] = ReadValue(property.Value, types.GetValueOrDefault(property.Name));
            }
        }

        return (T)(ITableEntity)entity;
    }

    private static IDictionary<string, object> Properties(ITableEntity entity)
        => entity as TableEntity ?? throw Unsupported(entity.GetType());

    private static NotSupportedException Unsupported(Type type)
        => new($"The stand-in of Azure.Data.Tables knows entities of type {nameof(TableEntity)} only, not {type}.");

    private static void WriteProperty(Utf8JsonWriter writer, string name, object value)
    {
        switch (value)
        {
            case null:
                // The service leaves such a property out.
                writer.WriteNull(name);
                break;
            case string text:
                writer.WriteString(name, text);
                break;
            case bool flag:
                writer.WriteBoolean(name, flag);
                break;
            case int number:
                writer.WriteNumber(name, number);
                break;
            case long number:
                writer.WriteString(name, number.ToString(CultureInfo.InvariantCulture));
                writer.WriteString(name + TypeSuffix, "Edm.Int64");
                break;
            case double.NaN:
                writer.WriteString(name, "NaN");
                writer.WriteString(name + TypeSuffix, "Edm.Double");
                break;
            case double number:
                // Refuses the infinities, like the real client.
                writer.WriteNumber(name, number);
                writer.WriteString(name + TypeSuffix, "Edm.Double");
                break;
            case Guid id:
                writer.WriteString(name, id);
                writer.WriteString(name + TypeSuffix, "Edm.Guid");
                break;
            case DateTime date:
                writer.WriteString(name, EdmText.Of(date));
                writer.WriteString(name + TypeSuffix, "Edm.DateTime");
                break;
            case DateTimeOffset date:
                writer.WriteString(name, EdmText.Of(date));
                writer.WriteString(name + TypeSuffix, "Edm.DateTime");
                break;
            case byte[] bytes:
                writer.WriteBase64String(name, bytes);
                writer.WriteString(name + TypeSuffix, "Edm.Binary");
                break;
            case BinaryData data:
                writer.WriteBase64String(name, data.ToMemory().Span);
                writer.WriteString(name + TypeSuffix, "Edm.Binary");
                break;
            default:
                throw new NotSupportedException($"Not supported type {value.GetType()}");
        }
    }

    private static object ReadValue(JsonElement value, string type)
        => (type, value.ValueKind) switch
        {
            (_, JsonValueKind.Null) => null,
            ("Edm.Binary", _) => value.GetBytesFromBase64(),
            ("Edm.DateTime", _) => EdmText.Date(value.GetString()),
            ("Edm.Guid", _) => value.GetGuid(),
            ("Edm.Int64", JsonValueKind.String) => long.Parse(value.GetString(), CultureInfo.InvariantCulture),
            ("Edm.Double", JsonValueKind.String) => double.Parse(value.GetString(), CultureInfo.InvariantCulture),
            ("Edm.Double", JsonValueKind.Number) => value.GetDouble(),
            (_, JsonValueKind.String) => value.GetString(),
            (_, JsonValueKind.True) => true,
            (_, JsonValueKind.False) => false,
            // A whole double comes as 5.0, which is no integer to the reader.
            (_, JsonValueKind.Number) when value.TryGetInt32(out int number) => number,
            (_, JsonValueKind.Number) when value.TryGetInt64(out long number) => number,
            (_, JsonValueKind.Number) => value.GetDouble(),
            _ => throw new NotSupportedException($"Not supported type {type ?? value.ValueKind.ToString()}"),
        };
}
