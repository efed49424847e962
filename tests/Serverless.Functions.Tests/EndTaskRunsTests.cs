using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Functions.FlowRuns;
using Serverless.Functions.Tests.Fixtures;
using Serverless.Server.Flows;
using Serverless.Server.Runs;

namespace Serverless.Functions.Tests;

/// <summary>A stopped run ends its task runs in steps of a bounded size.</summary>
public sealed class EndTaskRunsTests : IAsyncLifetime
{
    private const int Steps = 3;
    private const int TaskRuns = (Steps * EndTaskRuns.StepSize) - 100;

    private EmbeddedApp _app = null!;
    private Guid _flowRunId;

    /// <summary>A run that no orchestration drives: the test takes the steps itself.</summary>
    public async Task InitializeAsync()
    {
        _app = await EmbeddedApp.StartAsync();
        var flow = (await _app.Get<FlowService>().CreateAsync(new FlowCreate { Name = "remote" })).Flow;
        _flowRunId = (await _app.Runs.CreateAsync(new FlowRunCreate { FlowId = flow.Id, State = ProposedStates.Running() })).Run.Id;
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task RunAsync_ManyOpenTaskRuns_EndsThemInStepsOfBoundedSize()
    {
        await CreateAsync(TaskRuns);

        List<int> ended = [];
        EndTaskRunsInput? step = new(Start);
        while (step is not null)
        {
            var reads = _app.Store.Reads;
            var result = await StepAsync(step);
            (_app.Store.Reads - reads).ShouldBeLessThan(EndTaskRuns.StepSize * 4);
            ended.Add(result.Ended);
            step = result.Next is { } next ? step with { After = next } : null;
        }

        ended.ShouldBe([EndTaskRuns.StepSize, EndTaskRuns.StepSize, EndTaskRuns.StepSize - 100]);
        (await _app.CountTaskRunsAsync(_flowRunId, StateType.Cancelled)).ShouldBe(TaskRuns);
    }

    [Fact]
    public async Task RunAsync_StepRepeatedAfterACrash_EndsTheRestAndGoesOnAtTheSamePlace()
    {
        await CreateAsync(EndTaskRuns.StepSize + 1);
        var commits = _app.Store.Commits;
        _app.Store.CrashAfter = commits + 200;
        _ = StepAsync(new EndTaskRunsInput(Start));
        await _app.WhenCrashedAsync();
        await _app.RestartAsync();
        var open = EndTaskRuns.StepSize + 1 - await _app.CountTaskRunsAsync(_flowRunId, StateType.Cancelled);
        open.ShouldBeInRange(2, EndTaskRuns.StepSize);

        var first = await StepAsync(new EndTaskRunsInput(Start));
        var again = await StepAsync(new EndTaskRunsInput(Start));
        var last = await StepAsync(new EndTaskRunsInput(Start, first.Next));

        first.Ended.ShouldBe(open - 1);
        again.ShouldBe(first with { Ended = 0 });
        last.ShouldBe(new EndTaskRunsResult(Ended: 1));
    }

    [Fact]
    public async Task RunAsync_TwoAtOnce_EndEachTaskRunOnce()
    {
        await CreateAsync(EndTaskRuns.StepSize);

        var both = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => StepAsync(new EndTaskRunsInput(Start)))));

        both.Sum(result => result.Ended).ShouldBe(EndTaskRuns.StepSize);
        foreach (var task in (await _app.TaskRunsAsync(_flowRunId)).Take(20))
        {
            (await _app.TaskStatesAsync(task.Id)).ShouldBe("Pending Cancelled");
        }
    }

    [Fact]
    public async Task RunAsync_TaskRunChangesWhileItIsEnded_IsEndedAllTheSame()
    {
        await CreateAsync(1);
        var task = await _app.TaskRunAsync(_flowRunId);
        _app.Store.BeforeCommit = async _ =>
        {
            _app.Store.BeforeCommit = null;
            await _app.Gate.SetTaskRunStateAsync(task.Id, ProposedStates.Running());
        };

        (await StepAsync(new EndTaskRunsInput(Start))).Ended.ShouldBe(1);

        (await _app.TaskStatesAsync(task.Id)).ShouldBe("Pending Running Cancelled");
    }

    [Fact]
    public async Task RunAsync_RunWasStartedAgain_EndsNothing()
    {
        await CreateAsync(1);

        (await StepAsync(new EndTaskRunsInput(Start with { Generation = 1 }))).ShouldBe(new EndTaskRunsResult(Ended: 0));

        (await _app.TaskStatesAsync((await _app.TaskRunAsync(_flowRunId)).Id)).ShouldBe("Pending");
    }

    private FlowRunStart Start => new(_flowRunId, Generation: 0);

    private Task<EndTaskRunsResult> StepAsync(EndTaskRunsInput input) => _app.Get<EndTaskRuns>().RunAsync(input, CancellationToken.None);

    private async Task CreateAsync(int count) =>
        await Task.WhenAll(
            Enumerable
                .Range(0, count)
                .Select(index =>
                    _app.Gate.CreateTaskRunAsync(
                        new TaskRunCreate
                        {
                            FlowRunId = _flowRunId,
                            TaskKey = "task",
                            DynamicKey = $"{index}",
                        }
                    )
                )
        );
}
