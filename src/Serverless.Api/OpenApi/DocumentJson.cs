using System.Text.Json;
using System.Text.Json.Serialization;
using Serverless.Api.Http;
using Serverless.Core.Json;

namespace Serverless.Api.OpenApi;

/// <summary>How the generator of the document looks at types: through the generated serialisers that bodies and answers have.</summary>
internal static class DocumentJson
{
    public static void Configure(JsonSerializerOptions options)
    {
        var wire = WireJson.Options;
        options.PropertyNamingPolicy = wire.PropertyNamingPolicy;
        options.NumberHandling = JsonNumberHandling.Strict;
        foreach (var converter in wire.Converters)
        {
            options.Converters.Add(converter);
        }

        options.TypeInfoResolverChain.Insert(0, WireContext.Default);
        options.TypeInfoResolverChain.Insert(1, ApiContext.Default);
        options.TypeInfoResolverChain.Insert(2, AdminContext.Default);
    }
}
