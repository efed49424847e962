using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Serverless.Flows.Hosting;
using Shouldly;
using Xunit;

namespace Serverless.Flows.Tests;

public sealed class FlowContextWaitTests
{
    private readonly TestFlow _test = new();

    private FlowContext Flow => _test.Context;

    [Fact]
    public async Task SleepAsync_Duration_UsesTheEngine()
    {
        var before = Flow.UtcNow;
        await Flow.SleepAsync(TimeSpan.FromHours(24));
        await Flow.SleepAsync(TimeSpan.Zero);
        _test.Engine.Sleeps.ShouldBe([TimeSpan.FromHours(24)]);
        (Flow.UtcNow - before).ShouldBe(TimeSpan.FromHours(24));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await Flow.SleepAsync(TimeSpan.FromSeconds(-1)));
    }

    [Fact]
    public async Task PauseAsync_WithoutKey_CountsAndWaitsAnHour()
    {
        await Flow.PauseAsync();
        await Flow.SuspendAsync(TimeSpan.FromMinutes(1));
        await Flow.PauseAsync(key: "mine");
        _test.Engine.Pauses.ShouldBe([
            new PauseRequest("pause-1", TimeSpan.FromHours(1), Suspend: false, InputSchemaJson: null, Description: null),
            new PauseRequest("pause-2", TimeSpan.FromMinutes(1), Suspend: true, InputSchemaJson: null, Description: null),
            new PauseRequest("mine", TimeSpan.FromHours(1), Suspend: false, InputSchemaJson: null, Description: null),
        ]);
    }

    [Fact]
    public async Task PauseAsync_TypedInput_SendsSchemaAndReadsInput()
    {
        _test.Engine.OnPause = _ => """{"is_ok":true,"share":0.10}""";
        (await Flow.PauseAsync<Answer>(description: "Well?")).ShouldBe(new Answer(IsOk: true, 0.10m));
        var request = _test.Engine.Pauses.ShouldHaveSingleItem();
        request.Description.ShouldBe("Well?");
        JsonDocument.Parse(request.InputSchemaJson!).RootElement.GetProperty("required")[0].GetString().ShouldBe("is_ok");
    }

    [Theory]
    [InlineData(null, "'run_input': expected an object with 'is_ok', got {}")]
    [InlineData("""{"is_ok":"yes"}""", "'run_input.is_ok': expected true or false, got \"yes\"")]
    [InlineData("""{"is_ok":true,"share":2}""", "'run_input.share': expected a value between 0 and 1, got 2")]
    public async Task PauseAsync_InputThatDoesNotFit_Throws(string? input, string problem)
    {
        _test.Engine.OnPause = _ => input;
        var error = await Should.ThrowAsync<ParameterValidationException>(() => Flow.SuspendAsync<Answer>(key: "k"));
        error.Message.ShouldBe($"Invalid parameters of the input of pause 'k': {problem}.");
    }

    [Fact]
    public async Task PauseAsync_InputThatIsNoObject_Refuses() =>
        (await Should.ThrowAsync<FlowRegistrationException>(() => Flow.PauseAsync<string>())).Message.ShouldContain("must be a record");

    [Fact]
    public async Task PauseAsync_NoTime_Refuses() =>
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await Flow.PauseAsync(TimeSpan.Zero));

    [Fact]
    public async Task CreateTableArtifactAsync_Rows_AreAJsonStringAsInPrefect()
    {
        await Flow.Artifacts.CreateTableArtifactAsync(new[] { new Answer(IsOk: true, 0.5m) }, "my-table", "d");
        _test
            .Engine.Artifacts.ShouldHaveSingleItem()
            .ShouldBe(new ArtifactRequest("table", "my-table", """ "[{\"is_ok\":true,\"share\":0.5}]" """.Trim(), "d"));
    }

    [Fact]
    public async Task CreateLinkArtifactAsync_Link_IsMarkdown()
    {
        await Flow.Artifacts.CreateLinkArtifactAsync(new Uri("https://example.org/x"), "here");
        await Flow.Artifacts.CreateMarkdownArtifactAsync("# T");
        _test
            .Engine.Artifacts.Select(artifact => (artifact.Type, artifact.DataJson))
            .ShouldBe([("markdown", "\"[here](https://example.org/x)\""), ("markdown", "\"# T\"")]);
    }

    [Theory]
    [InlineData("Upper")]
    [InlineData("under_score")]
    [InlineData("")]
    public async Task CreateMarkdownArtifactAsync_BadKey_Refuses(string key) =>
        await Should.ThrowAsync<ArgumentException>(async () => await Flow.Artifacts.CreateMarkdownArtifactAsync("x", key));

    internal sealed record Answer(bool IsOk, [property: Range(0d, 1d)] decimal Share = 1);
}
