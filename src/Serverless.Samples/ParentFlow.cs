namespace Serverless.Samples;

/// <summary>Subflows.</summary>
public static class ParentFlow
{
    /// <summary>Runs <c>hello</c> several times at once.</summary>
    /// <param name="flow">The run.</param>
    /// <param name="children">How often.</param>
    /// <returns>The greetings.</returns>
    [Flow("parent", Description = "Runs hello as subflows.")]
    public static async Task<IReadOnlyList<string>> Run(FlowContext flow, [Range(0, int.MaxValue)] int children = 3) =>
        await flow.Map(Enumerable.Range(1, children), child => HelloFlow.Run(flow, $"child {child}"));
}
