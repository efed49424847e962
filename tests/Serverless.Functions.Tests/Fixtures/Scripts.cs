using System.ComponentModel.DataAnnotations;
using Serverless.Flows;

namespace Serverless.Functions.Tests.Fixtures;

/// <summary>Flows whose bodies the tests write.</summary>
internal sealed class Scripts(Probe probe)
{
    public const string Plain = "plain";
    public const string Retried = "retried";
    public const string Limited = "limited";
    public const string LimitedAndRetried = "limited-and-retried";
    public const string Free = "free";
    public const string FreeAndRetried = "free-and-retried";

    [Flow(Plain)]
    public Task<int> RunAsync(FlowContext flow, string body) => BodyAsync(flow, body);

    [Flow(Retried, Retries = 2, RetryDelaySeconds = [60, 90])]
    public Task<int> RunRetriedAsync(FlowContext flow, string body) => BodyAsync(flow, body);

    [Flow(Limited, TimeoutSeconds = 300)]
    public Task<int> RunLimitedAsync(FlowContext flow, string body) => BodyAsync(flow, body);

    [Flow(LimitedAndRetried, TimeoutSeconds = 300, Retries = 1)]
    public Task<int> RunLimitedAndRetriedAsync(FlowContext flow, string body) => BodyAsync(flow, body);

    [Flow(Free)]
    public Task<object?> RunFreeAsync(FlowContext flow, string body) => FreeBodyAsync(flow, body);

    [Flow(FreeAndRetried, Retries = 1, RetryDelaySeconds = [60])]
    public Task<object?> RunFreeAndRetriedAsync(FlowContext flow, string body) => FreeBodyAsync(flow, body);

    [Flow("counted")]
    public static int Count([Range(0, 10)] int number) => number;

    [Flow("labelled", RunName = "label {number:000}")]
    public static int Label(int number = 3) => number;

    private Task<int> BodyAsync(FlowContext flow, string body)
    {
        probe.Note($"body {body}");
        return probe.Bodies[body](flow);
    }

    private Task<object?> FreeBodyAsync(FlowContext flow, string body)
    {
        probe.Note($"body {body}");
        return probe.FreeBodies[body](flow);
    }
}
