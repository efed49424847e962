using System.Collections.Concurrent;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Serverless.LocalRuntime.Deaths;
using Serverless.LocalRuntime.Tests.Fixtures;
using Serverless.Testing;

namespace Serverless.LocalRuntime.Tests.Deaths;

/// <summary>A call of an activity that ends the process is no longer run; others continue.</summary>
public sealed class DeathInAnActivityTests : IDisposable
{
    private readonly MemoryRowStore _rows = new();
    private readonly MarksOfProcesses _processes = new();
    private readonly ConcurrentQueue<string> _began = [];

    public void Dispose() => _processes.Dispose();

    [Fact]
    public async Task Start_ProcessesDiedUnderACall_ItFailsAndIsNotRun()
    {
        await ScheduleAsync("bad", "bad");
        for (var i = 0; i < DeathMarks.MaxDeaths; i++)
        {
            await DieOnceBegunAsync("bad");
        }

        await using var runtime = await StartAsync("bad");
        await runtime.ScheduleAsync("works", new[] { "good" }, "good");

        var bad = await runtime.CompletionAsync("bad");
        (await runtime.CompletionAsync("good")).ReadOutputAs<string>().ShouldBe("good");
        _began.Count(input => input == "bad").ShouldBe(DeathMarks.MaxDeaths);
        bad.ReadOutputAs<string>().ShouldBe("Serverless.LocalRuntime.Deaths.DiedTooOftenException");
    }

