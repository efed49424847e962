using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Serverless.Testing;

namespace Serverless.Conformance.Tests.Fixtures;

/// <summary>
/// Tests that hold on both engines. Each class has two sealed ones below it, one for each engine. Where the engines differ, the test
/// says what each of them does with <see cref="Differs{T}"/>, and docs/local-runtime.md says why.
/// </summary>
public abstract class ConformanceTests(IDurableEngine engine)
{
    /// <summary>How long a test watches for something that must not come.</summary>
    protected static readonly TimeSpan Watch = TimeSpan.FromMilliseconds(300);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    protected IDurableEngine Engine => engine;

    protected DurableTaskClient Client => engine.Client;

    protected static string NewId() => Guid.NewGuid().ToString("N");

    /// <summary>What is expected where the engines differ.</summary>
    protected T Differs<T>(T ours, T durableTask) => engine.IsOurs ? ours : durableTask;

    /// <summary>Starts a script.</summary>
    protected Task<string> StartAsync(string script, object? input = null, string? id = null) =>
        Client.ScheduleNewOrchestrationInstanceAsync(script, input, new StartOrchestrationOptions(id ?? NewId()));

    /// <summary>Waits for the end of an instance.</summary>
    protected async Task<OrchestrationMetadata> EndAsync(string id)
    {
        using CancellationTokenSource patience = new(Waiting.Patience);
        return await Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, patience.Token);
    }

    /// <summary>Starts a script and waits for its end.</summary>
    protected async Task<OrchestrationMetadata> RunAsync(string script, object? input = null) =>
        await EndAsync(await StartAsync(script, input));

    /// <summary>Starts a script, waits for its end, and reads what it returned.</summary>
    protected async Task<T?> ResultAsync<T>(string script, object? input = null) => Output<T>(await RunAsync(script, input));

    /// <summary>What an instance that completed returned.</summary>
    protected static T? Output<T>(OrchestrationMetadata ended)
    {
        ArgumentNullException.ThrowIfNull(ended);
        ended.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed, ended.FailureDetails?.ToString());
        return ended.ReadOutputAs<T>();
    }

    protected async Task<OrchestrationMetadata?> GetAsync(string id) => await Client.GetInstanceAsync(id, getInputsAndOutputs: true);

    protected async Task<OrchestrationRuntimeStatus?> StatusAsync(string id) => (await Client.GetInstanceAsync(id))?.RuntimeStatus;

    /// <summary>Waits until an instance is as it has to become.</summary>
    protected async Task<OrchestrationMetadata> UntilAsync(string id, Func<OrchestrationMetadata, bool> condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        using CancellationTokenSource patience = new(Waiting.Patience);
        while (true)
        {
            if (await GetAsync(id) is { } instance && condition(instance))
            {
                return instance;
            }

            await Task.Delay(Look, patience.Token);
        }
    }

    /// <summary>Waits until an instance says by its custom status how far it is.</summary>
    protected Task<OrchestrationMetadata> UntilAsync(string id, string customStatus) =>
        UntilAsync(id, instance => instance.SerializedCustomStatus == $"\"{customStatus}\"");

    /// <summary>Waits until an instance has a status.</summary>
    protected Task<OrchestrationMetadata> UntilAsync(string id, OrchestrationRuntimeStatus status) =>
        UntilAsync(id, instance => instance.RuntimeStatus == status);

    /// <summary>Starts a script whose activity "Hold" holds it up, and waits until it does.</summary>
    protected async Task<string> StartHeldAsync(string script, object? input = null)
    {
        var id = await StartAsync(script, input);
        await Probe.Of(id).Held.Task.WaitAsync(Waiting.Patience);
        return id;
    }

    /// <summary>Lets the held activity of an instance end, and waits for the end of the instance.</summary>
    protected async Task<OrchestrationMetadata> ReleaseAsync(string id)
    {
        Probe.Of(id).Gate.SetResult("released");
        return await EndAsync(id);
    }

    /// <summary>True when an instance does not end while it is watched.</summary>
    protected async Task<bool> StaysOpenAsync(string id)
    {
        using CancellationTokenSource watch = new(Watch);
        try
        {
            await Client.WaitForInstanceCompletionAsync(id, watch.Token);
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    /// <summary>Checks that an instance ends by itself in one engine, and stays open in the other.</summary>
    protected async Task EndsOnlyAsync(string id, bool ours)
    {
        if (Engine.IsOurs == ours)
        {
            await EndAsync(id);
        }
        else
        {
            (await StaysOpenAsync(id)).ShouldBeTrue();
        }
    }

    /// <summary>What a call throws; null for nothing.</summary>
    protected static async Task<Exception?> ThrownAsync(Func<Task> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        try
        {
            await call();
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }
}
