using System.Text.RegularExpressions;
using Serverless.Flows.Testing.Tests.Fixtures;
using Serverless.Functions.Histories;

namespace Serverless.Flows.Testing.Tests;

/// <summary>Every call that a flow's body can make is compared with the history of an open run, on both hosts.</summary>
public sealed partial class ChangedCallTests
{
    /// <summary>The table of docs/flows/changes.md. The Functions host keeps nothing of a call but the function's name and the answer.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Replay_OfAnotherCallOfTheKind_IsNoticedByTheAnswer(string kind)
    {
        var history = await RecordAsync(kind);

        var message = await DifferenceAsync(WithoutInputs(history), Changing.Second);

        message.ShouldContain("The flow's code has changed since this run began");
    }

    /// <summary>The embedded host compares what an activity is called for, which is part of its history.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Replay_OfAnotherCallOfTheKind_IsNoticedByTheCall(string kind)
    {
        var message = await DifferenceAsync(await RecordAsync(kind), Changing.Second);

        message.ShouldContain("the history has");
        message.ShouldNotContain("the engine's", Case.Sensitive, message);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Replay_OfTheSameCallWithOtherArgumentsAndATimeout_GoesOn(string kind)
    {
        var history = WithoutTexts(await RecordAsync(kind));

        await VerifyAsync(history, Changing.Same);
        await VerifyAsync(WithoutInputs(history), Changing.Same);
    }

    /// <summary>A task that has lost its hook leaves the history with the answer of a hook of another task run.</summary>
    [Fact]
    public async Task Replay_OfTheHooksOfAnotherTaskRun_IsNoticed()
    {
        await using var host = await FlowTestHost.StartAsync(flows => flows.AddFlow(Undone.Run), Changing.Services);
        var run = await host.RunAsync(Undone.Run);
        run.MustBe("Failed");
        var history = WithoutInputs(await run.HistoryAsync());
        var ids = HookAnswer().Matches(history).Select(match => match.Groups[1].Value).Distinct().ToArray();
        ids.Length.ShouldBe(2);
        await VerifyAsync(history, Undone.Run);

        var swapped = HookAnswer()
            .Replace(history, match => match.Value.Replace(match.Groups[1].Value, match.Groups[1].Value == ids[0] ? ids[1] : ids[0]));

        (await DifferenceAsync(swapped, Undone.Run)).ShouldContain($"it now comes to the hooks for Rollback of task run {ids[0]}");
    }

    /// <summary>A sleep that has passed may become shorter; a longer one has not passed.</summary>
    [Fact]
    public async Task Replay_OfASleepOfAnotherLength_GoesOnIfShorter()
    {
        await using var host = await FlowTestHost.StartAsync(flows => flows.AddFlow(Sleeps.Hour), Changing.Services);
        var run = await host.RunAsync(Sleeps.Hour);
        var history = await run.HistoryAsync();

        await VerifyAsync(history, Sleeps.Minute);
        (await DifferenceAsync(history, Sleeps.Day)).ShouldContain("but the code now comes to a sleep");
    }

    /// <summary>Parameters are read again by the new code.</summary>
    [Fact]
    public async Task Replay_WithAnotherParameter_GoesOnIfItHasADefault()
    {
        await using var host = await FlowTestHost.StartAsync(flows => flows.AddFlow(Sleeps.Hour), Changing.Services);
        var history = await (await host.RunAsync(Sleeps.Hour)).HistoryAsync();

        await VerifyAsync(history, Sleeps.WithDefault);
        (await DifferenceAsync(history, Sleeps.WithRequired)).ShouldContain("but the code now comes to the end of the flow");
    }

    public static TheoryData<string> Kinds() => [.. Changing.Kinds];

    private static async Task<string> RecordAsync(string kind)
    {
        await using var host = await FlowTestHost.StartAsync(flows => Register(flows, Changing.First), Changing.Services);
        var run = await host.StartRunAsync(Changing.First, new { kind });
        if (kind.StartsWith("pause", StringComparison.Ordinal))
        {
            await run.WhenPausedAsync();
            await (kind == "pause" ? run.ExpirePauseAsync() : host.AdvanceAsync(TimeSpan.FromMinutes(1)));
        }

        await run.WaitAsync();
        run.MustBe(kind == "pause" ? "Failed" : "Completed");
        return await run.HistoryAsync();
    }

    private static Task VerifyAsync(string history, Delegate flow) =>
        FlowReplay.VerifyAsync(history, flows => Register(flows, flow), Changing.Services);

    private static void Register(FlowRegistryBuilder flows, Delegate flow)
    {
        flows.AddFlow(flow);
        flows.AddFlow(Changing.FlowA);
        flows.AddFlow(Changing.FlowB);
    }

    private static async Task<string> DifferenceAsync(string history, Delegate flow) =>
        (await Should.ThrowAsync<FlowTestException>(() => VerifyAsync(history, flow))).Message;

    private static string WithoutTexts(string history) => Without(history, call => call with { Text = null });

    private static string WithoutInputs(string history) => Without(history, call => call with { Text = null, For = null });

    private static string Without(string history, Func<RecordedCall, RecordedCall> change)
    {
        var recorded = RecordedHistory.Read(history);
        return (
            recorded with
            {
                Turns = [.. recorded.Turns.Select(turn => turn with { Calls = [.. turn.Calls.Select(change)] })],
            }
        ).ToJson();
    }

    [GeneratedRegex("About\\\\\":\\\\\"Rollback of task run ([0-9a-f-]{36})", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex HookAnswer();

    private static class Undone
    {
        [Flow("undone")]
        public static Task Run(FlowContext flow) =>
            flow.TransactionAsync(async _ =>
            {
                await flow.RunAsync(() => Work(1));
                await flow.RunAsync(() => Work(2));
                throw new InvalidOperationException("Undo both.");
            });

        [Task(OnRollback = [nameof(Undo)])]
        internal static int Work(int number) => number;

        internal static void Undo(HookContext hook) => ArgumentNullException.ThrowIfNull(hook);
    }

    private static class Sleeps
    {
        [Flow("sleeps")]
        public static Task Hour(FlowContext flow) => SleepAsync(flow, TimeSpan.FromHours(1));

        [Flow("sleeps")]
        public static Task Minute(FlowContext flow) => SleepAsync(flow, TimeSpan.FromMinutes(1));

        [Flow("sleeps")]
        public static Task Day(FlowContext flow) => SleepAsync(flow, TimeSpan.FromDays(1));

        [Flow("sleeps")]
        public static Task WithDefault(FlowContext flow, int hours = 1) => SleepAsync(flow, TimeSpan.FromHours(hours));

        [Flow("sleeps")]
        public static Task WithRequired(FlowContext flow, int hours) => SleepAsync(flow, TimeSpan.FromHours(hours));

        [Task]
        internal static int Work() => 1;

        private static async Task SleepAsync(FlowContext flow, TimeSpan duration)
        {
            await flow.SleepAsync(duration);
            await flow.RunAsync(() => Work());
        }
    }
}
