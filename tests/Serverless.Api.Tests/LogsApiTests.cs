using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless.Api.Http.Binding;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Logs;
using Serverless.Server.Retention;

namespace Serverless.Api.Tests;

public sealed class LogsApiTests : IAsyncLifetime
{
    private const string Path = "/api/logs/";

    private TestServer _server = null!;
    private FlowRun _run = null!;

    public async Task InitializeAsync()
    {
        _server = await ApiServer.StartAsync();
        _run = await _server.CreateRemoteAsync(ProposedStates.Running());
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Post_LinesOfARun_AreListedInTheirOrder()
    {
        // As in Prefect, the answer is null.
        (await PostAsync([.. Enumerable.Range(0, 250).Select(i => Line(_run.Id, $"line {i}"))], HttpStatusCode.Created)).ShouldBeNull();

        var messages = await FilterAsync(new { flow_run_id = new { any_ = new[] { _run.Id } } }, offset: 100);
        messages.ShouldBe(Enumerable.Range(100, 150).Select(i => $"line {i}"));
    }

    [Fact]
    public async Task Post_LinesOfNoFlowRun_AreFoundAndGoWhenTheyAreOld()
    {
        var task = Guid.NewGuid();
        await PostAsync([Line(null, "worker"), Line(null, "task", task)], HttpStatusCode.Created);

        (await FilterAsync(new { task_run_id = new { any_ = new[] { task } } })).ShouldBe(["task"]);
        (await FilterAsync(new { level = new { ge_ = 0 } })).ShouldBe(["worker", "task"]);

        _server.Time.Advance(TimeSpan.FromDays(91));
        await _server.Get<RetentionSweep>().RunAsync();
        (await FilterAsync(new { level = new { ge_ = 0 } })).ShouldBeEmpty();
    }

    [Fact]
    public async Task Post_LinesOfARunThatIsNotThere_AreNotKept()
    {
        await _server.Runs.DeleteAsync(_run.Id);

        await PostAsync([Line(_run.Id, "late"), Line(Guid.NewGuid(), "lost")], HttpStatusCode.Created);

        (await _server.Store.CountAsync("logs")).ShouldBe(0);
    }

    [Fact]
    public async Task Post_LongMessage_IsCut()
    {
        await PostAsync([Line(_run.Id, new string('m', 100_000))], HttpStatusCode.Created);

        (await FilterAsync(new { flow_run_id = new { any_ = new[] { _run.Id } } }))
            .ShouldHaveSingleItem()
            .Length.ShouldBeInRange(RunLogs.LongestMessage, RunLogs.LongestMessage + 20);
    }

    [Fact]
    public async Task Post_AsMuchAsPrefectsClientSends_IsTaken() =>
        await PostAsync([.. Enumerable.Range(0, 400).Select(i => Line(_run.Id, new string('m', 9_800)))], HttpStatusCode.Created);

    [Fact]
    public async Task Post_MoreThanTheLimit_Is413() =>
        await PostAsync([Line(_run.Id, new string('m', BodyLimit.Logs))], HttpStatusCode.RequestEntityTooLarge);

    [Theory]
    [InlineData("message")]
    [InlineData("level")]
    [InlineData("name")]
    [InlineData("timestamp")]
    public async Task Post_MemberMissing_Is422(string member)
    {
        var line = Line(_run.Id, "x");
        line.Remove(member);

        var answer = await PostAsync([line], HttpStatusCode.UnprocessableEntity);

        answer!["exception_detail"]![0]!["loc"]!.ToJsonString().ShouldBe($"""["body",0,"{member}"]""");
    }

    [Fact]
    public async Task Post_UnknownMember_Is422()
    {
        var line = Line(_run.Id, "x");
        line["worker_id"] = "w";

        await PostAsync([line], HttpStatusCode.UnprocessableEntity);
    }

    private static JsonObject Line(Guid? run, string message, Guid? task = null) =>
        new()
        {
            ["name"] = "prefect.flow_runs",
            ["level"] = 20,
            ["message"] = message,
            ["timestamp"] = "2026-01-01T00:00:00Z",
            ["flow_run_id"] = run,
            ["task_run_id"] = task,
        };

    private Task<JsonNode?> PostAsync(JsonObject[] lines, HttpStatusCode expected) =>
        _server.PostAsync(Path, new JsonArray([.. lines]).ToJsonString(), expected);

    private async Task<IReadOnlyList<string>> FilterAsync(object logs, int offset = 0) =>
        [
            .. (await _server.PostAsync("/api/logs/filter", JsonSerializer.Serialize(new { logs, offset })))!
                .AsArray()
                .Select(line => line!["message"]!.GetValue<string>()),
        ];
}
