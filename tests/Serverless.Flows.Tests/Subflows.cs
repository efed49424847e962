namespace Serverless.Flows.Tests;

internal static class Subflows
{
    [Flow("twice", Retries = 1, RetryDelaySeconds = [2.5], TimeoutSeconds = 60, Version = "1", Description = "Doubles.", Tags = ["t"])]
    internal static async Task<int> Twice(FlowContext flow, int value) => await flow.RunAsync(() => Steps.Add(value, value));

    [Flow]
    internal static void FailAsync() => throw new InvalidOperationException("broken");

    /// <summary>Leaves a call unfinished.</summary>
    [Flow]
    internal static void Hasty(FlowContext flow) => _ = flow.Submit(() => Steps.Add(1));

    /// <summary>Ends as its children do.</summary>
    [Flow]
    internal static async Task<RunState[]> Children(FlowContext flow, int[] values) =>
        await flow.Map(values, value => Steps.Add(value)).WaitForStatesAsync();

    [Flow]
    internal static async Task<IReadOnlyList<RunState>> Failing(FlowContext flow) =>
        [await flow.Submit(() => Steps.Add(1)).WaitForStateAsync(), await flow.Submit(() => Steps.Flaky(9)).WaitForStateAsync()];
}
