using DurableTask.Core.Exceptions;
using Serverless.LocalRuntime.History;

namespace Serverless.LocalRuntime.Execution;

/// <summary>Packs the steps of a turn for the history, and compares those of a replay with what was packed.</summary>
internal static class ReplayVerifier
{
    public static List<RecordedActions> Pack(List<OrchestrationAction> actions)
    {
        List<RecordedActions> packed = [];
        foreach (var action in actions)
        {
            var childId = action.HasOwnId ? action.InstanceId : null;
            if (
                packed.Count > 0
                && packed[^1] is var last
                && childId is null
                && last.ChildId is null
                && last.Kind == action.Kind
                && last.Name == action.Name
                && last.CallTag == action.CallTag
                && last.FirstId + last.Count == action.Id
            )
            {
                packed[^1] = last with { Count = last.Count + 1 };
            }
            else
            {
                packed.Add(new RecordedActions(action.Kind, action.Name, action.Id, 1, childId, action.CallTag));
            }
        }

        return packed;
    }

    /// <summary>Compares the steps of a replayed turn with those of the history.</summary>
    /// <exception cref="NonDeterministicOrchestrationException">The steps differ.</exception>
    public static void Verify(string orchestrator, int number, Turn turn, List<OrchestrationAction> actual, ExecutionOutcome? ended)
    {
        var position = 0;
        foreach (var expected in turn.Actions)
        {
            for (var i = 0; i < expected.Count; i++, position++)
            {
                if (position >= actual.Count)
                {
                    throw Mismatch(
                        orchestrator,
                        number,
                        position,
                        Describe(expected.Kind, expected.Name, expected.CallTag, expected.FirstId + i),
                        Describe(ended)
                    );
                }

                var action = actual[position];
                if (
                    action.Kind != expected.Kind
                    || action.Name != expected.Name
                    || action.CallTag != expected.CallTag
                    || action.Id != expected.FirstId + i
                )
                {
                    throw Mismatch(
                        orchestrator,
                        number,
                        position,
                        Describe(expected.Kind, expected.Name, expected.CallTag, expected.FirstId + i),
                        Describe(action.Kind, action.Name, action.CallTag, action.Id)
                    );
                }
            }
        }

        if (position < actual.Count)
        {
            var extra = actual[position];
            throw Mismatch(
                orchestrator,
                number,
                position,
                "nothing more in this turn",
                Describe(extra.Kind, extra.Name, extra.CallTag, extra.Id)
            );
        }

        if (turn.Ended != (ended is not null))
        {
            throw Mismatch(orchestrator, number, position, turn.Ended ? "the end of the orchestrator" : "a wait", Describe(ended));
        }
    }

    private static NonDeterministicOrchestrationException Mismatch(
        string orchestrator,
        int turn,
        int position,
        string expected,
        string actual
    ) =>
        new(
            $"Orchestrator '{orchestrator}' is not deterministic: at step {position + 1} of turn {turn + 1} the history expects "
                + $"{expected}, but the code came to {actual}. "
                + "Orchestrator code must take the same steps on every replay; a changed orchestrator needs a new name or version."
        );

    private static string Describe(ActionKind kind, string name, string? callTag, int id) =>
        kind switch
        {
            ActionKind.Activity when callTag is not null => $"activity '{name}' (#{id}) for '{callTag}'",
            ActionKind.Activity => $"activity '{name}' (#{id})",
            ActionKind.Timer => $"a timer (#{id})",
            ActionKind.SubOrchestration => $"sub-orchestration '{name}' (#{id})",
            _ => $"sending event '{name}' (#{id})",
        };

    private static string Describe(ExecutionOutcome? outcome) =>
        outcome switch
        {
            null => "a wait for something else",
            ExecutionOutcome.Completed => "the end of the orchestrator",
            ExecutionOutcome.Failed failed => $"a failure ({failed.Failure.Type}: {failed.Failure.Message})",
            ExecutionOutcome.ContinuedAsNew => "a restart as new",
            _ => "a termination",
        };
}
