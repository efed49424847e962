using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Serverless.Server.SavedSearches;
using Serverless.Storage;

namespace Serverless.Api.Tests;

public sealed class SavedSearchesApiTests : IAsyncLifetime
{
    private const string Path = "/api/saved_searches/";

    private const string Filter = """{"object":"flow_run","property":"name","type":"string","operation":"equals","value":{"x":[1,null]}}""";

    private TestServer server = null!;

    public async Task InitializeAsync() => server = await ApiServer.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task Save_ANewName_Creates_AndAKnownOneReplacesTheFilters()
    {
        var created = await PutAsync($$"""{"name": "My search", "filters": [{{Filter}}]}""", HttpStatusCode.Created);
        created!["filters"]!.ToJsonString().ShouldBe($"[{Filter}]");
        created.Text("created").ShouldBe(created.Text("updated"));
        (await server.GetAsync(Path + created.Text("id"))).Json().ShouldBe(created.Json());

        server.Time.Advance(TimeSpan.FromSeconds(1));
        var nothing = Filter.Replace("""{"x":[1,null]}""", "null", StringComparison.Ordinal);
        var saved = await PutAsync($$"""{"name": "My search", "filters": [{{nothing}}, {{Filter}}]}""", HttpStatusCode.OK);

        saved.Text("id").ShouldBe(created.Text("id"));
        saved.Text("created").ShouldBe(created.Text("created"));
        saved.Text("updated").ShouldNotBe(created.Text("updated"));
        saved!["filters"]!.ToJsonString().ShouldBe($"[{nothing},{Filter}]");
        (await server.GetAsync(Path + created.Text("id"))).Json().ShouldBe(saved.Json());
        (await PutAsync("""{"name": "My search", "filters": null}""", HttpStatusCode.OK))!["filters"]!.AsArray().ShouldBeEmpty();
        (await server.GetAsync(Path + created.Text("id")))!["filters"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task Filter_ListsByName_AndDeleteFreesTheName()
    {
        string long1 = new('a', 1024);
        foreach (var name in new[] { "b", long1, "A", "ä" })
        {
            await PutAsync($$"""{"name": "{{name}}"}""", HttpStatusCode.Created);
        }

        var all = (await server.PostAsync(Path + "filter", null))!.AsArray();
        all.Select(search => search.Text("name")).ShouldBe(["A", long1, "b", "ä"]);
        (await server.PostAsync(Path + "filter", """{"limit": 1, "offset": 2, "x": 1}"""))!
            .AsArray()
            .ShouldHaveSingleItem()
            .Text("name")
            .ShouldBe("b");
        var id = all[1].Text("id");

        await server.DeleteAsync(Path + id, HttpStatusCode.NoContent);

        (await server.DeleteAsync(Path + id, HttpStatusCode.NotFound)).Text("detail").ShouldBe("Saved search not found");
        (await server.GetAsync(Path + id, HttpStatusCode.NotFound)).Text("detail").ShouldBe("Saved search not found");
        (await PutAsync($$"""{"name": "{{long1}}"}""", HttpStatusCode.Created)).Text("id").ShouldNotBe(id);
    }

    [Theory]
    [InlineData("""{"filters": []}""", "missing", "body.name")]
    [InlineData("""{"name": "n", "x": 1}""", "extra_forbidden", "body.x")]
    [InlineData(
        """{"name": "n", "filters": [{"object": "o", "property": "p", "type": "t", "operation": "e"}]}""",
        "missing",
        "body.filters.0.value"
    )]
    [InlineData(
        """{"name": "n", "filters": [{"object": null, "property": "p", "type": "t", "operation": "e", "value": 1}]}""",
        "string_type",
        "body.filters.0.object"
    )]
    public async Task Save_OfAnotherForm_IsRefused(string body, string type, string location) =>
        (await PutAsync(body, HttpStatusCode.UnprocessableEntity)).Errors().ShouldBe([(type, location)]);

    /// <summary>Two create one name at once, or one is deleted while it is saved.</summary>
    [Theory]
    [InlineData("new")]
    [InlineData("known")]
    public async Task Save_WhileSomebodyElseDoes_ThereIsOne(string which)
    {
        var known = which == "known" ? (await PutAsync("""{"name": "n"}""", HttpStatusCode.Created)).Text("id") : null;
        server.Store.Once(
            SavedSearchKeys.Table,
            async () =>
                _ = known is null
                    ? await PutAsync("""{"name": "n"}""", HttpStatusCode.Created)
                    : await server.DeleteAsync(Path + known, HttpStatusCode.NoContent)
        );

        await PutAsync($$"""{"name": "n", "filters": [{{Filter}}]}""", known is null ? HttpStatusCode.OK : HttpStatusCode.Created);

        var search = (await server.PostAsync(Path + "filter", "{}"))!.AsArray().ShouldHaveSingleItem();
        search!["filters"]!.AsArray().Count.ShouldBe(1);
        (await server.GetAsync(Path + search.Text("id"))).ShouldNotBeNull();
        (await server.Store.CountAsync(SavedSearchKeys.Table)).ShouldBe(2);
    }

    /// <summary>The process dies before the commit of a change or after it.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Save_Crash_LeavesAllOrNothing(bool isApplied)
    {
        server.Store.BeforeCommit = _ => isApplied ? Task.CompletedTask : throw new RowStoreUnavailableException("The process dies.");
        server.Store.AfterCommit = _ => throw new RowStoreUnavailableException("The process dies.");
        await PutAsync("""{"name": "n"}""", HttpStatusCode.ServiceUnavailable);
        (server.Store.BeforeCommit, server.Store.AfterCommit) = (null, null);

        var search = await PutAsync("""{"name": "n"}""", isApplied ? HttpStatusCode.OK : HttpStatusCode.Created);

        await server.DeleteAsync(Path + search.Text("id"), HttpStatusCode.NoContent);
        (await server.Store.CountAsync(SavedSearchKeys.Table)).ShouldBe(0);
    }

    private async Task<JsonNode?> PutAsync(string body, HttpStatusCode expected)
    {
        using StringContent content = new(body, Encoding.UTF8, "application/json");
        using var response = await server.Http.PutAsync(new Uri(Path, UriKind.Relative), content);
        var text = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBe(expected, text);
        return JsonNode.Parse(text);
    }
}
