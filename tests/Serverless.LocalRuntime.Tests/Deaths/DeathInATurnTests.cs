using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Serverless.LocalRuntime.Deaths;
using Serverless.LocalRuntime.Tests.Fixtures;
using Serverless.Storage;

namespace Serverless.LocalRuntime.Tests.Deaths;

/// <summary>An orchestration that ends the process is no longer run; others continue.</summary>
public sealed class DeathInATurnTests : IDisposable
{
    private readonly MemoryRowStore _rows = new();
    private readonly MarksOfProcesses _processes = new();

    public void Dispose() => _processes.Dispose();

    [Fact]
    public async Task Start_ProcessesDiedInTheTurnsOfAnInstance_ItFailsAndIsNotRun()
    {
        await using (var before = await StartAsync())
        {
            await before.ScheduleAsync("waiting", id: "bad");
            await before.ScheduleAsync("waiting", id: "good");
            await before.Client.WaitForInstanceStartAsync("bad");
            await before.Client.WaitForInstanceStartAsync("good");
        }

        await _processes.DieInTurnsOfAsync("bad", DeathMarks.MaxDeaths);
        await using var runtime = await StartAsync();
        var bad = await runtime.CompletionAsync("bad");
        await runtime.Client.RaiseEventAsync("good", "Go");

        bad.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
        bad.FailureDetails!.ErrorMessage.ShouldStartWith("The process has died 3 times while the code of this orchestration was running");
        (await runtime.CompletionAsync("good")).RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed);
        runtime.Core.Marks.IsSuspect("bad").ShouldBeFalse();
    }

    [Fact]
    public async Task Start_ProcessDiedLessOftenInItsTurns_TheInstanceGoesOn()
    {
        await using (var before = await StartAsync())
        {
            await before.ScheduleAsync("waiting", id: "a");
            await before.Client.WaitForInstanceStartAsync("a");
        }

        await _processes.DieInTurnsOfAsync("a", DeathMarks.MaxDeaths - 1);
        await using var runtime = await StartAsync();
        runtime.Clock.Advance(DeathMarks.Calm);
        await runtime.Client.RaiseEventAsync("a", "Go");

        (await runtime.CompletionAsync("a")).RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed);
        runtime.Core.Marks.IsSuspect("a").ShouldBeFalse();
    }

    [Fact]
    public async Task Start_SuspectThatIsNotThereAnyMore_IsForgotten()
    {
        await _processes.DieInTurnsOfAsync("deleted", DeathMarks.MaxDeaths - 1);

        await using var runtime = await StartAsync();

        runtime.Core.Marks.IsSuspect("deleted").ShouldBeFalse();
    }

    [Fact]
    public async Task Turn_ProcessDiesInIt_TheNextOneFindsIt()
    {
        await using var runtime = await TestRuntime.StartAsync(
            _rows,
            new Scripts().Add(
                "dying",
                _ =>
                {
                    _processes.Die();
                    return Task.FromResult("done");
                }
            ),
            configure: options => options.TurnMarks = _processes.Path
        );
        var id = await runtime.ScheduleAsync("dying");
        (await runtime.CompletionAsync(id)).RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed);

        _processes.Start().IsSuspect(id).ShouldBeTrue();
        runtime.Core.Marks.IsSuspect(id).ShouldBeFalse();
    }

    private Task<TestRuntime> StartAsync() =>
        TestRuntime.StartAsync(
            _rows,
            new Scripts().Add("waiting", context => context.WaitForExternalEvent<string>("Go")),
            configure: options => options.TurnMarks = _processes.Path
        );
}
