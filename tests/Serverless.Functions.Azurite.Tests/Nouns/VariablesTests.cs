using Serverless.Functions.Tests.Fixtures;

namespace Serverless.Functions.Tests.Nouns;

/// <summary>Variables on Azure Tables.</summary>
public sealed class VariablesTests
{
    [Fact]
    public async Task Variable_FromStartToEnd_IsShownListedAndUsed()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = (await app.PostAsync("/variables/", """{"name": "limit", "value": {"of": [1, 2]}, "tags": ["a", "b"]}""", 201)).Text("id");
        await app.PostAsync("/variables/", """{"name": "limit", "value": 2}""", 409);
        await app.PostAsync("/variables/", """{"name": "other", "value": 2, "tags": ["b"]}""", 201);
        var large = new string('x', 4000);
        await app.PostAsync("/variables/", $$"""{"name": "large", "value": "{{large}}"}""", 201);

        (await app.GetAsync("/variables/name/limit"))!["value"]!.ToJsonString().ShouldBe("""{"of":[1,2]}""");
        (await app.GetAsync("/variables/name/large")).Text("value").ShouldBe(large);
        (await app.PostAsync("/variables/filter", "{}")).Texts("name").ShouldBe(["large", "limit", "other"]);
        (await app.PostAsync("/variables/filter", """{"variables": {"tags": {"all_": ["a"]}}}""")).Texts("id").ShouldBe([id]);
        (await app.PostAsync("/variables/count", """{"variables": {"name": {"like_": "l"}}}""")).ShouldNotBeNull().ToString().ShouldBe("2");

        // The name is a row of its own: renaming takes one and frees the other.
        await app.SendAsync("PATCH", $"/variables/{id}", """{"name": "renamed", "value": null}""", 204);
        await app.GetAsync("/variables/name/limit", 404);
        (await app.GetAsync("/variables/name/renamed")).Text("id").ShouldBe(id);
        await app.SendAsync("PATCH", $"/variables/{id}", """{"name": "other"}""", 409);
        await app.SendAsync("DELETE", "/variables/name/renamed", null, 204);
        await app.GetAsync($"/variables/{id}", 404);
        await app.PostAsync("/variables/", """{"name": "renamed", "value": 3}""", 201);
        (await app.PostAsync("/variables/filter", "{}")).Texts("name").ShouldBe(["large", "other", "renamed"]);
    }
}
