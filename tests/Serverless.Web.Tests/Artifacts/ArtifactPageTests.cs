using System.Text.Json;
using Serverless.Core.Models;
using Serverless.Server.Artifacts;

namespace Serverless.Web.Tests.Artifacts;

public sealed class ArtifactPageTests
{
    [Fact]
    public async Task List_Artifacts_ShowsTheLatestOfEachKey()
    {
        await using var server = await WebServer.StartAsync();
        (await server.PageAsync("/artifacts")).ShouldContain("curl -X POST");
        var run = Guid.NewGuid();
        await CreateAsync(server, "report", "markdown", "\"first\"");
        server.Time.Advance(TimeSpan.FromSeconds(1));
        await CreateAsync(server, "report", "table", "[]", run);
        var loose = await CreateAsync(server, null, "markdown", "\"loose\"");

        var html = await server.PageAsync("/artifacts");

        html.Split("/artifacts/key/report\"").Length.ShouldBe(2);
        html.ShouldNotContain(loose.Id.ToString());
        (await server.PageAsync("/artifacts?type=markdown")).ShouldContain("No artifact matches.");
        (await server.PageAsync($"/artifacts?run={run}")).ShouldContain("/artifacts/key/report");
        (await server.PageAsync("/artifacts?q=REP")).ShouldContain("/artifacts/key/report");
        (await server.PageAsync("/artifacts?all=1&type=markdown")).ShouldContain(loose.Id.ToString());
        (await server.PageAsync("/artifacts/key/report")).ShouldContain("2 versions, newest first");
        await server.PageAsync("/artifacts/key/other", 404);
    }

    [Theory]
    [InlineData("markdown", "\"# Good\\n\\n| a | b |\\n|---|--:|\\n| 1 | 2 |\"", "<td>1</td>")]
    [InlineData("markdown", "\"<script>alert(1)</script>\"", "&lt;script&gt;")]
    [InlineData("markdown", "\"[x](javascript:alert(1)) ![y](https://example.com/y.png)\"", "href=\"https://example.com/y.png\"")]
    [InlineData("markdown", "\"[x][1] <javascript:alert(1)>\\n\\n[1]: javascript:alert(1)\"", ">x</a>")]
    [InlineData("markdown", "\"![x][1] <https://example.com/>\\n\\n[1]: https://example.com/x.png\"", "href=\"https://example.com/x.png\"")]
    [InlineData("link", "\"https://example.com/\"", "href=\"https://example.com/\"")]
    [InlineData("link", "\"javascript:alert(1)\"", "javascript:alert(1)")]
    [InlineData("image", "\"data:image/png;base64,AAAA\"", "<img class=\"picture\"")]
    [InlineData("image", "\"https://example.com/x.png\"", "loads nothing from other hosts")]
    [InlineData("progress", "42.5", "42.5 %")]
    [InlineData("table", "\"[{\\\"a\\\": 1}]\"", "Download CSV")]
    [InlineData("table", "{\"a\": [1, 2], \"b\": [3]}", "2 rows")]
    [InlineData("table", "17", "17")]
    [InlineData("other", "{\"a\": 1}", "&quot;a&quot;: 1")]
    public async Task Read_EachType_ShowsWhatItIs(string type, string data, string words)
    {
        await using var server = await WebServer.StartAsync();
        var artifact = await CreateAsync(server, "some", type, data);

        var html = await server.PageAsync($"/artifacts/artifact/{artifact.Id}");

        html.ShouldContain(words);
        html.ShouldNotContain("<script>alert");
        html.ShouldNotContain("href=\"javascript");
        html.ShouldNotContain("src=\"http");
        html.ShouldNotContain(" style=");
    }

    [Fact]
    public async Task Read_MarkdownNestedWithoutEnd_IsShownAsItsText()
    {
        await using var server = await WebServer.StartAsync();
        var artifact = await CreateAsync(server, "deep", "markdown", $"\"{new string('>', 60_000)}\"");

        (await server.PageAsync($"/artifacts/artifact/{artifact.Id}")).ShouldContain("50,000 of 60,000 characters");
    }

    [Fact]
    public async Task Table_ByAColumn_IsSortedAndPagedByTheAddress()
    {
        await using var server = await WebServer.StartAsync();
        var rows = string.Join(',', Enumerable.Range(0, 150).Select(number => $"{{\"n\": {number}, \"t\": \"row-{number}\"}}"));
        var page = $"/artifacts/artifact/{(await CreateAsync(server, "big", "table", $"[{rows}]")).Id}";

        var html = await server.PageAsync($"{page}?sort=n&desc=1");

        html.IndexOf("row-149", StringComparison.Ordinal).ShouldBeLessThan(html.IndexOf("row-148", StringComparison.Ordinal));
        html.ShouldContain("aria-sort=\"descending\"");
        html.ShouldNotContain("row-49<");
        html.ShouldContain("?sort=n&amp;desc=1&amp;offset=100");
        (await server.PageAsync($"{page}?sort=n&desc=1&offset=100")).ShouldContain("row-0<");
    }

    [Fact]
    public async Task Download_OfATable_IsCsvWithoutFormulas()
    {
        await using var server = await WebServer.StartAsync();
        var table = """[{"=cmd": "=1+1", "n": -5, "q": "a \"b\", c"}, {"=cmd": "@x", "n": null, "q": true}]""";
        var artifact = await CreateAsync(server, "sheet", "table", table);

        using var answer = await server.Http.GetAsync(new Uri($"/artifacts/artifact/{artifact.Id}/table.csv", UriKind.Relative));

        (await answer.Content.ReadAsStringAsync()).ShouldBe("'=cmd,n,q\r\n'=1+1,-5,\"a \"\"b\"\", c\"\r\n'@x,,true\r\n");
        answer.Content.Headers.ContentDisposition.ShouldNotBeNull().FileName.ShouldBe("sheet.csv");
        var other = await CreateAsync(server, null, "markdown", "\"x\"");
        await server.PageAsync($"/artifacts/artifact/{other.Id}/table.csv", 404);
    }

    [Fact]
    public async Task Delete_Artifact_ForwardsToTheList()
    {
        await using var server = await WebServer.StartAsync();
        var artifact = await CreateAsync(server, "gone", "progress", "1");
        var page = $"/artifacts/artifact/{artifact.Id}";

        (await server.ActAsync(page, $"/act/artifact/{artifact.Id}/delete")).Status.ShouldBe(204);

        await server.PageAsync(page, 404);
    }

    internal static Task<Artifact> CreateAsync(TestServer server, string? key, string type, string data, Guid? run = null) =>
        server
            .Get<ArtifactService>()
            .CreateAsync(
                new ArtifactCreate
                {
                    Key = key,
                    Type = type,
                    Data = JsonElement.Parse(data),
                    FlowRunId = run,
                    Description = "<i>About</i> *it*",
                }
            );
}
