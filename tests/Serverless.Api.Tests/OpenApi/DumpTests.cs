using System.Text.Json.Nodes;
using Serverless.Api.OpenApi;
using Serverless.Api.Tests.OpenApi.Contract;

namespace Serverless.Api.Tests.OpenApi;

public sealed class DumpTests
{
    [Fact]
    public async Task Dump()
    {
        await using var server = await ApiServer.StartAsync();
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var document = await server.Get<ApiDocument>().ReadAsync();
        File.WriteAllText("/tmp/w/scratch-oa/time.txt", watch.Elapsed.ToString());
        File.WriteAllBytes("/tmp/w/scratch-oa/doc.json", document);
        var ours = ContractFacts.Of(JsonNode.Parse(document)!);
        var reference = ContractFacts.Of(JsonNode.Parse(File.ReadAllText("/work/shared/reference/prefect-rest-api.openapi.json"))!);
        var options = new System.Text.Json.JsonSerializerOptions { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        File.WriteAllText("/tmp/w/scratch-oa/ref.facts.json", System.Text.Json.JsonSerializer.Serialize(reference, options));
        File.WriteAllText("/tmp/w/scratch-oa/our.facts.json", System.Text.Json.JsonSerializer.Serialize(ours, options));
        File.WriteAllLines("/tmp/w/scratch-oa/diff.txt", Contract.Contract.Compare(reference, ours));
    }
}
