using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Api.OpenApi;
using Serverless.Api.Security;
using Serverless.Api.Tests.Fuzz;

namespace Serverless.Api.Tests.OpenApi;

/// <summary>The OpenAPI document. That answers are as it says, <see cref="DocumentedAnswers"/> checks in all tests of the API.</summary>
public sealed partial class ApiDocumentTests
{
    [Fact]
    public async Task Document_OfEveryEndpoint_SaysWhatItTakesAndAnswers()
    {
        await using var server = await ApiServer.StartAsync();

        var operations = Operations(await ReadAsync(server)).ToList();

        operations
            .Select(operation => operation.Text("operationId"))
            .ShouldBe(
                server
                    .Get<EndpointDataSource>()
                    .Endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<OperationMark>() is not null)
                    .Select(endpoint => endpoint.Metadata.GetRequiredMetadata<IEndpointNameMetadata>().EndpointName),
                ignoreOrder: true
            );
        foreach (var operation in operations)
        {
            var name = operation.Text("operationId");
            operation.Text("summary").ShouldNotContain("_", Case.Sensitive, name);
            operation["tags"]!.AsArray().ShouldHaveSingleItem();
            var answers = operation["responses"]!.AsObject();
            answers.ShouldContain(answer => answer.Key.StartsWith('2'), name);
            foreach ((var status, var answer) in answers.Where(answer => answer.Key != "204"))
            {
                var content = answer!["content"].ShouldNotBeNull($"{name} {status}").AsObject().ShouldHaveSingleItem();
                content.Value!["schema"].ShouldNotBeNull($"{name} {status}");
            }
        }
    }

    [Fact]
    public async Task Document_OfABody_SaysWhatTheBindingDoes()
    {
        await using var server = await ApiServer.StartAsync();

        var schemas = (await ReadAsync(server))["components"]!["schemas"]!;

        var create = schemas["FlowRunCreate"]!;
        create["required"]!.ToJsonString().ShouldBe("""["flow_id"]""");
        create["additionalProperties"]!.GetValue<bool>().ShouldBeFalse();
        create["properties"]!["name"]!["maxLength"]!.GetValue<int>().ShouldBe(1024);
        create["properties"]!["tags"]!["maxItems"]!.GetValue<int>().ShouldBe(250);
        create["properties"]!["state"]!["oneOf"]![1]!.Text("$ref").ShouldEndWith("/StateCreate");
        var query = schemas["FlowRunQuery"]!["properties"]!;
        query["sort"]!.Text("default").ShouldBe("ID_DESC");
        query["limit"]!["maximum"]!.GetValue<int>().ShouldBe(200);
        query["offset"]!["maximum"].ShouldBeNull();
        schemas["FlowRunSummaryQuery"]!["properties"]!["limit"]!["default"]!.GetValue<int>().ShouldBe(1000);
        schemas["SlotsLease"]!["properties"]!["lease_duration"]!["default"]!.GetValue<int>().ShouldBe(300);
    }

    [Fact]
    public async Task Document_Descriptions_HaveNoNamesOfTheCode()
    {
        await using var server = await ApiServer.StartAsync();

        var text = Encoding.UTF8.GetString(await server.Get<ApiDocument>().ReadAsync());

        Description().Matches(text).Select(match => match.Value).Where(words => Declared().IsMatch(words)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Document_IsMadeOnce_AndTheFirstRequestDoesNotShowInIt()
    {
        await using var server = await ApiServer.StartAsync();
        using HttpRequestMessage request = new(HttpMethod.Get, "/api/openapi.json") { Headers = { Host = "other.example" } };

        using var answer = await server.Http.SendAsync(request);

        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        (await answer.Content.ReadAsStringAsync()).ShouldNotContain("other.example");
        (await server.Get<ApiDocument>().ReadAsync()).ShouldBeSameAs(await server.Get<ApiDocument>().ReadAsync());
        using HttpRequestMessage again = new(HttpMethod.Get, "/api/openapi.json")
        {
            Headers = { { "If-None-Match", answer.Headers.ETag.ShouldNotBeNull().Tag } },
        };
        (await server.Http.SendAsync(again)).StatusCode.ShouldBe(HttpStatusCode.NotModified);
    }

    [Fact]
    public async Task Document_WhereSecretsAreAskedFor_SaysSo()
    {
        await using var server = await ApiServer.StartAsync(services => services.AddSingleton(new ApiCredentials("ada:secret", "key")));

        var document = JsonNode.Parse(await server.Get<ApiDocument>().ReadAsync())!;

        (await server.Http.GetAsync("/api/openapi.json")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        document["security"]!.ToJsonString().ShouldBe("""[{"basic":[]},{"bearer":[]}]""");
        document["components"]!["securitySchemes"]!.AsObject().Select(scheme => scheme.Value!.Text("scheme")).ShouldBe(["basic", "bearer"]);
        document["paths"]!["/flows/"]!["post"]!["responses"]!["401"].ShouldNotBeNull();
        Operations(document)
            .Where(operation => operation["security"] is JsonArray { Count: 0 })
            .Select(operation => operation.Text("operationId"))
            .ShouldBe(["health_check_health_get", "perform_readiness_check_ready_get"], ignoreOrder: true);
    }

    [Fact]
    public async Task Document_WhereNoSecretIsAskedFor_NamesNone()
    {
        await using var server = await ApiServer.StartAsync();

        var document = await ReadAsync(server);

        document["security"].ShouldBeNull();
        document["components"]!["securitySchemes"].ShouldBeNull();
    }

    /// <summary>The bodies that the fuzz tests begin with have as many members as there can be.</summary>
    [Fact]
    public async Task Document_OfEveryBody_AllowsTheSampleOfIt()
    {
        await using var server = await ApiServer.StartAsync();
        await DocumentedAnswers.OpenAsync(server.Get<ApiDocument>());
        List<string> faults = [];
        var checkedBodies = 0;
        foreach (var endpoint in server.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            var metadata = endpoint.Metadata;
            if (
                metadata.GetMetadata<OperationMark>() is not null
                && metadata.GetMetadata<Microsoft.AspNetCore.Http.Metadata.IAcceptsMetadata>() is not null
            )
            {
                var sample = FuzzBodies.Of(endpoint.RoutePattern.RawText!["/api/".Length..], new Random(1)).Replace("$key", "k1");
                var name = metadata.GetRequiredMetadata<IEndpointNameMetadata>().EndpointName;
                if (DocumentedAnswers.Fault($"{name}.body", JsonElement.Parse(sample)) is { } fault)
                {
                    faults.Add($"{name}: {fault}");
                }

                checkedBodies++;
            }
        }

        string.Join('\n', faults).ShouldBeEmpty();
        checkedBodies.ShouldBeGreaterThan(50);
    }

    private static async Task<JsonNode> ReadAsync(TestServer server) =>
        JsonNode.Parse(await server.Http.GetStringAsync("/api/openapi.json"))!;

    private static IEnumerable<JsonNode> Operations(JsonNode document) =>
        document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()).Select(entry => entry.Value!).OfType<JsonObject>();

    [GeneratedRegex(@"""description"":""([^""\\]|\\.)*""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Description();

    [GeneratedRegex(@"\w\?? [A-Z]\w+\.[A-Z]", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Declared();
}
