using System.Text.Json.Nodes;
using Serverless.Flows;
using Shouldly;
using Xunit;

namespace Serverless.Samples.Tests;

public sealed class SampleFlowsTests
{
    private readonly SampleRun _run = new();

    [Fact]
    public void AddSampleFlows_All_AreRegistered() =>
        _run
            .Registry.Flows.Select(flow => flow.Name)
            .ShouldBe([
                "add-to",
                "adder",
                "approval",
                "chain",
                "charge",
                "csv-report",
                "fan-out",
                "flaky",
                "hello",
                "invite",
                "lake",
                "notify",
                "number-list",
                "numbers",
                "one-time-code",
                "parent",
                "rates",
                "sleepy",
                "trip",
            ]);

    [Theory]
    [InlineData("add-to", "adder,number")]
    [InlineData("adder", "count=2,timeout_seconds=3600")]
    [InlineData("approval", "amount,timeout_seconds=3600")]
    [InlineData("chain", "length=10")]
    [InlineData("charge", "order,amount=10")]
    [InlineData("csv-report", "path,group_by,value,chunk_rows=1000")]
    [InlineData("fan-out", "count=10,task_milliseconds=0")]
    [InlineData("flaky", "failures=2,retries=3,delay_seconds=0")]
    [InlineData("hello", "name=\"world\"")]
    [InlineData("invite", "guest=\"Ada\",remind_after_seconds=5")]
    [InlineData("number-list", "count=1000000")]
    [InlineData("lake", "day")]
    [InlineData("numbers", "count=1000000")]
    [InlineData("one-time-code", "digits=6")]
    [InlineData("notify", "number=4")]
    [InlineData("parent", "children=3")]
    [InlineData("rates", "amount=100,currency=\"USD\",refresh=false")]
    [InlineData("sleepy", "seconds=1")]
    [InlineData("trip", "nights=3,free=3")]
    public void ParameterSchemaJson_OfASample_NamesItsParameters(string flow, string expected)
    {
        _run.Registry.TryGetFlow(flow, out var definition).ShouldBeTrue();
        var properties = JsonNode.Parse(definition!.ParameterSchemaJson)!["properties"]!.AsObject();
        string.Join(
                ',',
                properties.Select(property =>
                    property.Value!["default"] is { } value ? $"{property.Key}={value.ToJsonString()}" : property.Key
                )
            )
            .ShouldBe(expected);
    }

    [Fact]
    public async Task Hello_Name_IsGreeted()
    {
        (await _run.RunAsync("hello")).ShouldBe("\"Hello, world!\"");
        (await _run.RunAsync("hello", new { name = "Ada" })).ShouldBe("\"Hello, Ada!\"");
    }

    [Fact]
    public async Task OneTimeCode_Digits_AreThoseOfTheCode() =>
        (await _run.RunAsync("one-time-code", new { digits = 8 })).ShouldBe("\"a code of 8 digits\"");

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public async Task Chain_Length_IsTheNumberOfTasks(int length)
    {
        (await _run.RunAsync("chain", new { length })).ShouldBe(length.ToString());
        _run.Engine.Tasks.Select(task => task.ArgumentsJson).ShouldBe(Enumerable.Range(0, length).Select(i => $$"""{"value":{{i}}}"""));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(500)]
    public async Task FanOut_Count_IsTheNumberOfTasks(int count)
    {
        (await _run.RunAsync("fan-out", new { count })).ShouldBe(count.ToString());
        _run.Engine.Tasks.Count.ShouldBe(count);
    }

    [Fact]
    public async Task FanOut_TaskMilliseconds_AreWaitedFor()
    {
        var run = _run.RunAsync("fan-out", new { count = 2, task_milliseconds = 50 });
        run.IsCompleted.ShouldBeFalse();
        _run.Time.Advance(TimeSpan.FromMilliseconds(50));
        (await run).ShouldBe("2");
    }

    [Fact]
    public async Task Parent_Children_AreSubflows()
    {
        (await _run.RunAsync("parent", new { children = 2 })).ShouldBe("""["Hello, child 1!","Hello, child 2!"]""");
        _run.Engine.Flows.ShouldAllBe(call => call.Flow.Name == "hello");
    }

    [Fact]
    public async Task Flaky_EnoughRetries_TellsTheAttempts()
    {
        (
            await _run.RunAsync(
                "flaky",
                new
                {
                    failures = 2,
                    retries = 2,
                    delay_seconds = 1.5,
                }
            )
        ).ShouldBe("3");
        var invocation = _run.Engine.Tasks.ShouldHaveSingleItem();
        invocation.Retry!.Retries.ShouldBe(2);
        invocation.Retry.DelaySeconds.ShouldBe([1.5]);
    }

    [Fact]
    public async Task Flaky_TooFewRetries_Fails()
    {
        var error = await Should.ThrowAsync<FailedRunException>(() => _run.RunAsync("flaky", new { failures = 3, retries = 1 }));
        error.State.Message.ShouldBe("Attempt 2 fails, like the first 3.");
    }

    [Fact]
    public async Task Sleepy_Seconds_AreSleptDurably()
    {
        (await _run.RunAsync("sleepy", new { seconds = 90.5 })).ShouldBe("90.5");
        _run.Engine.Sleeps.ShouldBe([TimeSpan.FromSeconds(90.5)]);
    }

    [Fact]
    public async Task Approval_Input_IsTheDecision()
    {
        _run.Engine.OnPause = _ => """{"approved":true,"comment":"fine"}""";
        (await _run.RunAsync("approval", new { amount = 12.50m, timeout_seconds = 60 })).ShouldBe("""{"approved":true,"comment":"fine"}""");
        var pause = _run.Engine.Pauses.ShouldHaveSingleItem();
        pause.Timeout.ShouldBe(TimeSpan.FromSeconds(60));
        pause.InputSchemaJson.ShouldBe(
            """{"title":"Approval","type":"object","properties":{"approved":{"type":"boolean"},"comment":{"type":"string","default":""}},"required":["approved"]}"""
        );
    }

    [Fact]
    public async Task Approval_Timeout_Fails()
    {
        _run.Engine.OnPause = request => throw new PauseTimeoutException(request.Key, request.Timeout);
        await Should.ThrowAsync<PauseTimeoutException>(() => _run.RunAsync("approval", new { amount = 1 }));
    }

    [Theory]
    [InlineData("chain", """{"length":-1}""")]
    [InlineData("fan-out", """{"count":"many"}""")]
    [InlineData("approval", "{}")]
    [InlineData("csv-report", """{"path":"","group_by":"a","value":"b"}""")]
    public void ValidateParameters_OfASample_RefusesNonsense(string flow, string parameters)
    {
        _run.Registry.TryGetFlow(flow, out var definition).ShouldBeTrue();
        definition!.ValidateParameters(parameters).ShouldHaveSingleItem();
    }
}
