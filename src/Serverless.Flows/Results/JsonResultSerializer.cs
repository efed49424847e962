using System.IO.Compression;
using System.Text.Json;

namespace Serverless.Flows.Results;

/// <summary>Values as JSON, as arguments and results are written anyway; compressed if that is wanted.</summary>
internal sealed class JsonResultSerializer(bool compress) : IResultSerializer
{
    internal const string Plain = "json";
    internal const string Compressed = "json+gzip";

    public async Task WriteAsync(Stream stream, object? value, Type type, CancellationToken cancellationToken)
    {
        if (!compress)
        {
            await JsonSerializer.SerializeAsync(stream, value, FlowJson.Options.GetTypeInfo(type), cancellationToken);
            return;
        }

        await using GZipStream packed = new(stream, CompressionLevel.Fastest, leaveOpen: true);
        await JsonSerializer.SerializeAsync(packed, value, FlowJson.Options.GetTypeInfo(type), cancellationToken);
    }

    public async Task<object?> ReadAsync(Stream stream, Type type, CancellationToken cancellationToken)
    {
        await using var json = OpenJson(stream);
        return await JsonSerializer.DeserializeAsync(json, FlowJson.Options.GetTypeInfo(type), cancellationToken);
    }

    /// <summary>The JSON itself. Closing it leaves the stream open.</summary>
    internal Stream OpenJson(Stream stream) =>
        compress ? new GZipStream(stream, CompressionMode.Decompress, leaveOpen: true) : new BufferedStream(stream);
}
