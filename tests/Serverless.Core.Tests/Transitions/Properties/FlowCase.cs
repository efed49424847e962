using FsCheck;
using FsCheck.Fluent;
using Serverless.Core.Models;
using Serverless.Core.Transitions;

namespace Serverless.Core.Tests.Transitions.Properties;

/// <summary>A random run, and what is proposed for it.</summary>
internal sealed record FlowCase(bool Deployed, bool Subflow, bool HasInfrastructure, int? Retries, FlowStep[] Steps)
{
    /// <summary>Random cases, shrunk by leaving out steps.</summary>
    public static Arbitrary<FlowCase> Under(params FlowTransitionPolicy[] policies) =>
        Arb.From(
            from deployed in Gen.Elements(true, true, false)
            from subflow in Gen.Elements(false, false, true)
            from infrastructure in Gen.Elements(false, true)
            from retries in Gen.Elements<int?>(null, 0, 1, 2)
            from steps in FlowStep.Under(policies).ArrayOf()
            select new FlowCase(deployed, subflow, infrastructure, retries, steps),
            found =>
                Enumerable
                    .Range(0, found.Steps.Length)
                    .Select(left => found with { Steps = [.. found.Steps.Where((_, index) => index != left)] })
        );

    /// <summary>Plays the steps; <paramref name="look"/> sees each decision and the run as it was before.</summary>
    public FlowPlay Play(Action<FlowStep, FlowPlay, TransitionOutcome<FlowRun>>? look = null)
    {
        var play = new FlowPlay(this);
        foreach (var step in Steps)
        {
            play.Propose(step, look);
        }

        return play;
    }

    public override string ToString() =>
        $"deployed {Deployed}, subflow {Subflow}, infrastructure {HasInfrastructure}, retries "
        + $"{Retries}:\n{string.Join('\n', Steps.AsEnumerable())}";
}
