using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Serverless.Api.OpenApi;

/// <summary>
/// The OpenAPI document as it is sent. The first request generates it, which takes seconds, and nothing in it changes later.
/// </summary>
internal sealed class ApiDocument(IServiceProvider services)
{
    private readonly Lock _lock = new();
    private Task<byte[]>? _json;

    /// <summary>The document in UTF-8.</summary>
    public Task<byte[]> ReadAsync()
    {
        lock (_lock)
        {
            return _json is null or { IsFaulted: true } ? _json = GenerateAsync() : _json;
        }
    }

    /// <summary>Not for one request: others wait for the same document, so it does not end with the first one's connection.</summary>
    private async Task<byte[]> GenerateAsync()
    {
        var provider = services.GetRequiredKeyedService<IOpenApiDocumentProvider>(DocumentSetup.Name);
        var document = await provider.GetOpenApiDocumentAsync(CancellationToken.None);
        using StringWriter text = new(CultureInfo.InvariantCulture);
        document.SerializeAsV31(new OpenApiJsonWriter(text, new OpenApiJsonWriterSettings { Terse = true }));
        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
