using Serverless.Flows;

namespace Serverless.Functions.Tests.Fixtures;

/// <summary>Flows and tasks that are retried after some failures only. Their bodies are the probe's.</summary>
internal sealed class PickyWork(Probe probe)
{
    public const string Picky = "picky";
    public const string PickyInTime = "picky-in-time";

    [Task(Retries = 3, RetryOn = [typeof(IOException)], NoRetryOn = [typeof(FileNotFoundException)])]
    public object? Read(string body) => Run(body);

    [Task(Retries = 3, RetryOn = [typeof(IOException)], TimeoutSeconds = 5)]
    public object? ReadInTime(string body) => Run(body);

    [Task(Retries = 3, RetryCondition = nameof(ShouldRetry))]
    public object? Ask(string body) => Run(body);

    [Flow(PickyInTime, Retries = 3, NoRetryOn = [typeof(TimeoutException)], TimeoutSeconds = 300)]
    public Task<object?> RunInTimeAsync(FlowContext flow, string body) => RunAsync(flow, body);

    [Flow(Picky, Retries = 3, NoRetryOn = [typeof(ArgumentException)], RetryCondition = nameof(ShouldRetry))]
    public Task<object?> RunAsync(FlowContext flow, string body)
    {
        probe.Note($"body {body}");
        return probe.FreeBodies[body](flow);
    }

    internal static bool ShouldRetry(Exception error, int attempt) =>
        error.Message switch
        {
            "broken condition" => throw new InvalidOperationException("the condition is broken"),
            "once" => attempt == 1,
            _ => true,
        };

    private object? Run(string body)
    {
        probe.Note($"run {body}");
        return probe.TaskBodies[body](null!);
    }
}
