using Serverless.Functions.Tests.Fixtures;

namespace Serverless.Functions.Tests.Nouns;

/// <summary>Saved searches on Azure Tables.</summary>
public sealed class SavedSearchesTests
{
    private const string Path = "/saved_searches/";

    [Fact]
    public async Task SavedSearch_FromStartToEnd_IsSavedReplacedListedAndDeleted()
    {
        await using var app = await EmbeddedApp.StartAsync();
        const string filters =
            """[{"object": "flow_run", "property": "name", "type": "string", "operation": "equals", "value": ["x", {"y": null}]}]""";
        var id = (await app.SendAsync("PUT", Path, $$"""{"name": "mine", "filters": {{filters}}}""", 201)).Text("id");
        await app.SendAsync("PUT", Path, """{"name": "a second"}""", 201);

        (await app.GetAsync(Path + id))!["filters"]!.AsArray()[0]!["value"]!.ToJsonString().ShouldBe("""["x",{"y":null}]""");
        (await app.SendAsync("PUT", Path, """{"name": "mine", "filters": []}""", 200)).Text("id").ShouldBe(id);
        (await app.GetAsync(Path + id))!["filters"]!.AsArray().ShouldBeEmpty();
        (await app.PostAsync(Path + "filter", "{}")).Texts("name").ShouldBe(["a second", "mine"]);
        (await app.PostAsync(Path + "filter", """{"offset": 1, "limit": 1}""")).Texts("name").ShouldBe(["mine"]);

        await app.SendAsync("DELETE", Path + id, null, 204);
        await app.GetAsync(Path + id, 404);
        (await app.SendAsync("PUT", Path, """{"name": "mine"}""", 201)).Text("id").ShouldNotBe(id);
    }
}
