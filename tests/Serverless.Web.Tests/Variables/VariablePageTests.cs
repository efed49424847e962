using System.Text.Json;
using Serverless.Core.Models;
using Serverless.Server.Variables;

namespace Serverless.Web.Tests.Variables;

public sealed class VariablePageTests
{
    [Fact]
    public async Task List_WithoutVariables_HasALineToPaste()
    {
        await using var server = await WebServer.StartAsync();

        (await server.PageAsync("/variables")).ShouldContain("curl -X POST &#x27;http://localhost/api/variables/&#x27;");
        (await server.PageAsync("/variables?q=x")).ShouldContain("No variable matches.");
    }

    [Fact]
    public async Task Create_ChangeAndDelete_DoWhatTheySay()
    {
        await using var server = await WebServer.StartAsync();
        var variables = server.Get<VariableService>();
        (string, string)[] fields = [("name", "threshold"), ("value", "{\"a\": [1, 2]}"), ("tags", "prod, team-a")];

        (await server.ActAsync("/variables", "/act/variables", fields)).Status.ShouldBe(204);

        var created = (await variables.GetAsync("threshold")).ShouldNotBeNull();
        created.Tags.ShouldBe(["prod", "team-a"]);
        var page = $"/variables/variable/{created.Id}";
        (await server.PageAsync(page)).ShouldContain("&quot;a&quot;: [");
        (await server.ActAsync(page, $"/act/variable/{created.Id}/update", ("name", "limit"), ("value", "null"))).Status.ShouldBe(200);
        var changed = (await variables.GetAsync("limit")).ShouldNotBeNull();
        (changed.Id, changed.Value?.ValueKind ?? JsonValueKind.Null, changed.Tags.Count).ShouldBe((created.Id, JsonValueKind.Null, 0));
        (await server.ActAsync(page, $"/act/variable/{created.Id}/delete")).Status.ShouldBe(204);
        await server.PageAsync(page, 404);
    }

    [Theory]
    [InlineData("Upper", "1", "lowercase letters")]
    [InlineData("", "1", "needs a name")]
    [InlineData("a", "no json", "A text stands in &quot;quotes&quot;")]
    [InlineData("a", "", "The value is empty")]
    [InlineData("taken", "1", "taken")]
    public async Task Create_WhatCannotBe_SaysWhyAndStoresNothing(string name, string value, string words)
    {
        await using var server = await WebServer.StartAsync();
        var variables = server.Get<VariableService>();
        await variables.CreateAsync(new VariableCreate { Name = "taken", Value = null });

        var (status, html) = await server.ActAsync("/variables", "/act/variables", ("name", name), ("value", value));

        status.ShouldBeInRange(409, 422);
        html.ShouldContain(words);
        (await variables.CountAsync(null)).ShouldBe(1);
    }

    [Fact]
    public async Task List_ByNameAndTags_ShowsThose()
    {
        await using var server = await WebServer.StartAsync();
        var variables = server.Get<VariableService>();
        await variables.CreateAsync(
            new VariableCreate
            {
                Name = "one",
                Value = null,
                Tags = ["a", "b"],
            }
        );
        await variables.CreateAsync(
            new VariableCreate
            {
                Name = "two",
                Value = null,
                Tags = ["a"],
            }
        );

        (await server.PageAsync("/variables?q=ON")).ShouldNotContain(">two</a>");
        var html = await server.PageAsync("/variables?tags=a,b");

        html.ShouldContain(">one</a>");
        html.ShouldNotContain(">two</a>");
    }

    [Fact]
    public async Task Values_ThatAreHostile_AreText()
    {
        await using var server = await WebServer.StartAsync();
        var value = JsonSerializer.SerializeToElement("</textarea><script>alert(1)</script>\u202E🐙");
        var created = await server
            .Get<VariableService>()
            .CreateAsync(
                new VariableCreate
                {
                    Name = "x",
                    Value = value,
                    Tags = ["<b>"],
                }
            );

        foreach (var path in new[] { "/variables", $"/variables/variable/{created.Id}" })
        {
            (await server.PageAsync(path)).ShouldNotContain("<script>alert");
        }
    }
}
