namespace Serverless.Samples;

/// <summary>A run that waits for somebody's decision.</summary>
public static class ApprovalFlow
{
    /// <summary>Asks for the approval of an amount.</summary>
    /// <param name="flow">The run.</param>
    /// <param name="amount">The amount.</param>
    /// <param name="timeoutSeconds">How long to wait; nobody's answer in that time fails the run.</param>
    /// <returns>What was decided.</returns>
    [Flow("approval", Description = "Waits for the approval of an amount.")]
    public static async Task<Approval> Run(FlowContext flow, decimal amount, [Range(0.001, 31_536_000d)] double timeoutSeconds = 3600)
    {
        var decision = await flow.PauseAsync<Approval>(
            TimeSpan.FromSeconds(timeoutSeconds),
            key: "approval",
            description: $"Is the amount of **{amount}** approved?"
        );
        flow.Logger.LogInformation("The amount of {Amount} is {Decision}", amount, decision.Approved ? "approved" : "refused");
        return decision;
    }
}
