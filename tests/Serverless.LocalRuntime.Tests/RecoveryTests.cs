using DurableTask.Core.Exceptions;
using Grpc.Core;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Serverless.LocalRuntime.Instances;
using Serverless.LocalRuntime.Tests.Fixtures;
using Serverless.Testing;

namespace Serverless.LocalRuntime.Tests;

/// <summary>What survives the end of the process, wherever it comes.</summary>
public sealed class RecoveryTests
{
    private readonly MemoryRowStore _rows = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Crash_AtEveryCommit_GivesTheSameOutput(bool afterApplying)
    {
        var crashes = 0;
        for (var crashAt = 1; ; crashAt++)
        {
            MemoryRowStore rows = new();
            FaultingRowStore dying = new(rows) { CrashAt = crashAt, AfterApplying = afterApplying };
            var first = await TestRuntime.StartAsync(rows, Everything(), store: dying);
            var drive = RunEverythingAsync(first);
            await Task.WhenAny(drive, dying.Crashed);
            var crashed = dying.Crashed.IsCompleted;
            var now = first.Clock.GetUtcNow();
            if (!crashed)
            {
                (await drive).ReadOutputAs<string>().ShouldBe("one,two,child:three,event,4");
                await first.DisposeAsync();
                break;
            }

            crashes++;
            await using var second = await TestRuntime.StartAsync(rows, Everything(), now);
            var ended = await RunEverythingAsync(second);

            ended.ReadOutputAs<string>().ShouldBe("one,two,child:three,event,4", $"crash at commit {crashAt}");
            rows.Count("openinstances").ShouldBe(0, $"crash at commit {crashAt}");
            await first.DisposeAsync();
            await Should.ThrowAsync<Exception>(drive);
        }

        crashes.ShouldBeGreaterThan(6);
    }

    [Fact]
    public async Task Recovery_EventForAnInstanceWhoseRowIsBeingRead_ItsTimerIsKept()
    {
        var scripts = new Scripts()
            .Add(
                "receiver",
                async context =>
                {
                    var mail = await context.WaitForExternalEvent<string>("mail");
                    await context.CreateTimer(TimeSpan.FromMinutes(5), CancellationToken.None);
                    return mail;
                }
            )
            .Add(
                "sender",
                context =>
                {
                    context.SendEvent("receiver", "mail", "a");
                    return Task.FromResult("sent");
                }
            );
        const int receipt = 3;
        var first = await TestRuntime.StartAsync(_rows, scripts, store: new FaultingRowStore(_rows) { CrashAt = receipt });
        await first.ScheduleAsync("receiver", id: "receiver");
        await first.ScheduleAsync("sender", id: "sender");
        await first.Store.Crashed;

        const int receiptAndEnd = 2;
        var reads = 0;
        FaultingRowStore store = null!;
        store = new FaultingRowStore(_rows)
        {
            // Between the first read of the row and what becomes of it, the sender has time to send its event again.
            AfterRead = async address =>
            {
                var held = address == InstanceKeys.Instance("receiver") && Interlocked.Increment(ref reads) == 1;
                for (var i = 0; held && i < 10_000 && store.Commits < receiptAndEnd; i++)
                {
                    await Task.Yield();
                }
            },
        };
        await using var second = await TestRuntime.StartAsync(_rows, scripts, store: store);
        await second.CompletionAsync("sender");

        (await second.DriveAsync("receiver")).ReadOutputAs<string>().ShouldBe("a");
        await first.DisposeAsync();
    }

    [Fact]
    public async Task Activity_RunningAtTheCrash_IsRunAgain()
    {
        Scripts stuck = new() { Work = (_, _) => new TaskCompletionSource<string?>().Task };
        var first = await TestRuntime.StartAsync(_rows, stuck.Add("one", context => context.CallActivityAsync<string>("Work", "x")));
        var id = await first.ScheduleAsync("one");

        await using var second = await TestRuntime.StartAsync(
            _rows,
            new Scripts().Add("one", context => context.CallActivityAsync<string>("Work", "x"))
        );

        (await second.CompletionAsync(id)).ReadOutputAs<string>().ShouldBe("x");
        stuck.Worked.ShouldBe(["x"]);
        second.Scripts.Worked.ShouldBe(["x"]);
        await first.DisposeAsync();
    }

    [Fact]
    public async Task Timer_DueWhileDown_FiresAtTheStart()
    {
        var scripts = new Scripts().Add(
            "sleep",
            async context =>
            {
                await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
                return "awake";
            }
        );
        string late;
        string later;
        await using (var first = await TestRuntime.StartAsync(_rows, scripts))
        {
            late = await first.ScheduleAsync("sleep");
            first.Clock.Advance(TimeSpan.FromMinutes(59));
            later = await first.ScheduleAsync("sleep");
        }

        await using var second = await TestRuntime.StartAsync(
            _rows,
            scripts,
            new ManualTimeProvider().GetUtcNow() + TimeSpan.FromMinutes(90)
        );

        (await second.CompletionAsync(late)).ReadOutputAs<string>().ShouldBe("awake");
        await second.LiveAsync(0);
        second.Clock.Advance(TimeSpan.FromMinutes(29));
        (await second.CompletionAsync(later)).ReadOutputAs<string>().ShouldBe("awake");
    }

