using Microsoft.DurableTask;
using Serverless.Functions.Engine;

namespace Serverless.Functions.Hooks;

/// <summary>The orchestrator's side of the hooks of one state: an activity for each, one after the other.</summary>
internal static class HookLoop
{
    /// <summary>Calls all hooks; false when one failed.</summary>
    /// <param name="activities">How activities are called.</param>
    /// <param name="input">The first hook.</param>
    /// <param name="recorded">Compares answers with the call; null where the call is not made by code that can change.</param>
    public static async Task<bool> RunAsync(OwnActivities activities, RunHookInput input, RecordedCalls? recorded = null)
    {
        var about = input.About;
        var options = about is null ? null : recorded?.OptionsFor(about);
        var succeeded = true;
        for (var losses = 0; losses < 2; input = input with { Position = input.Position + 1 })
        {
            try
            {
                var result = await activities.CallAsync<RunHookResult>(nameof(RunHook), input, options);
                if (recorded is not null && about is not null)
                {
                    await recorded.CheckAsync(nameof(RunHook), result, result.About, about);
                }

                succeeded &= !result.Failed;
                losses = 0;
                if (!result.More)
                {
                    return succeeded;
                }
            }
            catch (TaskFailedException)
            {
                // The run's log says so. A hook that brings processes down does not keep the next one; what fails for all of them does.
                losses++;
                succeeded = false;
            }
        }

        return false;
    }
}
