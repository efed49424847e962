using System.Net;
using System.Text.Json.Nodes;

namespace Serverless.Api.Tests;

/// <summary>Deployments get, share and lose a global concurrency limit through the API.</summary>
public sealed class SharedLimitsApiTests
{
    private const string Deployments = "/api/deployments/";
    private const string Limits = "/api/v2/concurrency_limits/";
    private const string Both = "Value error, A deployment cannot have both a concurrency limit and a global concurrency limit.";

    [Fact]
    public async Task Create_WithALimit_ShowsIt()
    {
        await using var server = await ApiServer.StartAsync();
        var limit = await LimitAsync(server);

        var created = await CreateAsync(server, "one", $$""" "global_concurrency_limit_id": "{{limit}}" """);

        ShownId(created).ShouldBe(limit);
        created!["concurrency_limit"].ShouldBeNull();
        JsonNode.DeepEquals(created["global_concurrency_limit"], await server.GetAsync($"{Limits}{limit}")).ShouldBeTrue();
        ShownId(await server.GetAsync($"{Deployments}name/remote/one")).ShouldBe(limit);
        ShownId((await server.PostAsync($"{Deployments}filter", "{}"))!.AsArray().Single(each => each.Text("name") == "one"))
            .ShouldBe(limit);
        ShownId((await server.PostAsync($"{Deployments}paginate", "{}"))!["results"]!.AsArray().Single(each => each.Text("name") == "one"))
            .ShouldBe(limit);
    }

    [Theory]
    [InlineData(""" "description": "changed" """, true)]
    [InlineData(""" "global_concurrency_limit_id": null """, false)]
    [InlineData(""" "concurrency_limit": null """, false)]
    public async Task Create_Again_KeepsTheLimitUnlessItSaysOtherwise(string member, bool isKept)
    {
        await using var server = await ApiServer.StartAsync();
        var limit = await LimitAsync(server);
        await CreateAsync(server, "one", $$""" "global_concurrency_limit_id": "{{limit}}" """);

        var changed = await CreateAsync(server, "one", member, HttpStatusCode.OK);

        ShownId(changed).ShouldBe(isKept ? limit : null);
        ShownId(await server.GetAsync($"{Deployments}{changed.Text("id")}")).ShouldBe(isKept ? limit : null);
        await server.GetAsync($"{Limits}{limit}");
    }

