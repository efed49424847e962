using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Flows;
using Serverless.Functions.Tests.Fixtures;
using Serverless.Server.Outbox;
using Serverless.Server.Runs;

namespace Serverless.Functions.Tests;

/// <summary>Inputs reach a run while it runs, each once.</summary>
public sealed class InputTests
{
    private const string Prefix = "intautomaticruninput-auto";

    [Fact]
    public async Task Receive_InputsOfAClient_ComeInTheOrderInWhichTheyWereWritten()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(ReceiveTwo);
        await SendAsync(app, id, $"{Prefix}-b", "2");
        await app.WhenExecutedAsync("do 2");

        await SendAsync(app, id, "other-auto-1", "9");
        await SendAsync(app, id, $"{Prefix}-a", "3");
        await app.WhenFinalAsync(id);

        (await app.ResultAsync(id)).ShouldBe("23");
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Receive_NoInputInTime_ThrowsATimeout()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(async flow => (await flow.Input.ReceiveAsync<int>(TimeSpan.FromMinutes(5))).Value);

        var run = await app.DriveAsync(id);

        run.State!.Message.ShouldBe($"Flow run encountered an exception: TimeoutException: No input '{Prefix}' was received in 00:05:00.");
        run.State.StateDetails.ErrorType.ShouldBe(typeof(TimeoutException).FullName);
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Receive_TokenCancelled_LeavesTheInputToTheNext()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(async flow =>
        {
            using CancellationTokenSource stop = new();
            var given = flow.Input.ReceiveAsync<int>(cancellationToken: stop.Token);
            await flow.SleepAsync(TimeSpan.FromMinutes(1));
            stop.Cancel();
            try
            {
                await given;
                return -1;
            }
            catch (OperationCanceledException)
            {
                // It has taken nothing.
            }

            await flow.RunAsync((Work work) => work.Do(1));
            return (await flow.Input.ReceiveAsync<int>()).Value;
        });
        await app.AdvanceToTimerAsync(TimeSpan.FromMinutes(1));
        await app.WhenExecutedAsync("do 1");

        await SendAsync(app, id, $"{Prefix}-a", "4");
        await app.WhenFinalAsync(id);

