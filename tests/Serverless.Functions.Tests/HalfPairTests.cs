using Microsoft.Extensions.Logging;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Flows;
using Serverless.Functions.Tests.Fixtures;

namespace Serverless.Functions.Tests;

/// <summary>
/// A .NET text may hold half a surrogate pair, which is no character and can be stored nowhere. Where an author's code hands one on, the
/// run goes on with the replacement character (U+FFFD) in its place, as .NET writes it everywhere, and everything can be read.
/// </summary>
public sealed class HalfPairTests
{
    private const string Half = "a\ud800b";
    private const string Replaced = "a\ufffdb";

    [Theory]
    [InlineData("task result")]
    [InlineData("task argument")]
    [InlineData("flow result")]
    [InlineData("log")]
    [InlineData("artifact")]
    [InlineData("artifact description")]
    [InlineData("task name")]
    public async Task Text_WithHalfAPair_IsStoredWithTheReplacement(string place)
    {
        await using var app = await EmbeddedApp.StartAsync();
        app.Probe.TaskBodies["half"] = context =>
        {
            context.Logger.LogWarning("{Text}", place == "log" ? Half : "whole");
            return place == "task result" ? Half : "whole";
        };
        var id = await app.RunFreeAsync(async flow =>
        {
            switch (place)
            {
                case "task argument":
                    return await flow.RunAsync((Work work) => work.Count(Half));
                case "flow result":
                    return new Dictionary<string, string> { [Half] = Half };
                case "log":
                    flow.Logger.LogWarning("{Text}", Half);
                    break;
                case "artifact":
                    await flow.Artifacts.CreateMarkdownArtifactAsync(Half, key: "report");
                    break;
                case "artifact description":
                    await flow.Artifacts.CreateMarkdownArtifactAsync("whole", key: "report", description: Half);
                    break;
            }

            return (
                await flow.RunAsync(
                    (Work work) => work.Return("half", null!),
                    new CallOptions { Retries = 0, RunName = place == "task name" ? Half : null }
                )
            )?.ToString();
        });

        var run = await app.WhenFinalAsync(id);

        run.StateName.ShouldBe(StateNames.Completed, run.State!.Message);
        var result = await app.ResultAsync(id);
        var tasks = await app.TaskRunsAsync(id);
        if (place is "task result" or "flow result")
        {
            result.ShouldNotBeNull().Replace("\\uFFFD", "\ufffd", StringComparison.OrdinalIgnoreCase).ShouldContain(Replaced);
        }

        if (place == "log")
        {
            (await app.LogsAsync(id)).Count(line => line.Message == Replaced).ShouldBe(2);
        }

        if (place == "task name")
        {
            tasks.ShouldHaveSingleItem().Name.ShouldBe(Replaced);
        }

        await app.ShouldSettleAsync(id);
    }

    [Theory]
    [InlineData("task exception")]
    [InlineData("flow exception")]
    [InlineData("task state")]
    [InlineData("flow state")]
    public async Task Reason_WithHalfAPair_IsStoredWithTheReplacement(string place)
    {
        await using var app = await EmbeddedApp.StartAsync();
        var failed = RunState.Failed(Half, Half);
        app.Probe.TaskBodies["half"] = _ => place == "task state" ? failed : throw new InvalidOperationException(Half);
        var id = await app.RunFreeAsync(async flow =>
            place switch
            {
                "flow exception" => throw new InvalidOperationException(Half),
                "flow state" => failed,
                _ => await flow.RunAsync((Work work) => work.Return("half", null!), new CallOptions { Retries = 0 }),
            }
        );

        var run = await app.WhenFinalAsync(id);

        run.StateType.ShouldBe(StateType.Failed, run.State!.Message);
        var state = place.StartsWith("task", StringComparison.Ordinal) ? (await app.TaskRunAsync(id)).State! : run.State!;
        state.Message.ShouldNotBeNull().ShouldContain(Replaced);
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task SubflowParameter_WithHalfAPair_IsStoredWithTheReplacement()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunFreeAsync(async flow => await flow.RunAsync((Scripts scripts) => scripts.RunAsync(flow, Half)));

        var run = await app.WhenFinalAsync(id);

        // There is no script of that name.
        run.StateType.ShouldBe(StateType.Failed, run.State!.Message);
        (await app.SubflowsAsync(id)).ShouldHaveSingleItem().Parameters["body"].GetString().ShouldBe(Replaced);
        await app.ShouldSettleAsync(id);
    }
}