    [Theory]
    [InlineData("{}", true)]
    [InlineData("""{"paused": true, "tags": ["a"]}""", true)]
    [InlineData("""{"global_concurrency_limit_id": null}""", false)]
    [InlineData("""{"concurrency_limit": null}""", false)]
    public async Task Update_KeepsTheLimitUnlessItSaysOtherwise(string body, bool isKept)
    {
        await using var server = await ApiServer.StartAsync();
        var limit = await LimitAsync(server);
        var path = $"{Deployments}{(await CreateAsync(server, "one", $$""" "global_concurrency_limit_id": "{{limit}}" """)).Text("id")}";

        await server.PatchAsync(path, body, HttpStatusCode.NoContent);

        ShownId(await server.GetAsync(path)).ShouldBe(isKept ? limit : null);
        (await server.GetAsync($"{Limits}{limit}"))!["limit"]!.GetValue<int>().ShouldBe(5);
    }

    [Fact]
    public async Task Update_OwnLimitThenSharedThenOwn_TheLastCounts()
    {
        await using var server = await ApiServer.StartAsync();
        var limit = await LimitAsync(server);
        var path = $"{Deployments}{(await CreateAsync(server, "one", """ "concurrency_limit": 2 """)).Text("id")}";

        await server.PatchAsync(path, $$"""{"global_concurrency_limit_id": "{{limit}}"}""", HttpStatusCode.NoContent);
        ShownId(await server.GetAsync(path)).ShouldBe(limit);
        await server.PatchAsync(path, """{"concurrency_limit": 3}""", HttpStatusCode.NoContent);

        var own = (await server.GetAsync(path))!["global_concurrency_limit"];
        own.Text("name").ShouldStartWith("deployment:");
        own!["limit"]!.GetValue<int>().ShouldBe(3);
        (await server.GetAsync($"{Limits}{limit}"))!["limit"]!.GetValue<int>().ShouldBe(5);
        await server.PatchAsync(path, """{"concurrency_limit": 4, "global_concurrency_limit_id": null}""", HttpStatusCode.NoContent);
        (await server.GetAsync(path))!["global_concurrency_limit"]!["limit"]!.GetValue<int>().ShouldBe(4);
    }

    [Fact]
    public async Task Update_TwoLimits_IsRefusedAndWritesNothing()
    {
        await using var server = await ApiServer.StartAsync();
        var limit = await LimitAsync(server);
        var two = $$""" "global_concurrency_limit_id": "{{limit}}", "concurrency_limit": 2, "description": "changed" """;
        var path = $"{Deployments}{(await CreateAsync(server, "one", "")).Text("id")}";

        Refusal(await server.PatchAsync(path, $$"""{{{two}}}""", HttpStatusCode.UnprocessableEntity)).ShouldBe(Both);
        Refusal(await CreateAsync(server, "other", two, HttpStatusCode.UnprocessableEntity)).ShouldBe(Both);

        var stored = await server.GetAsync(path);
        stored!["description"].ShouldBeNull();
        stored["global_concurrency_limit"].ShouldBeNull();
        await server.GetAsync($"{Deployments}name/remote/other", HttpStatusCode.NotFound);

        static string Refusal(JsonNode? answer) => answer!["exception_detail"]![0].Text("msg");
    }

    [Fact]
    public async Task Update_NoSuchLimit_IsNotFoundAndWritesNothing()
    {
        await using var server = await ApiServer.StartAsync();
        var path = $"{Deployments}{(await CreateAsync(server, "one", """ "concurrency_limit": 2 """)).Text("id")}";
        var unknown = $$"""{"global_concurrency_limit_id": "{{Guid.NewGuid()}}", "description": "changed"}""";

        (await server.PatchAsync(path, unknown, HttpStatusCode.NotFound)).Text("detail").ShouldBe("Concurrency limit not found");
        (await server.PatchAsync($"{Deployments}{Guid.NewGuid()}", unknown, HttpStatusCode.NotFound))
            .Text("detail")
            .ShouldBe("Deployment not found");

        var stored = await server.GetAsync(path);
        stored!["description"].ShouldBeNull();
        stored["global_concurrency_limit"]!["limit"]!.GetValue<int>().ShouldBe(2);
    }

    [Fact]
    public async Task Delete_Limit_IsShownByNoDeploymentAnyMore()
    {
        await using var server = await ApiServer.StartAsync();
        var limit = await LimitAsync(server);
        foreach (var name in new[] { "one", "two" })
        {
            ShownId(await CreateAsync(server, name, $$""" "global_concurrency_limit_id": "{{limit}}" """)).ShouldBe(limit);
        }

        await server.DeleteAsync($"{Limits}{limit}", HttpStatusCode.NoContent);
        server.Time.Advance(TimeSpan.FromSeconds(1));
        await LimitAsync(server);

        (await server.PostAsync($"{Deployments}filter", "{}"))!.AsArray().Select(ShownId).ShouldAllBe(id => id == null);
    }

    [Fact]
    public async Task Delete_Deployment_LeavesTheLimit()
    {
        await using var server = await ApiServer.StartAsync();
        var limit = await LimitAsync(server);
        var one = (await CreateAsync(server, "one", $$""" "global_concurrency_limit_id": "{{limit}}" """)).Text("id");
        var two = (await CreateAsync(server, "two", $$""" "global_concurrency_limit_id": "{{limit}}" """)).Text("id");

        await server.DeleteAsync($"{Deployments}{one}", HttpStatusCode.NoContent);
        await server.PostAsync($"{Deployments}bulk_delete", """{"deployments": {"name": {"any_": ["none"]}}}""");

        ShownId(await server.GetAsync($"{Deployments}{two}")).ShouldBe(limit);
    }

    [Fact]
    public async Task Update_LimitOfTheRegisteredFlow_IsKeptInSpiteOfItsSchedules()
    {
        await using var server = await ApiServer.StartAsync();
        var limit = await LimitAsync(server);
        var path = $"{Deployments}{server.Registered.Id}";
        await server.PatchAsync(path, $$"""{"global_concurrency_limit_id": "{{limit}}"}""", HttpStatusCode.NoContent);

        await server.PostAsync(
            $"{path}/schedules",
            """[{"schedule": {"cron": "0 7 * * *"}, "parameters": {"count": 1}}]""",
            HttpStatusCode.Created
        );
        await server.PostAsync($"{path}/pause_deployment", "{}");

        ShownId(await server.GetAsync(path)).ShouldBe(limit);
    }

    private static async Task<string> LimitAsync(TestServer server) =>
        (await server.PostAsync(Limits, """{"name": "database", "limit": 5}""", HttpStatusCode.Created)).Text("id");

    private static Task<JsonNode?> CreateAsync(
        TestServer server,
        string name,
        string members,
        HttpStatusCode expected = HttpStatusCode.Created
    ) =>
        server.PostAsync(
            Deployments,
            $$"""{"name": "{{name}}", "flow_id": "{{server.Remote.Id}}"{{(members.Length > 0 ? "," : "")}} {{members}}}""",
            expected
        );

    private static string? ShownId(JsonNode? deployment) =>
        deployment.ShouldNotBeNull()["global_concurrency_limit"]?["id"]?.GetValue<string>();
}
