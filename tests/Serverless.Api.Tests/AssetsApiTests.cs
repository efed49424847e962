using System.Net;

namespace Serverless.Api.Tests;

public sealed class AssetsApiTests : IAsyncLifetime
{
    private const string Path = "/api/assets/";
    private const string Key = "s3://lake/orders.csv";

    private TestServer _server = null!;

    public async Task InitializeAsync() => _server = await ApiServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Events_OfAClient_MakeAssetsThatCanBeListedReadAndDeleted()
    {
        await MakeAsync();

        var page = await _server.PostAsync(Path + "filter", """{"limit": 50, "filter": {"key": {"prefix": ["s3://"]}}}""");
        page!["total"]!.GetValue<int>().ShouldBe(1);
        var asset = page["assets"]!.AsArray().ShouldHaveSingleItem()!;
        (asset.Text("key"), asset.Text("last_seen")).ShouldBe((Key, "2026-01-01T00:00:00Z"));
        asset["properties"]!.ToJsonString().ShouldBe("""{"name":"Orders","url":null,"description":null,"owners":["ops"]}""");
        (await _server.GetAsync($"{Path}key?key={Key}")).Json().ShouldBe(asset.Json());
        var made = await _server.PostAsync(Path + "materializations/filter", $$"""{"key": "{{Key}}"}""");
        var one = made!.AsArray().ShouldHaveSingleItem()!;
        (one.Text("status"), one["metadata"]!.ToJsonString()).ShouldBe(("succeeded", """{"rows":7}"""));

        await _server.DeleteAsync($"{Path}key?key={Key}", HttpStatusCode.NoContent);
        await _server.DeleteAsync($"{Path}key?key={Key}", HttpStatusCode.NotFound);
        await _server.GetAsync($"{Path}key?key={Key}", HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("filter", """{"limit": 0}""")]
    [InlineData("filter", """{"limit": 201}""")]
    [InlineData("filter", """{"offset": -1}""")]
    [InlineData("materializations/filter", "{}")]
    [InlineData("materializations/filter", """{"key": "s3://a", "limit": 201}""")]
    public async Task Filter_OutOfRange_IsRefused(string path, string body) =>
        await _server.PostAsync(Path + path, body, HttpStatusCode.UnprocessableEntity);

    [Fact]
    public async Task Read_WithoutAKey_IsRefused()
    {
        await _server.GetAsync(Path + "key", HttpStatusCode.UnprocessableEntity);
        await _server.DeleteAsync(Path + "key", HttpStatusCode.UnprocessableEntity);
    }

    private async Task MakeAsync() =>
        await _server.PostAsync(
            "/api/events",
            """
            [{"id": "01900000-0000-7000-8000-0000000000aa", "occurred": "2026-01-01T00:00:00Z",
              "event": "prefect.asset.materialization.succeeded",
              "resource": {"prefect.resource.id": "s3://lake/orders.csv", "prefect.resource.name": "Orders",
                "prefect.asset.owners": "[\"ops\"]"},
              "related": [], "payload": {"rows": 7}}]
            """,
            HttpStatusCode.NoContent
        );
}