    [Fact]
    public async Task Start_OutcomeOfTheVerdictIsNotStored_TheNextProcessStandsByIt()
    {
        await ScheduleAsync("bad", "bad");
        for (var i = 0; i < DeathMarks.MaxDeaths; i++)
        {
            await DieOnceBegunAsync("bad");
        }

        // A process that dies before it runs anything.
        _processes.Start();
        _processes.Die();

        await using var runtime = await StartAsync("bad");
        (await runtime.CompletionAsync("bad")).RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed);
        _began.Count.ShouldBe(DeathMarks.MaxDeaths);
    }

    [Fact]
    public async Task Start_OthersRanAtEveryDeath_OnlyTheLastOneIsSetAside()
    {
        string[] inputs = ["bad", "b", "c", "d"];
        await ScheduleAsync("all", inputs);
        for (var i = 0; i < DeathMarks.MaxDeaths - 1; i++)
        {
            await DieOnceBegunAsync(inputs);
        }

        // From here on only "bad" keeps running, and one comes after the other, in some order.
        for (var death = DeathMarks.MaxDeaths; ; death++)
        {
            var before = _began.Count;
            await using var runtime = await StartAsync("bad");
            runtime.Clock.Advance(DeathMarks.Calm);
            var ended = runtime.CompletionAsync("all");
            var bad = BegunAsync(before, "bad");
            if (await Task.WhenAny(ended, bad) == ended)
            {
                death.ShouldBe(DeathMarks.MaxDeaths + 1);
                (await ended).ReadOutputAs<string>().ShouldBe("Serverless.LocalRuntime.Deaths.DiedTooOftenException,b,c,d");
                return;
            }

            _processes.Die();
        }
    }

    [Fact]
    public async Task Start_ProcessesAreKilledWhileACallRunsForLong_ItGoesOn()
    {
        await ScheduleAsync("long", "long");
        for (var i = 0; i < 2 * DeathMarks.MaxDeaths; i++)
        {
            await DieOnceBegunAsync(ActivityMarks.Watch, "long");
        }

        await using var runtime = await StartAsync();

        (await runtime.CompletionAsync("long")).ReadOutputAs<string>().ShouldBe("long");
    }

    [Fact]
    public async Task Start_ProcessesWereToldToEnd_TheCallGoesOn()
    {
        await ScheduleAsync("a", "a");
        for (var i = 0; i < DeathMarks.MaxDeaths; i++)
        {
            var before = _began.Count;
            await using var dying = await StartAsync("a");
            await BegunAsync(before, "a");
            dying.Core.WithdrawMarks();
            _processes.Die();
        }

        await using var runtime = await StartAsync();

        (await runtime.CompletionAsync("a")).ReadOutputAs<string>().ShouldBe("a");
    }

    [Fact]
    public async Task Start_AsManyCallsOfOneOrchestrationAreSetAside_TheOthersAreNotTried()
    {
        string[] inputs = [.. Enumerable.Range(0, 20).Select(i => $"bad {i}")];
        await ScheduleAsync("all", inputs);
        var deaths = 0;
        for (; deaths < inputs.Length; deaths++)
        {
            var before = _began.Count;
            await using var runtime = await StartAsync(inputs);
            runtime.Clock.Advance(DeathMarks.Calm);
            var ended = runtime.CompletionAsync("all");
            var bad = BegunAsync(before, deaths < DeathMarks.MaxDeaths - 1 ? inputs : []);
            if (await Task.WhenAny(ended, bad) == ended)
            {
                (await ended)
                    .ReadOutputAs<string>()!
                    .Split(',')
                    .ShouldAllBe(text => text == "Serverless.LocalRuntime.Deaths.DiedTooOftenException");
                break;
            }

            _processes.Die();
        }

        deaths.ShouldBe(DeathMarks.MaxDeaths - 1 + DeathMarks.MaxDeaths);
    }

    [Fact]
    public async Task Start_OrchestrationOfASuspectIsGone_ForgetsIt()
    {
        await ScheduleAsync("gone", "gone");
        await DieOnceBegunAsync("gone");
        await using (var other = await TestRuntime.StartAsync(_rows, WorkingScripts([])))
        {
            await other.CompletionAsync("gone");
        }

        await using var runtime = await StartAsync();

        runtime.Core.Activities.HasSuspects.ShouldBeFalse();
    }

    /// <summary>Stores an orchestration with its calls; none is run, since the process ends before.</summary>
    private async Task ScheduleAsync(string id, params string[] inputs)
    {
        await using var runtime = await TestRuntime.StartAsync(_rows, WorkingScripts(inputs));
        await runtime.ScheduleAsync("works", inputs, id);
        await BegunAsync(0, inputs);
        _began.Clear();
    }

    private Task DieOnceBegunAsync(params string[] inputs) => DieOnceBegunAsync(TimeSpan.Zero, inputs);

    /// <summary>A process starts, runs some calls that do not end, and dies.</summary>
    private async Task DieOnceBegunAsync(TimeSpan age, params string[] inputs)
    {
        var before = _began.Count;
        await using var runtime = await StartAsync(inputs);
        runtime.Clock.Advance(DeathMarks.Calm);
        await BegunAsync(before, inputs);
        runtime.Clock.Advance(age);
        _processes.Die();
    }

    private async Task BegunAsync(int before, params string[] inputs)
    {
        using CancellationTokenSource patience = new(Waiting.Patience);
        while (_began.Count <= before || inputs.Except(_began.Skip(before)).Any())
        {
            await Task.Delay(1, patience.Token);
        }
    }

    private Task<TestRuntime> StartAsync(params string[] endless) =>
        TestRuntime.StartAsync(_rows, WorkingScripts(endless), configure: options => options.ActivityMarks = _processes.Path);

    private Scripts WorkingScripts(string[] endless)
    {
        Scripts scripts = new()
        {
            Work = async (input, cancellationToken) =>
            {
                _began.Enqueue(input!);
                await Task.Delay(endless.Contains(input) ? Timeout.InfiniteTimeSpan : TimeSpan.Zero, cancellationToken);
                return input;
            },
        };
        return scripts.Add(
            "works",
            async context =>
            {
                var calls = context.GetInput<string[]>()!.Select(input => CallAsync(context, input));
                return string.Join(',', await Task.WhenAll(calls));
            }
        );
    }

    private static async Task<string> CallAsync(TaskOrchestrationContext context, string input)
    {
        try
        {
            return await context.CallActivityAsync<string>("Work", input);
        }
        catch (TaskFailedException failed)
        {
            return failed.FailureDetails.ErrorType;
        }
    }
}
