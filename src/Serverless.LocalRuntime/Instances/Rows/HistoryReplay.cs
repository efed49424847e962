using DurableTask.Core.Exceptions;
using Serverless.LocalRuntime.Execution;
using Serverless.LocalRuntime.History;

namespace Serverless.LocalRuntime.Instances;

/// <summary>Brings an orchestrator that is not in memory back to where its history ends.</summary>
internal static class HistoryReplay
{
    /// <summary>Runs the history again.</summary>
    /// <param name="core">The runtime.</param>
    /// <param name="record">The instance.</param>
    /// <param name="slot">The right to run its code.</param>
    /// <returns>The execution, and the events that it has sent but of which nobody knows whether they arrived.</returns>
    /// <exception cref="InstanceConflictException">The history goes on beyond what the record says: somebody else writes the
    /// instance.</exception>
    public static async Task<(OrchestrationExecution Execution, List<OrchestrationAction> Unsent)> RunAsync(
        RuntimeCore core,
        InstanceRecord record,
        TurnSlot slot
    )
    {
        var execution = core.CreateExecution(record);
        List<OrchestrationAction> unsent = [];
        try
        {
            await foreach (var turn in core.Store.ReadHistoryAsync(record.Id, record.Execution, core.Stopping))
            {
                if (execution.Turns == record.Turns)
                {
                    throw new InstanceConflictException($"The history of instance '{record.Id}' is longer than its row says.");
                }

                var actions = execution.Replay(turn, slot);
                if (execution.Turns - 1 >= record.UnsentTurn)
                {
                    unsent.AddRange(actions.Where(action => action.Kind == ActionKind.SendEvent));
                }
            }
        }
        catch (NonDeterministicOrchestrationException exception)
        {
            core.Logger.NotDeterministic(record.Id, exception.Message);
            execution.Fail(exception);
            unsent.Clear();
        }

        return (execution, unsent);
    }
}
