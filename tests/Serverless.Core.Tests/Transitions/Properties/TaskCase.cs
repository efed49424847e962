using FsCheck;
using FsCheck.Fluent;
using Serverless.Core.Models;
using Serverless.Core.Transitions;

namespace Serverless.Core.Tests.Transitions.Properties;

/// <summary>A random task run, and what is proposed for it.</summary>
internal sealed record TaskCase(int? Retries, double? Jitter, TaskStep[] Steps)
{
    /// <summary>Random cases, shrunk by leaving out steps.</summary>
    public static Arbitrary<TaskCase> Under(params TaskTransitionPolicy[] policies) =>
        Arb.From(
            from retries in Gen.Elements<int?>(null, 0, 1, 2)
            from jitter in Gen.Elements<double?>(null, 0.5)
            from steps in TaskStep.Under(policies).ArrayOf()
            select new TaskCase(retries, jitter, steps),
            found =>
                Enumerable
                    .Range(0, found.Steps.Length)
                    .Select(left => found with { Steps = [.. found.Steps.Where((_, index) => index != left)] })
        );

    /// <summary>Plays the steps; <paramref name="look"/> sees each decision and the run as it was before.</summary>
    public TaskPlay Play(Action<TaskStep, TaskPlay, TransitionOutcome<TaskRun>>? look = null)
    {
        var play = new TaskPlay(this);
        foreach (var step in Steps)
        {
            play.Propose(step, look);
        }

        return play;
    }

    public override string ToString() => $"retries {Retries}, jitter {Jitter}:\n{string.Join('\n', Steps.AsEnumerable())}";
}
