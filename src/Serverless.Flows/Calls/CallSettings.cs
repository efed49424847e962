namespace Serverless.Flows.Calls;

/// <summary>What is called, and the options of the call.</summary>
internal sealed record CallSettings(RunnableDefinition Definition, string? RunName, RunRetryPolicy? Retry, TimeSpan? Timeout)
{
    internal string? RunNameOf(int item) => RunName is null ? null : $"{RunName}-{item}";
}
