using System.Net;
using System.Text.Json.Nodes;
using Serverless.Server;

namespace Serverless.Api.Tests;

public sealed class RootApiTests
{
    [Fact]
    public async Task Health_IsTrue()
    {
        await using var server = await ApiServer.StartAsync();

        (await server.GetAsync("/api/health"))!.GetValue<bool>().ShouldBeTrue();
    }

    [Fact]
    public async Task Version_IsThatOfTheApi()
    {
        await using var server = await ApiServer.StartAsync();

        (await server.GetAsync("/api/version"))!.GetValue<string>().ShouldBe("0.8.4");
    }

    [Fact]
    public async Task Ready_UntilTheHostSaysSo_IsUnavailable()
    {
        await using var server = await ApiServer.StartAsync();

        await server.GetAsync("/api/ready", HttpStatusCode.ServiceUnavailable);
        server.Get<ServerReadiness>().IsReady = true;

        (await server.GetAsync("/api/ready")).Text("message").ShouldBe("OK");
    }

    [Fact]
    public async Task Ready_StoreCanBeReadButNotWritten_IsUnavailableUntilItCan()
    {
        await using var server = await ApiServer.StartAsync();
        server.Get<ServerReadiness>().IsReady = true;
        server.Store.BeforeCommit = _ => throw new Storage.RowStoreUnavailableException("full");

        (await server.GetAsync("/api/ready", HttpStatusCode.ServiceUnavailable)).Text("message").ShouldBe("Database cannot be written");

        server.Store.BeforeCommit = null;
        server.Time.Advance(StoreProbe.Age);
        await server.GetAsync("/api/ready");
    }

    [Fact]
    public async Task Ready_AskedByMany_TriesTheStoreOnceASecond()
    {
        await using var server = await ApiServer.StartAsync();
        server.Get<ServerReadiness>().IsReady = true;
        var commits = server.Store.Commits;

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => server.GetAsync("/api/ready")));
        server.Store.Commits.ShouldBe(commits + 1);

        server.Time.Advance(StoreProbe.Age);
        await server.GetAsync("/api/ready");
        server.Store.Commits.ShouldBe(commits + 2);
    }

    [Fact]
    public async Task Ready_SomethingIsDamaged_IsReadyAndNamesIt()
    {
        await using var server = await ApiServer.StartAsync();
        server.Get<ServerReadiness>().IsReady = true;
        server.Store.Health = new Storage.StoreHealth(null, ["table 'runs', partition 'p', row 'r': its checksum is wrong"], 1);

        var answer = await server.GetAsync("/api/ready");

        answer.Text("message").ShouldBe("OK");
        answer!["damage_count"]!.GetValue<int>().ShouldBe(1);
        answer!["damage"]!.AsArray().ShouldHaveSingleItem()!.GetValue<string>().ShouldStartWith("table 'runs', partition 'p', row 'r'");
    }

    [Fact]
    public async Task Ready_WritesFailedAMomentAgo_IsUnavailableWithTheReason()
    {
        await using var server = await ApiServer.StartAsync();
        server.Get<ServerReadiness>().IsReady = true;
        server.Store.Health = new Storage.StoreHealth("database or disk is full", [], 0);

        (await server.GetAsync("/api/ready", HttpStatusCode.ServiceUnavailable))
            .Text("message")
            .ShouldBe("Database cannot be written: database or disk is full");
    }

    [Theory]
    [InlineData("/api/nothing/here")]
    [InlineData("/api/flow_runs/not-an-id")]
    [InlineData("/api/nothing.html")]
    [InlineData("/api/flow_runs/not.an.id/set_state.json")]
    [InlineData("/outside/of.it")]
    public async Task UnknownPath_IsNotFoundInPrefectsShape(string path)
    {
        await using var server = await ApiServer.StartAsync();

        (await server.GetAsync(path, HttpStatusCode.NotFound)).Text("detail").ShouldBe("Not Found");
    }

    [Fact]
    public async Task KnownPath_WithAnotherMethod_NamesTheOnesAllowed()
    {
        await using var server = await ApiServer.StartAsync();
        using HttpRequestMessage request = new(HttpMethod.Put, $"/api/flow_runs/{server.Remote.Id}");

        using var response = await server.Http.SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        response.Content.Headers.Allow.ShouldBe(["DELETE", "GET", "PATCH"]);
        (await response.Content.ReadAsStringAsync()).ShouldBe("""{"detail":"Method Not Allowed"}""");
    }

    [Theory]
    [InlineData("POST", "/api/deployments/name/some.flow/default", "GET")]
    [InlineData("DELETE", "/api/v2/concurrency_limits/leases/01900000-0000-7000-8000-000000000001/renew", "POST")]
    public async Task KnownPath_WithDotsOrInDepth_NamesTheOnesAllowed(string method, string path, string allowed)
    {
        await using var server = await ApiServer.StartAsync();
        using HttpRequestMessage request = new(new HttpMethod(method), path);

        using var response = await server.Http.SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        response.Content.Headers.Allow.ShouldBe([allowed]);
    }

    [Fact]
    public async Task AnyRequest_OfAClientThatNamesItsVersion_IsAnswered()
    {
        await using var server = await ApiServer.StartAsync();
        server.Http.DefaultRequestHeaders.Add("X-PREFECT-API-VERSION", "0.8.4");

        await server.PostAsync("/api/flows/filter", "{}");
    }
}
