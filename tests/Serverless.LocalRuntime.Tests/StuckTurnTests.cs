using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Serverless.LocalRuntime.Instances;
using Serverless.LocalRuntime.Tests.Fixtures;
using Serverless.Testing;

namespace Serverless.LocalRuntime.Tests;

/// <summary>Orchestrators that compute and never wait: they fail, and hold up nobody else.</summary>
public sealed class StuckTurnTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Nap = TimeSpan.FromMilliseconds(1);

    private readonly MemoryRowStore _rows = new();
    private readonly TaskCompletionSource _spinning = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _released;

    [Fact]
    public async Task Turn_ThatDoesNotEnd_FailsTheInstance()
    {
        await using var runtime = await StartAsync(Spinning());
        var id = await StartSpinningAsync(runtime);

        AdvancePast(runtime);
        var ended = await runtime.CompletionAsync(id);

        ended.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
        ended.FailureDetails!.ErrorMessage.ShouldStartWith(
            "Orchestrator 'Script' has computed for 30 seconds without waiting for anything."
        );
        _rows.Count("openinstances").ShouldBe(0);
        _released = true;
    }

    [Fact]
    public async Task Turn_ThatComesBackTooLate_HasNoEffect()
    {
        await using var runtime = await StartAsync(Spinning());
        var id = await StartSpinningAsync(runtime);
        AdvancePast(runtime);
        await runtime.CompletionAsync(id);

        _released = true;
        await runtime.LiveAsync(0);

        (await runtime.Client.GetInstanceAsync(id))!.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
        runtime.Scripts.Worked.ShouldBeEmpty();
    }

    [Fact]
    public async Task Turn_ThatDoesNotEnd_GivesItsPlaceToOthers()
    {
        await using var runtime = await StartAsync(Spinning(), options => options.MaxConcurrentTurns = 1);
        var stuck = await StartSpinningAsync(runtime);
        var other = runtime.RunAsync<string>("other");

        // Not one look more: each would count against the other one, which has the place from then on.
        Advance(runtime, looks: 6);

        (await other).ShouldBe("done");
        (await runtime.CompletionAsync(stuck)).RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
        _released = true;
    }

    [Fact]
    public async Task Turn_OfASubOrchestrationThatDoesNotEnd_FailsItsParentsCall()
    {
        var scripts = Spinning()
            .Add(
                "parent",
                async context =>
                {
                    try
                    {
                        return await context.CallSubOrchestratorAsync<string>("Script", options: new TaskOptions { Version = "spin" });
                    }
                    catch (TaskFailedException failed)
                    {
                        return failed.FailureDetails.ErrorType;
                    }
                }
            );
        await using var runtime = await StartAsync(scripts);
        var id = await runtime.ScheduleAsync("parent");
        await NapAsync(runtime);

        AdvancePast(runtime);

        (await runtime.CompletionAsync(id)).ReadOutputAs<string>().ShouldBe("Serverless.LocalRuntime.Instances.TurnOverdueException");
        _released = true;
    }

    [Fact]
    public async Task Replay_ThatDoesNotEnd_FailsTheInstance()
    {
        string id;
        await using (
            var first = await StartAsync(
                new Scripts().Add(
                    "spin",
                    async context =>
                    {
                        await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
                        return "never";
                    }
                )
            )
        )
        {
            id = await first.ScheduleAsync("spin");
        }

        // Other code than before, which spins as it is replayed.

        await using var second = await StartAsync(
            new Scripts().Add(
                "spin",
                _ =>
                {
                    Spin();
                    return Task.FromResult("never");
                }
            )
        );
        var raise = second.Client.RaiseEventAsync(id, "any");
        await SpinningAsync();
        AdvancePast(second);
        await Should.ThrowAsync<Exception>(raise);

        (await second.CompletionAsync(id)).FailureDetails!.ErrorMessage.ShouldContain("without waiting for anything");
        _released = true;
    }

    [Fact]
    public async Task Turn_ThatYieldsWithoutEnd_GivesItsThreadBack()
    {
        var yields = 0;
        await using var runtime = await StartAsync(
            new Scripts().Add(
                "yield",
                async context =>
                {
                    await context.CreateTimer(Nap, CancellationToken.None);
                    while (context.InstanceId.Length > 0)
                    {
                        _spinning.TrySetResult();
                        Interlocked.Increment(ref yields);
                        await Task.Yield();
                    }

                    return "never";
                }
            )
        );
        var id = await runtime.ScheduleAsync("yield");
        await NapAsync(runtime);

        AdvancePast(runtime);
        (await runtime.CompletionAsync(id)).RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);

        // The thread leaves the loop at its next step: from some look on, nothing is counted any more.
        int seen;
        do
        {
            seen = Volatile.Read(ref yields);
            for (var i = 0; i < 1000; i++)
            {
                await Task.Yield();
            }
        } while (seen != Volatile.Read(ref yields));
    }

    [Fact]
    public async Task Turn_ThatIsTheFirstAndDoesNotEnd_IsRefusedToWhoStartsIt()
    {
        await using var runtime = await StartAsync(Spinning());
        var start = runtime.ScheduleAsync("spin-first", id: "first");
        await SpinningAsync();

        AdvancePast(runtime);

        (await Should.ThrowAsync<TurnOverdueException>(start)).Message.ShouldContain("without waiting for anything");
        _released = true;
        (await runtime.Client.GetInstanceAsync("first")).ShouldBeNull();
    }

    [Fact]
    public async Task Turn_UnderTheLimit_GoesOn()
    {
        await using var runtime = await StartAsync(Spinning());
        var id = await StartSpinningAsync(runtime);

        runtime.Clock.Advance(Limit / 2);
        _released = true;

        (await runtime.CompletionAsync(id)).ReadOutputAs<string>().ShouldBe("x");
    }

    private Task<TestRuntime> StartAsync(Scripts scripts, Action<Hosting.LocalRuntimeOptions>? configure = null) =>
        TestRuntime.StartAsync(
            _rows,
            scripts,
            configure: options =>
            {
                options.TurnTimeout = Limit;
                configure?.Invoke(options);
            }
        );

    /// <summary>A script that computes until the test is over, and one that does not.</summary>
    private Scripts Spinning() =>
        new Scripts()
            .Add(
                "spin",
                async context =>
                {
                    await context.CreateTimer(Nap, CancellationToken.None);
                    Spin();
                    return await context.CallActivityAsync<string>("Work", "x");
                }
            )
            .Add(
                "spin-first",
                context =>
                {
                    Spin();
                    return context.CallActivityAsync<string>("Work", "x");
                }
            )
            .Add("other", _ => Task.FromResult("done"));

    /// <summary>Starts an instance that computes in its second turn: a start is answered with the first.</summary>
    private async Task<string> StartSpinningAsync(TestRuntime runtime)
    {
        var id = await runtime.ScheduleAsync("spin");
        await NapAsync(runtime);
        return id;
    }

    private async Task NapAsync(TestRuntime runtime)
    {
        while (!_spinning.Task.IsCompleted)
        {
            runtime.Clock.Advance(Nap);
            await Task.Yield();
        }
    }

    private void Spin()
    {
        _spinning.TrySetResult();
        while (!_released)
        {
            Thread.Yield();
        }
    }

    private Task SpinningAsync() => _spinning.Task.WaitAsync(Waiting.Patience);

    private static void AdvancePast(TestRuntime runtime) => Advance(runtime, looks: 12);

    private static void Advance(TestRuntime runtime, int looks)
    {
        for (var look = 0; look < looks; look++)
        {
            runtime.Clock.Advance(Limit / 6);
        }
    }
}
