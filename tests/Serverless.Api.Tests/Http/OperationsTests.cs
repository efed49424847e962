using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Serverless.Api.Bodies;
using Serverless.Core.Filters;
using Serverless.Core.Models;

namespace Serverless.Api.Tests.Http;

/// <summary>What the endpoints say of themselves.</summary>
public sealed class OperationsTests
{
    [Fact]
    public async Task Endpoints_SayWhoTheyAre_AndWhatTheyAnswer()
    {
        await using var server = await ApiServer.StartAsync();
        var endpoints = Endpoints(server);

        endpoints.Count.ShouldBeGreaterThan(40);
        endpoints.Select(Name).ShouldBeUnique();
        foreach (var endpoint in endpoints)
        {
            var method = endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods.ShouldHaveSingleItem();
            Name(endpoint).ShouldEndWith($"_{method.ToLowerInvariant()}");
            endpoint.Metadata.GetMetadata<ITagsMetadata>().ShouldNotBeNull(Name(endpoint)).Tags.ShouldHaveSingleItem();
            endpoint.Metadata.GetOrderedMetadata<IProducesResponseTypeMetadata>().ShouldNotBeEmpty(Name(endpoint));
        }
    }

    [Theory]
    [InlineData("create_flow_run_flow_runs__post", typeof(FlowRunCreate), false)]
    [InlineData("update_concurrency_limit_v2_v2_concurrency_limits__id_or_name__patch", typeof(ConcurrencyLimitV2Update), false)]
    [InlineData("read_flow_runs_flow_runs_filter_post", typeof(FlowRunQuery), true)]
    [InlineData("count_flow_runs_flow_runs_count_post", typeof(RunCountQuery), true)]
    [InlineData("pause_flow_run_flow_runs__id__pause_post", typeof(PauseRequestBody), true)]
    public async Task Endpoints_WithABody_NameItsType(string name, Type type, bool isOptional)
    {
        await using var server = await ApiServer.StartAsync();

        var accepts = Endpoints(server).Single(endpoint => Name(endpoint) == name).Metadata.GetRequiredMetadata<IAcceptsMetadata>();

        (accepts.RequestType, accepts.IsOptional).ShouldBe((type, isOptional));
        accepts.ContentTypes.ShouldBe(["application/json", "application/*+json"]);
    }

    [Fact]
    public async Task Endpoints_ThatChangeSomething_NameTheirBody()
    {
        await using var server = await ApiServer.StartAsync();

        Endpoints(server)
            .Where(endpoint =>
                endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods is ["POST" or "PATCH"]
                && endpoint.Metadata.GetMetadata<IAcceptsMetadata>() is null
            )
            .Select(Name)
            .ShouldBe(
                ["pause_deployment_deployments__id__pause_deployment_post", "resume_deployment_deployments__id__resume_deployment_post"],
                ignoreOrder: true
            );
    }

    private static List<RouteEndpoint> Endpoints(TestServer server) =>
        [.. server.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];

    private static string Name(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<IEndpointNameMetadata>().ShouldNotBeNull(endpoint.RoutePattern.RawText).EndpointName;
}