    [Fact]
    public async Task StoreUnavailable_ForAWhile_GoesOnFromWhatIsStored()
    {
        TaskCompletionSource<string?> release = new();
        Scripts scripts = new() { Work = (_, _) => release.Task };
        await using var runtime = await TestRuntime.StartAsync(
            _rows,
            scripts.Add(
                "one",
                async context => await context.CallActivityAsync<string>("Work") + await context.CallActivityAsync<string>("Work")
            )
        );
        var id = await runtime.ScheduleAsync("one");

        runtime.Store.RefuseNext(3);
        release.SetResult("x");
        var ended = await runtime.DriveAsync(id);

        ended.ReadOutputAs<string>().ShouldBe("xx");
        scripts.Worked.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task CommitOfUnknownOutcome_AnyOne_GivesTheSameOutput(bool afterApplying)
    {
        var refuseAt = 0;
        FaultingRowStore store;
        do
        {
            refuseAt++;
            MemoryRowStore rows = new();
            store = new FaultingRowStore(rows) { RefuseAt = refuseAt, AfterApplying = afterApplying };
            await using var runtime = await TestRuntime.StartAsync(rows, Everything(), store: store);
            var ended = await RunEverythingAsync(runtime);

            ended.ReadOutputAs<string>().ShouldBe("one,two,child:three,event,4", $"refused commit {refuseAt}");
            rows.Count("openinstances").ShouldBe(0, $"refused commit {refuseAt}");
        } while (store.Commits >= refuseAt);

        refuseAt.ShouldBeGreaterThan(6);
    }

    [Fact]
    public async Task ScheduleOfUnknownOutcome_Repeated_IsTheSameInstance()
    {
        FaultingRowStore store = new(_rows) { AfterApplying = true };
        await using var runtime = await TestRuntime.StartAsync(
            _rows,
            new Scripts().Add("wait", context => context.WaitForExternalEvent<string>("go")),
            store: store
        );
        runtime.Store.RefuseNext(1);
        await Should.ThrowAsync<Serverless.Storage.RowStoreUnavailableException>(runtime.ScheduleAsync("wait", id: "a"));
        await runtime.AdvanceToTimerAsync();

        await Should.ThrowAsync<OrchestrationAlreadyExistsException>(runtime.ScheduleAsync("wait", id: "a"));
    }

    [Fact]
    public async Task Conflict_OtherOwnerWrote_IsToldAndGoesOnFromWhatIsStored()
    {
        await using var runtime = await TestRuntime.StartAsync(
            _rows,
            new Scripts().Add("wait", context => context.WaitForExternalEvent<string>("go"))
        );
        var id = await runtime.ScheduleAsync("wait");
        await using (var other = await TestRuntime.StartAsync(_rows, runtime.Scripts))
        {
            await other.Client.SuspendInstanceAsync(id);
        }

        var conflict = await Should.ThrowAsync<InvalidOperationException>(runtime.Client.RaiseEventAsync(id, "go"));

        conflict.Message.ShouldContain("another process");
        var again = runtime.Client.RaiseEventAsync(id, "go");
        await runtime.AdvanceToTimerAsync();
        await again.WaitAsync(Waiting.Patience);
        (await runtime.Client.GetInstanceAsync(id))!.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Suspended);
    }

    private static Scripts Everything() =>
        new Scripts()
            .Add(
                "everything",
                async context =>
                {
                    var one = await context.CallActivityAsync<string>("Work", "one");
                    context.SetCustomStatus("sleeping");
                    await context.CreateTimer(TimeSpan.FromMinutes(10), CancellationToken.None);
                    var two = await context.CallActivityAsync<string>("Work", "two");
                    var child = await context.CallSubOrchestratorAsync<string>(
                        "Script",
                        "three",
                        new SubOrchestrationOptions(new TaskOptions { Version = "child" })
                    );
                    var raised = await context.WaitForExternalEvent<string>("go");
                    var fan = await Task.WhenAll(
                        Enumerable.Range(0, 4).Select(i => context.CallActivityAsync<string>("Work", TestRuntime.Text(i)))
                    );
                    return string.Join(',', one, two, child, raised, fan.Length);
                }
            )
            .Add("child", async context => "child:" + await context.CallActivityAsync<string>("Work", context.GetInput<string>()));

    private static async Task<OrchestrationMetadata> RunEverythingAsync(TestRuntime runtime)
    {
        await RepeatedlyAsync(
            runtime,
            async () =>
            {
                if (await runtime.Client.GetInstanceAsync("e") is null)
                {
                    await runtime.ScheduleAsync("everything", id: "e");
                }
            }
        );
        await RepeatedlyAsync(
            runtime,
            async () =>
            {
                try
                {
                    await runtime.Client.RaiseEventAsync("e", "go", "event");
                }
                catch (RpcException error) when (error.StatusCode == StatusCode.FailedPrecondition)
                {
                    // It has ended: the event came before the crash.
                }
            }
        );
        return await runtime.DriveAsync("e");
    }

    /// <summary>
    /// As a caller does whose call failed without an answer; the clock moves on to where the runtime tries again, with the call waiting
    /// behind it or not.
    /// </summary>
    private static async Task RepeatedlyAsync(TestRuntime runtime, Func<Task> call)
    {
        while (true)
        {
            var attempt = call();
            while (!attempt.IsCompleted && !runtime.Store.Crashed.IsCompleted)
            {
                var again = runtime.Clock.WaitForTimerAsync(TimeSpan.FromSeconds(10));
                if (await Task.WhenAny(attempt, again, runtime.Store.Crashed) == again)
                {
                    runtime.Clock.AdvanceTo(await again);
                }
            }

            try
            {
                await attempt;
                return;
            }
            catch (Storage.RowStoreUnavailableException) when (!runtime.Store.Crashed.IsCompleted)
            {
                // Once more.
            }
        }
    }
}
