using Serverless.Flows.Testing.Tests.Fixtures;

namespace Serverless.Flows.Testing.Tests;

public sealed class FlowReplayTests
{
    private static async Task<string> RecordAsync(Delegate flow)
    {
        await using var host = await FlowTestHost.StartAsync(flows => flows.AddFlow(flow));
        var run = await host.RunAsync(flow);
        return await run.MustBeCompleted().HistoryAsync();
    }

    private static Task VerifyAsync(string history, Delegate flow) => FlowReplay.VerifyAsync(history, flows => flows.AddFlow(flow));

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
}
