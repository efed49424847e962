using Serverless.Flows;

namespace Serverless.Functions.Tests.Fixtures;

/// <summary>Flows that say what becomes of their results and of those of their tasks.</summary>
internal sealed class ResultFlows(Probe probe)
{
    public const string Unkept = "unkept";
    public const string UnkeptAndRetried = "unkept-and-retried";
    public const string Stored = "stored";
    public const string StoredByKey = "stored-by-key";

    [Flow(Unkept, PersistResult = false)]
    public Task<int> RunUnkeptAsync(FlowContext flow, string body) => probe.Bodies[body](flow);

    [Flow(UnkeptAndRetried, PersistResult = false, Retries = 1, RetryDelaySeconds = [60])]
    public Task<int> RunUnkeptAndRetriedAsync(FlowContext flow, string body) => probe.Bodies[body](flow);

    [Flow(Stored, ResultStorage = StoringWork.Storage)]
    public async Task<string?> RunStoredAsync(FlowContext flow, string body) => (string?)await probe.FreeBodies[body](flow);

    [Flow(
        StoredByKey,
        ResultStorage = StoringWork.Storage,
        ResultKey = "flows/{flow.name}/{parameters.day}",
        ResultSerializer = "json+gzip"
    )]
    public async Task<string?> RunStoredByKeyAsync(FlowContext flow, string body, string day = "27. 11.") =>
        (string?)await probe.FreeBodies[body](flow);

    [Flow("unkept-number", PersistResult = false)]
    public static int Number(int number) => number;

    [Flow("outer-number")]
    public static async Task<int> OuterAsync(FlowContext flow, int number) => await flow.RunAsync(() => InnerAsync(flow, number));

    [Flow("inner-number")]
    public static async Task<int> InnerAsync(FlowContext flow, int number) =>
        await flow.RunAsync((Work work) => work.HoldAsync(number, default)) + await flow.RunAsync((StoringWork work) => work.Known(number));

    [Flow("kept-number", PersistResult = true)]
    public static async Task<int> KeptAsync(FlowContext flow, int number) => await flow.RunAsync((Work work) => work.Do(number));

    [Flow("stored-text", ResultStorage = StoringWork.Storage)]
    public static string Text(int length) => new('t', length);

    [Flow("large-text", PersistResult = true)]
    public static async Task<string> LargeAsync(FlowContext flow, int length)
    {
        var text = flow.Submit((StoringWork work) => work.Make(length));
        return await text.AsResultAsync();
    }

    [Flow("larger-text", PersistResult = false)]
    public static async Task<string> LargerAsync(FlowContext flow, int length) =>
        await flow.Submit(() => LargeAsync(flow, length)).AsResultAsync();
}
