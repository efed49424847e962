using Serverless.Flows.Testing.Tests.Fixtures;
using Serverless.Functions.Histories;

namespace Serverless.Flows.Testing.Tests;

public sealed class FlowReplayTests
{
    private static async Task<string> RecordAsync(Delegate flow)
    {
        await using var host = await FlowTestHost.StartAsync(flows => flows.AddFlow(flow), Changing.Services);
        var run = await host.RunAsync(flow);
        return await run.MustBeCompleted().HistoryAsync();
    }

    private static Task VerifyAsync(string history, Delegate flow) =>
        FlowReplay.VerifyAsync(history, flows => flows.AddFlow(flow), Changing.Services);

    [Fact]
    public async Task VerifyAsync_SameCode_Passes()
    {
        var history = await RecordAsync(Versions.First);

        await VerifyAsync(history, Versions.First);
    }

    [Fact]
    public async Task VerifyAsync_CallsInAnotherOrder_NamesTheFirstThatDiffers()
    {
        var history = await RecordAsync(Versions.First);

        var error = await Should.ThrowAsync<FlowTestException>(() => VerifyAsync(history, Versions.Reordered));

        error.Message.ShouldContain(
            "the history has task Serverless.Flows.Testing.Tests.Fixtures.Versions.One, call 0, but the code now comes to "
                + "task Serverless.Flows.Testing.Tests.Fixtures.Versions.Two, call 0"
        );
    }

    [Fact]
    public async Task VerifyAsync_OneCallLess_NamesTheCallThatIsGone()
    {
        var history = await RecordAsync(Versions.First);

        var error = await Should.ThrowAsync<FlowTestException>(() => VerifyAsync(history, Versions.Shorter));

        error.Message.ShouldContain("the history has a sleep, but the code now comes to the end of the flow");
    }

    /// <summary>The Functions host keeps no inputs of calls; the answers tell which calls they are to.</summary>
    [Fact]
    public async Task VerifyAsync_HistoryWithoutInputs_IsComparedByTheAnswers()
    {
        var history = WithoutInputs(await RecordAsync(Versions.First));

        await VerifyAsync(history, Versions.First);
        var error = await Should.ThrowAsync<FlowTestException>(() => VerifyAsync(history, Versions.Reordered));

        error.Message.ShouldContain("Versions.Two, call 0 where the run's history has");
        error.Message.ShouldContain("Versions.One, call 0");
    }

    /// <summary>The Functions host makes of a long sleep several timers.</summary>
    [Fact]
    public async Task VerifyAsync_LongSleepInPieces_Passes()
    {
        await using var host = await FlowTestHost.StartAsync(flows => flows.AddFlow(Versions.Sleeper), Changing.Services);
        var run = await host.RunAsync(Versions.Sleeper);

        await VerifyAsync(InPieces(RecordedHistory.Read(await run.HistoryAsync())).ToJson(), Versions.Sleeper);
    }

    [Fact]
    public async Task VerifyAsync_FlowOfAnotherName_SaysWhichIsMissing()
    {
        var history = await RecordAsync(Versions.First);

        var error = await Should.ThrowAsync<FlowTestException>(() => VerifyAsync(history, Orders.Run));

        error.Message.ShouldContain("flow 'versioned', which is not registered");
    }

    [Fact]
    public async Task VerifyAsync_OtherText_IsRefused() =>
        (await Should.ThrowAsync<ArgumentException>(() => VerifyAsync("{}", Versions.First))).Message.ShouldContain("record it again");

    private static string WithoutInputs(string history)
    {
        var recorded = RecordedHistory.Read(history);
        return (
            recorded with
            {
                Turns =
                [
                    .. recorded.Turns.Select(turn =>
                        turn with
                        {
                            Calls = [.. turn.Calls.Select(call => call with { Text = null, For = null })],
                        }
                    ),
                ],
            }
        ).ToJson();
    }

    /// <summary>As the Functions host has it: the sleep of seven days is three timers, and the later calls have higher numbers.</summary>
    private static RecordedHistory InPieces(RecordedHistory history)
    {
        RecordedCall timer = new(RecordedCallKind.Timer);
        var fired = history.Turns.ToList().FindIndex(turn => turn.Events.Any(happened => happened.Kind == RecordedEventKind.TimerFired));
        var number = history.Turns[fired].Events.Single().Call!.Value;
        var start = history.Turns[fired - 1].Time;
        return history with
        {
            Turns =
            [
                .. history.Turns.Take(fired),
                new RecordedTurn(start.AddDays(3), [new RecordedEvent(RecordedEventKind.TimerFired, number)], [timer]),
                new RecordedTurn(start.AddDays(6), [new RecordedEvent(RecordedEventKind.TimerFired, number + 1)], [timer]),
                .. history
                    .Turns.Skip(fired)
                    .Select(turn => turn with { Events = [.. turn.Events.Select(happened => happened with { Call = happened.Call + 2 })] }),
            ],
        };
    }
}
