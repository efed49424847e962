using Serverless.Core.Json;
using Serverless.Storage;

namespace Serverless.Server;

/// <summary>The documents that rows carry: <see cref="StoredJson"/> in the property <c>doc</c>.</summary>
internal static class RowDocs
{
    public const string Property = "doc";

    public static RowProperties Of<T>(T value) => new() { { Property, StoredJson.Serialize(value) } };

    public static T Read<T>(Row row) => StoredJson.Deserialize<T>(row.Properties.GetBytes(Property));
}
