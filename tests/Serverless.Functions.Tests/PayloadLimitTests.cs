using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Flows;
using Serverless.Functions.Tests.Fixtures;

namespace Serverless.Functions.Tests;

/// <summary>
/// What is too large to travel between a flow and its runs fails the run, with the call, the size, the limit and what to do.
/// </summary>
public sealed class PayloadLimitTests
{
    private const string Elsewhere = "Store large data elsewhere and pass its location, as a task with a ResultStorage does.";

    [Fact]
    public async Task Task_LargeArgument_FailsTheFlow()
    {
        string value = new('p', 9_000_000);
        await FailsAsync(
            async flow => await flow.RunAsync((Work work) => work.FailUntil(value)),
            $"The argument 'gate' of task 'fail-until': 9,000,002 characters of JSON; at most 4,000,000 are allowed. {Elsewhere}"
        );
    }

    [Fact]
    public async Task Map_LargeItem_FailsTheFlow()
    {
        string[] items = ["small", new('p', 4_000_000)];
        await FailsAsync(
            async flow => await flow.Map(items, (Work work, string gate) => work.FailUntil(gate)),
            $"The argument 'gate' of task 'fail-until': 4,000,002 characters of JSON; at most 4,000,000 are allowed. {Elsewhere}"
        );
    }

    [Fact]
    public async Task Subflow_LargeArgument_FailsTheFlow()
    {
        string value = new('p', 9_000_000);
        await FailsAsync(
            async flow => await flow.RunAsync((Scripts scripts) => scripts.RunAsync(flow, value)),
            $"The argument 'body' of flow 'plain': 9,000,002 characters of JSON; at most 4,000,000 are allowed. {Elsewhere}"
        );
    }

    [Fact]
    public Task Flow_LargeResult_Fails() =>
        FailsAsync(
            _ => Task.FromResult<object?>(new string('r', 9_000_000)),
            $"The result of flow 'free': 9,000,002 characters of JSON; at most 4,000,000 are allowed. {Elsewhere}"
        );

    [Fact]
    public Task Flow_EndlessResult_Fails() =>
        FailsAsync(
            _ => Task.FromResult<object?>(Endless()),
            $"The result of flow 'free': more than 4,000,000 characters of JSON; at most 4,000,000 are allowed. {Elsewhere}"
        );

    [Fact]
    public Task Artifact_LargeData_FailsTheFlow() =>
        FailsAsync(
            async flow => await flow.Artifacts.CreateMarkdownArtifactAsync(new string('m', 9_000_000), key: "report"),
            $"The data of artifact 'report': 9,000,002 characters of JSON; at most 4,000,000 are allowed. {Elsewhere}"
        );

    [Fact]
    public async Task Task_LargeResult_FailsIt()
    {
        await using var app = await EmbeddedApp.StartAsync();
        app.Probe.TaskBodies["large"] = _ => new string('r', 9_000_000);
        var id = await app.RunFreeAsync(async flow =>
            await flow.RunAsync((Work work) => work.Return("large", null!), new CallOptions { Retries = 0 })
        );

        var run = await app.WhenFinalAsync(id);

        run.StateName.ShouldBe(StateNames.Failed);
        (await app.TaskRunAsync(id)).State!.Message.ShouldBe(
            "Task run encountered an exception PayloadLimitException: The result of task 'return': 9,000,002 characters of JSON; "
                + $"at most 4,000,000 are allowed. {Elsewhere}"
        );
        await app.ShouldSettleAsync(id);
    }

    [Theory]
    [InlineData('x')]
    [InlineData('"')]
    [InlineData('\u0001')]
    [InlineData('é')]
    public async Task Task_ResultAtTheLimit_Arrives(char character)
    {
        await using var app = await EmbeddedApp.StartAsync();
        var written = System.Text.Json.JsonSerializer.Serialize(character.ToString(), FlowJson.Options).Length - 2;
        string value = new(character, (PayloadLimitException.MaxCharacters - 20) / written);
        app.Probe.TaskBodies["large"] = _ => value;
        var id = await app.RunFreeAsync(async flow =>
        {
            var result = await flow.RunAsync((Work work) => work.Return("large", null!));
            return await flow.RunAsync((Work work) => work.Count(((System.Text.Json.JsonElement)result!).GetString()!));
        });

        var run = await app.WhenFinalAsync(id);

        run.StateName.ShouldBe(StateNames.Completed, run.State!.Message);
        (await app.ResultAsync(id)).ShouldBe(value.Length.ToString(System.Globalization.CultureInfo.InvariantCulture));
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Map_LargeResultsOfABatch_FailsTheFlow()
    {
        await using var app = await EmbeddedApp.StartAsync();
        app.Probe.TaskBodies["large"] = _ => new string('r', 100_000);
        var id = await app.RunFreeAsync(async flow =>
            (await flow.Map(Enumerable.Range(0, 101), (Work work, int _) => work.Return("large", null!))).Length
        );

        var run = await app.WhenFinalAsync(id);

        run.State!.ToString()
            .ShouldBe(
                "Failed(\"Flow run encountered an exception: PayloadLimitException: The results of 100 runs of task 'return', one batch "
                    + "of a map: 10,000,400 characters of JSON; "
                    + "at most 8,000,000 are allowed. Store large data elsewhere and return where it is, or map at most 100 items "
                    + "at a time.\")"
            );
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Map_LargeItems_AreDividedIntoSmallerBatches()
    {
        await using var app = await EmbeddedApp.StartAsync();
        string[] items = [.. Enumerable.Repeat(new string('i', 100_000), 101)];
        var id = await app.RunFreeAsync(async flow => (await flow.Map(items, (Work work, string text) => work.Count(text))).Sum());

        var run = await app.WhenFinalAsync(id);

        run.StateName.ShouldBe(StateNames.Completed, run.State!.Message);
        (await app.ResultAsync(id)).ShouldBe("10100000");
        await app.ShouldSettleAsync(id);
    }

    private static async Task FailsAsync(Func<FlowContext, Task<object?>> body, string message)
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunFreeAsync(body);

        var run = await app.WhenFinalAsync(id);

        run.StateName.ShouldBe(StateNames.Failed, run.State!.Message);
        run.State!.Message.ShouldBe($"Flow run encountered an exception: PayloadLimitException: {message}");
        await app.ShouldSettleAsync(id);
    }

    private static IEnumerable<string> Endless()
    {
        while (true)
        {
            yield return "again";
        }
    }
}