        (await app.ResultAsync(id)).ShouldBe("4");
    }

    [Fact]
    public async Task Receive_InARetry_GetsTheSameInputsAgain()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(
            async flow =>
            {
                var first = (await flow.Input.ReceiveAsync<int>()).Value;
                await flow.RunAsync((Work work) => work.Do(first));
                return flow.Run.RunCount > 1
                    ? (first * 10) + (await flow.Input.ReceiveAsync<int>()).Value
                    : throw new InvalidOperationException("the first attempt fails");
            },
            Scripts.Retried
        );
        await SendAsync(app, id, $"{Prefix}-a", "5");
        await app.WhenAsync(id, StateNames.AwaitingRetry);
        await SendAsync(app, id, $"{Prefix}-b", "6");

        (await app.DriveAsync(id)).StateType.ShouldBe(StateType.Completed);

        (await app.ResultAsync(id)).ShouldBe("56");
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Receive_TwoWaitsAndTwoInputsAtOnce_EachGetsOne()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(async flow =>
        {
            await WithoutAnyAsync(flow);
            var first = flow.Input.ReceiveAsync<int>();
            var second = flow.Input.ReceiveAsync<int>();
            return (await first).Value + (await second).Value;
        });
        await WhenItWaitsAsync(app, id);

        await Task.WhenAll(SendAsync(app, id, $"{Prefix}-a", "1"), SendAsync(app, id, $"{Prefix}-b", "2"));
        await app.WhenFinalAsync(id);

        (await app.ResultAsync(id)).ShouldBe("3");
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Receive_RunIsCancelled_Ends()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(ReceiveTwo);
        await WhenItWaitsAsync(app, id);

        await app.Control.CancelAsync(id);

        (await app.WhenFinalAsync(id)).StateType.ShouldBe(StateType.Cancelled);
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Receive_SomethingElse_FailsTheRunByName()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(async flow => (await flow.Input.ReceiveAsync<int>()).Value);

        await SendAsync(app, id, $"{Prefix}-a", "\"many\"");

        (await app.WhenFinalAsync(id)).State!.Message!.ShouldContain(
            $"ParameterValidationException: Invalid parameters of the input '{Prefix}-a'"
        );
    }

    [Fact]
    public async Task Send_ToAnotherFlow_IsReceivedAndAnswered()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var asked = await app.RunAsync(async flow =>
        {
            var question = await flow.Input.ReceiveAsync<Question>();
            await question.RespondAsync(question.Value.Number * 2);
            return question.Value.Number;
        });
        var asking = await app.RunAsync(async flow =>
        {
            await flow.Input.SendAsync(asked, new Question(21));
            var answer = await flow.Input.ReceiveAsync<int>();
            return answer.SenderFlowRunId == asked ? answer.Value : throw new InvalidOperationException(answer.Sender);
        });

        await app.WhenFinalAsync(asking);
        await app.WhenFinalAsync(asked);

        (await app.ResultAsync(asking)).ShouldBe("42");
        var input = (await app.Get<RunInputs>().FilterAsync(asked, new FlowRunInputQuery { Prefix = "" })).ShouldHaveSingleItem();
        input.Key.ShouldStartWith("question-auto-");
        input.Value.ShouldBe("""{"number":21}""");
        input.Sender.ShouldBe($"prefect.flow-run.{asking}");
        (await app.Get<RunInputs>().FilterAsync(asking, new FlowRunInputQuery { Prefix = Prefix }))
            .ShouldHaveSingleItem()
            .Value.ShouldBe("""{"value":42}""");
        await app.ShouldSettleAsync(asking, asked);
    }

    [Fact]
    public async Task Send_ToARunThatIsNotThere_Throws()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var nobody = Guid.NewGuid();
        var id = await app.RunAsync(async flow =>
        {
            await flow.Input.SendAsync(nobody, 1);
            return 1;
        });

        (await app.WhenFinalAsync(id)).State!.Message!.ShouldEndWith($"The input cannot be sent: there is no flow run {nobody}.");
    }

    [Fact]
    public async Task Input_OfARunThatDoesNotReceive_WritesNoEntry()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(flow => flow.RunAsync((Work work) => work.HoldAsync(1)));
        await app.WhenExecutedAsync("hold 1");
        await app.SweepOutboxAsync();
        app.Announcer.Loses = true;

        await SendAsync(app, id, $"{Prefix}-a", "1");

        (await app.Get<OutboxStore>().ReadAsync().ToListAsync()).ShouldBeEmpty();
        app.Probe.Open("hold");
        app.Announcer.Loses = false;
    }

    [Fact]
    public async Task Input_AnnouncementLost_IsToldByTheSweep()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(ReceiveTwo);
        await WhenItWaitsAsync(app, id);
        app.Announcer.Loses = true;
        await SendAsync(app, id, $"{Prefix}-a", "1");
        var entry = (await app.Get<OutboxStore>().ReadAsync().ToListAsync()).ShouldHaveSingleItem();
        entry.Kind.ShouldBe(OutboxKind.Input);

        app.Announcer.Loses = false;
        await app.Get<Functions.Outbox.OutboxDispatcher>().DispatchAsync(entry, app.Client, CancellationToken.None);

        await app.WhenExecutedAsync("do 1");
        await SendAsync(app, id, $"{Prefix}-b", "2");
        await app.WhenFinalAsync(id);
        (await app.ResultAsync(id)).ShouldBe("12");
    }

    internal static async Task<int> ReceiveTwo(FlowContext flow)
    {
        await WithoutAnyAsync(flow);
        var first = (await flow.Input.ReceiveAsync<int>(TimeSpan.FromDays(30))).Value;
        await flow.RunAsync((Work work) => work.Do(first));
        return (first * 10) + (await flow.Input.ReceiveAsync<int>(TimeSpan.FromDays(30))).Value;
    }

    /// <summary>Looks for an input, before there is one: from then on the run is told of inputs.</summary>
    private static async Task WithoutAnyAsync(FlowContext flow)
    {
        try
        {
            await flow.Input.ReceiveAsync<string>(TimeSpan.Zero);
        }
        catch (TimeoutException)
        {
            await flow.RunAsync((Work work) => work.Do(0));
        }
    }

    internal static Task SendAsync(EmbeddedApp app, Guid id, string key, string value) =>
        app.Get<RunInputs>()
            .CreateAsync(
                id,
                new FlowRunInputCreate
                {
                    Key = key,
                    Value = $$"""{"value":{{value}}}""",
                    Sender = "a client",
                }
            );

    /// <summary>Waits until the run has asked for an input, found none, and waits for one.</summary>
    private static async Task WhenItWaitsAsync(EmbeddedApp app, Guid id)
    {
        await app.WhenAsync(id, StateNames.Running);
        await app.WhenExecutedAsync("do 0");
        await app.Store.WhenQuietAsync();
    }

    internal sealed record Question(int Number);
}
