using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Serverless.Functions.Hosting;

/// <summary>How the payloads between orchestrators and activities are written: the same on either host.</summary>
public static class FunctionsPayloads
{
    /// <summary>New options: the messages of this app without reflection, whatever else an author's functions exchange with it.</summary>
    public static JsonSerializerOptions CreateOptions()
    {
        JsonSerializerOptions options = new()
        {
            IncludeFields = true,
            PropertyNameCaseInsensitive = true,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        options.TypeInfoResolverChain.Add(FunctionsJson.Default);
        options.TypeInfoResolverChain.Add(new DefaultJsonTypeInfoResolver());
        return options;
    }
}
