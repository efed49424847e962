using Microsoft.DurableTask.Client;
using Serverless.Conformance.Tests.Fixtures;
using Serverless.Conformance.Tests.Scripts;

namespace Serverless.Conformance.Tests;

/// <summary>Replays: what they repeat, and what is told of code that does not.</summary>
public abstract class DeterminismTests(IDurableEngine engine) : ConformanceTests(engine)
{
    [Fact]
    public async Task Replay_ClockAndIds_AreThoseOfTheFirstTime()
    {
        var id = await StartAsync(nameof(DeterminismScripts.WriteDown));
        await UntilAsync(id, "waiting");
        await Engine.ReplayAsync();
        await Client.RaiseEventAsync(id, "go");

        var steps = Output<string[]>(await EndAsync(id))!;
        List<string[]> notes = [.. Probe.Of(id).Notes.Select(note => note.Split(' '))];

        // Each step of each replay is one of the steps that the orchestrator returned.
        notes.Count.ShouldBeGreaterThan(steps.Length);
        notes.Select(note => string.Join(' ', note[..^1])).Distinct().ShouldBe(steps);
        notes.Count(note => note[^1] == bool.FalseString).ShouldBe(steps.Length);
        List<(long Ticks, string Kind, Guid Id)> parts =
        [
            .. steps.Select(step => step.Split(' ')).Select(part => (long.Parse(part[^3]), part[^2], Guid.Parse(part[^1]))),
        ];
        parts.ShouldAllBe(part => part.Kind == "Utc" && part.Id.Version == 5);
        parts.Select(part => part.Id).ShouldBeUnique();
        parts.Select(part => part.Ticks).ShouldBeInOrder(SortDirection.Ascending);
        parts[0].Ticks.ShouldBe(parts[1].Ticks);
    }

    [Fact]
    public async Task NewGuid_OfTwoInstances_AreDifferent()
    {
        var first = await StartAsync(nameof(DeterminismScripts.WriteDown));
        var second = await StartAsync(nameof(DeterminismScripts.WriteDown));
        await Client.RaiseEventAsync(first, "go");
        await Client.RaiseEventAsync(second, "go");

        var ids = Output<string[]>(await EndAsync(first))!.Concat(Output<string[]>(await EndAsync(second))!).Select(step => step[^36..]);

        ids.ShouldBeUnique();
    }

    [Theory]
    [InlineData(CodeChange.OtherActivity)]
    [InlineData(CodeChange.TimerForActivity)]
    [InlineData(CodeChange.ChildForActivity)]
    [InlineData(CodeChange.NoActivity)]
    [InlineData(CodeChange.End)]
    [InlineData(CodeChange.Throw)]
    public async Task Code_Changed_FailsWithTheReason(CodeChange change)
    {
        var ended = await ChangeAsync(change);

        ended.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
        ended.FailureDetails!.ErrorType.ShouldBe("DurableTask.Core.Exceptions.NonDeterministicOrchestrationException");
        ended.FailureDetails.ErrorMessage.ShouldContain("Echo");
    }

    /// <summary>
    /// DurableTask's engine takes a step that its history does not know for a new one. Ours says that the code is another.
    /// </summary>
    [Fact]
    public async Task Code_ChangedByOneMoreStep()
    {
        var ended = await ChangeAsync(CodeChange.OneMore);

        ended.RuntimeStatus.ShouldBe(Differs(ours: OrchestrationRuntimeStatus.Failed, durableTask: OrchestrationRuntimeStatus.Completed));
        ended.FailureDetails?.ErrorMessage.ShouldContain("FailUntil");
    }

    [Theory]
    [InlineData(CodeChange.OtherInput)]
    [InlineData(CodeChange.None)]
    public async Task Code_ChangedInInputsOnly_GoesOn(CodeChange change) => Output<string>(await ChangeAsync(change)).ShouldBe("x");

    private async Task<OrchestrationMetadata> ChangeAsync(CodeChange change)
    {
        var id = await StartAsync(nameof(DeterminismScripts.Changing));
        await UntilAsync(id, "waiting");
        Probe.Of(id).Generation = (int)change;
        await Engine.ReplayAsync();
        await Client.RaiseEventAsync(id, "go", "x");
        return await EndAsync(id);
    }

    [Collection(LocalEngineCollection.Name)]
    public sealed class OnOurs(LocalEngine engine) : DeterminismTests(engine);

    [Collection(DurableTaskCollection.Name)]
    public sealed class OnDurableTask(DurableTaskEngine engine) : DeterminismTests(engine);
}
