using System.Text;
using Serverless.Core.States;
using Serverless.Flows;
using Serverless.Functions.Tests.Fixtures;

namespace Serverless.Functions.Tests;

/// <summary>Which failures are retried.</summary>
public sealed class RetryConditionTests
{
    private const string Once = "Pending Running Failed";
    private const string Always = "Pending Running AwaitingRetry Retrying AwaitingRetry Retrying AwaitingRetry Retrying Failed";

    public static TheoryData<Exception, string> Readings() =>
        new()
        {
            { new IOException("busy"), Always },
            { new EndOfStreamException("derived"), Always },
            { new FileNotFoundException("excluded"), Once },
            { new InvalidOperationException("not listed"), Once },
            { new NonRetryableException("for good", new IOException()), Once },
        };

    public static TheoryData<Exception, string> Conditions() =>
        new()
        {
            { new IOException("any"), Always },
            { new IOException("once"), "Pending Running AwaitingRetry Retrying Failed" },
            { new IOException("broken condition"), Once },
            { new NonRetryableException("any"), Once },
        };

    public static TheoryData<Exception, string> Ends() =>
        new()
        {
            { new IOException("once"), "Scheduled Pending Running AwaitingRetry Retrying Failed" },
            { new DecoderFallbackException("derived"), "Scheduled Pending Running Failed" },
            { new NonRetryableException("any"), "Scheduled Pending Running Failed" },
            { new IOException("broken condition"), "Scheduled Pending Running Failed" },
        };

    [Theory]
    [MemberData(nameof(Readings))]
    public async Task Task_WithListedTypes_IsRetriedAfterThose(Exception error, string states)
    {
        await using var app = await EmbeddedApp.StartAsync(flows: typeof(PickyWork));
        app.Probe.TaskBodies["bad"] = _ => throw error;
        var id = await app.RunFreeAsync(flow => flow.RunAsync((PickyWork work) => work.Read("bad")));

        (await app.DriveAsync(id)).StateType.ShouldBe(StateType.Failed);

        (await app.TaskStatesAsync((await app.TaskRunAsync(id)).Id)).ShouldBe(states);
        await app.ShouldSettleAsync(id);
    }

    [Theory]
    [MemberData(nameof(Conditions))]
    public async Task Task_WithACondition_IsRetriedAsItSays(Exception error, string states)
    {
        await using var app = await EmbeddedApp.StartAsync(flows: typeof(PickyWork));
        app.Probe.TaskBodies["bad"] = _ => throw error;
        var id = await app.RunFreeAsync(flow => flow.RunAsync((PickyWork work) => work.Ask("bad")));

        (await app.DriveAsync(id)).StateType.ShouldBe(StateType.Failed);

        (await app.TaskStatesAsync((await app.TaskRunAsync(id)).Id)).ShouldBe(states);
        (await app.LogsAsync(id))
            .Any(log => log.Message.Contains("The retry condition of task 'ask' has failed", StringComparison.Ordinal))
            .ShouldBe(error.Message == "broken condition");
        await app.ShouldSettleAsync(id);
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task Flow_WithConditions_IsRetriedAsTheySay(Exception error, string states)
    {
        await using var app = await EmbeddedApp.StartAsync(flows: typeof(PickyWork));
        var id = await app.RunFreeAsync(_ => throw error, PickyWork.Picky);

        var run = await app.DriveAsync(id);

        (await app.StatesAsync(id)).ShouldBe(states);
        run.State!.StateDetails.ErrorType.ShouldBe(error.GetType().FullName);
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Call_WithOtherTypes_ReplacesThoseOfTheTask()
    {
        await using var app = await EmbeddedApp.StartAsync(flows: typeof(PickyWork));
        app.Probe.TaskBodies["bad"] = _ => throw new InvalidOperationException("listed by the call");
        CallOptions options = new() { RetryOn = [typeof(InvalidOperationException)], Retries = 1 };
        var id = await app.RunFreeAsync(flow => flow.RunAsync((PickyWork work) => work.Read("bad"), options));

        await app.DriveAsync(id);

        (await app.TaskStatesAsync((await app.TaskRunAsync(id)).Id)).ShouldBe("Pending Running AwaitingRetry Retrying Failed");
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Task_TimesOutAndTimeoutsAreNotListed_IsNotRetried()
    {
        await using var app = await EmbeddedApp.StartAsync(flows: typeof(PickyWork));
        using ManualResetEventSlim never = new();
        app.Probe.TaskBodies["slow"] = _ =>
        {
            never.Wait(EmbeddedApp.Patience);
            return null;
        };
        var id = await app.RunFreeAsync(flow => flow.RunAsync((PickyWork work) => work.ReadInTime("slow")));
        await app.WhenExecutedAsync("run slow");

        await app.AdvanceToTimerAsync(TimeSpan.FromSeconds(5));
        await app.WhenFinalAsync(id);
        never.Set();

        var task = await app.TaskRunAsync(id);
        (await app.TaskStatesAsync(task.Id)).ShouldBe("Pending Running TimedOut");
        task.State!.StateDetails.ErrorType.ShouldBe(typeof(TaskTimeoutException).FullName);
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Flow_TimesOutAndTimeoutsAreExcluded_IsNotRetried()
    {
        await using var app = await EmbeddedApp.StartAsync(flows: typeof(PickyWork));
        var id = await app.RunFreeAsync(
            async flow =>
            {
                await flow.SleepAsync(TimeSpan.FromDays(1));
                return null;
            },
            PickyWork.PickyInTime
        );

        var run = await app.DriveAsync(id);

        (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running TimedOut");
        run.State!.StateDetails.ErrorType.ShouldBe(typeof(TimeoutException).FullName);
        await app.ShouldSettleAsync(id);
    }
}
