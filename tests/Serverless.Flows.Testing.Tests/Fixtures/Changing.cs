using Microsoft.Extensions.DependencyInjection;

namespace Serverless.Flows.Testing.Tests.Fixtures;

/// <summary>Two versions of one flow, which differ in one call: <see cref="Second"/> asks for <c>b</c> where the other asks for
/// <c>a</c>.</summary>
internal static class Changing
{
    private const string Storage = "files";

    /// <summary>What may be called.</summary>
    public static readonly string[] Kinds =
    [
        "task",
        "map",
        "subflow",
        "deployment",
        "deployment started",
        "deployment waited for",
        "background task",
        "variable read",
        "variable set",
        "variable deleted",
        "artifact",
        "artifact type",
        "progress",
        "pause",
        "pause cancelled",
        "input received",
        "input sent",
        "transaction",
        "stored value",
    ];

    [Flow("changing")]
    public static Task First(FlowContext flow, string kind) => RunAsync(flow, kind, "a", "b");

    [Flow("changing")]
    public static Task Second(FlowContext flow, string kind) => RunAsync(flow, kind, "b", "a");

    /// <summary>As <see cref="First"/>, with other arguments.</summary>
    [Flow("changing", TimeoutSeconds = 7_200)]
    public static Task Same(FlowContext flow, string kind) => RunAsync(flow, kind, "a", "b", argument: 2);

    /// <summary>Every host of this assembly needs it: its tasks are found with any of its flows.</summary>
    public static void Services(IServiceCollection services) =>
        services.AddResultStorage(Storage, new FileResultStorage(Path.Combine(AppContext.BaseDirectory, "changing-results")));

    private static async Task RunAsync(FlowContext flow, string kind, string key, string other, int argument = 1)
    {
        try
        {
            await CallAsync(flow, kind, key, other, argument);
        }
        catch (Exception error) when (error is RunException or TimeoutException or FlowRegistrationException or OperationCanceledException)
        {
            // That the call failed is as good: its answer is in the history.
        }

        await flow.SleepAsync(TimeSpan.FromHours(1));
    }

    private static async Task CallAsync(FlowContext flow, string kind, string key, string other, int argument)
    {
        var isFirst = key == "a";
        switch (kind)
        {
            case "task":
                await (isFirst ? flow.RunAsync(() => A(argument)) : flow.RunAsync(() => B(argument)));
                break;
            case "map":
                var numbers = Enumerable.Range(argument, 150);
                await (isFirst ? flow.Map(numbers, number => A(number)) : flow.Map(numbers, number => B(number)));
                break;
            case "subflow":
                await (isFirst ? flow.RunAsync(() => FlowA(argument)) : flow.RunAsync(() => FlowB(argument)));
                break;
            case "deployment":
                await flow.RunDeploymentAsync($"changing/{key}", new { argument });
                break;
            case "deployment started":
                await flow.StartDeploymentAsync($"changing/{key}", new { argument });
                break;
            case "deployment waited for":
                await (isFirst ? flow.StartDeploymentAsync("changing/a") : flow.RunDeploymentAsync("changing/a"));
                break;
            case "background task":
                await (isFirst ? flow.DelayAsync(() => A(argument)) : flow.DelayAsync(() => B(argument)));
                break;
            case "variable read":
                await flow.Variables.GetAsync<int>(key);
                break;
            case "variable set":
                await flow.Variables.SetAsync(key, argument);
                break;
            case "variable deleted":
                await flow.Variables.DeleteAsync(key);
                break;
            case "artifact":
                await flow.Artifacts.CreateMarkdownArtifactAsync($"{argument}", key);
                break;
            case "artifact type":
                await (
                    isFirst
                        ? flow.Artifacts.CreateMarkdownArtifactAsync($"{argument}", "a")
                        : flow.Artifacts.CreateTableArtifactAsync([argument], "a")
                );
                break;
            case "progress":
                var a = await flow.Artifacts.CreateProgressArtifactAsync(0, "a");
                var b = await flow.Artifacts.CreateProgressArtifactAsync(0, "b");
                await (isFirst ? a : b).UpdateAsync(argument);
                break;
            case "pause":
                await flow.PauseAsync(TimeSpan.FromMinutes(argument), key);
                break;
            case "pause cancelled":
                using (
                    CancellationTokenSource source = new(),
                        otherSource = new()
                )
                {
                    var (first, second) = isFirst ? (source, otherSource) : (otherSource, source);
                    Task[] pauses =
                    [
                        flow.PauseAsync(key: "a", cancellationToken: first.Token),
                        flow.PauseAsync(key: "b", cancellationToken: second.Token),
                    ];
                    await flow.SleepAsync(TimeSpan.FromMinutes(1));
                    source.Cancel();
                    await Task.WhenAny(pauses);
                    otherSource.Cancel();
                    await Task.WhenAll(pauses);
                }

                break;
            case "input received":
                await flow.Input.ReceiveAsync<int>(TimeSpan.FromMinutes(1), key);
                break;
            case "input sent":
                await flow.Input.SendAsync(flow.Run.FlowRunId, argument, key);
                break;
            case "transaction":
                await flow.TransactionAsync(_ => Task.FromResult(argument), new TransactionOptions { Key = key });
                break;
            case "stored value":
                var values = new[] { "a", "b" }.ToDictionary(name => name, name => flow.Submit(() => Stored(name)));
                await Task.WhenAll(values.Values.Select(value => value.WaitForStateAsync()));
                await values[key];
                await values[other];
                break;
            default:
                throw new ArgumentException($"No call is {kind}.", nameof(kind));
        }
    }

    [Task]
    internal static int A(int argument) => argument;

    [Task]
    internal static int B(int argument) => argument;

    [Flow]
    internal static int FlowA(int argument) => argument;

    [Flow]
    internal static int FlowB(int argument) => argument;

    [Task(ResultStorage = Storage)]
    internal static string Stored(string name) => name;
}
