using System.Runtime.CompilerServices;
using System.Text.Json;
using Serverless.Core.States;
using Serverless.Flows.Binding;
using Serverless.Flows.Calls;
using Serverless.Flows.Hosting;

namespace Serverless.Flows;

/// <summary>A started task or subflow run with a value.</summary>
/// <typeparam name="T">The value's type.</typeparam>
public sealed class TaskFuture<T> : TaskFuture
{
    private Read? _read;
    private Task? _loading;

    internal TaskFuture(Called called, CallOutcomes outcomes, int index, BodySteps steps)
        : base(called, outcomes, index, steps) { }

    /// <summary>
    /// Stands for the value in the lambda of a call: <c>flow.Submit(() => Next(future.AsArgument()))</c>. That call waits for this run, and
    /// its task run lists this one as an input. It may be part of a larger expression. To read the value in the flow itself, await the
    /// future.
    /// </summary>
    /// <returns>The value, when the call's arguments are computed. If the run did not complete, the call is not started.</returns>
    /// <exception cref="InvalidOperationException">It is used outside the lambda of a call.</exception>
    public T AsArgument()
    {
        ThrowUnlessArgument(nameof(AsArgument));
        return ValueNow();
    }

    /// <summary>
    /// Hands the value on as the flow's own result: <c>return await future.AsResultAsync();</c>. Where it lies in a result storage, it is
    /// not read, whatever its size: the flow's result is then where it lies. Otherwise it is the value itself.
    /// </summary>
    /// <returns>What the flow is to return at once: for a value in a storage the default of the type, which stands for it.</returns>
    /// <exception cref="RunException">The run, or one that it depends on, did not complete.</exception>
    /// <exception cref="InvalidOperationException">The flow hands on another value already.</exception>
    /// <exception cref="OperationCanceledException">The flow run is being cancelled.</exception>
    public async Task<T> AsResultAsync()
    {
        var outcome = await AwaitAsync();
        if (outcome.Stored is not { } stored)
        {
            return Cached(outcome);
        }

        HandOn(stored, JsonSerializer.Serialize(default(T), FlowJson.Options));
        return default!;
    }

    /// <summary>Waits until the run is completed and reads its value.</summary>
    /// <returns>For the compiler.</returns>
    /// <exception cref="RunException">The run, or one that it depends on, did not complete.</exception>
    /// <exception cref="OperationCanceledException">The flow run is being cancelled.</exception>
    public new TaskAwaiter<T> GetAwaiter() => ValueAsync().GetAwaiter();

    internal static T Parse(CallOutcome outcome) =>
        outcome is { IsUnkept: true, ResultJson: null } ? throw MissingResultException.OfUnkept(outcome)
        : typeof(T) == typeof(RunState) ? (T)(object)StateOf(outcome)
        : outcome.ResultJson is { } json ? JsonSerializer.Deserialize<T>(json, FlowJson.Options)!
        : default!;

    /// <summary>The value of a run that has ended.</summary>
    /// <exception cref="RunException">The run did not complete.</exception>
    internal T ValueNow() => Cached(CompletedNow());

    internal async Task<T> ValueAsync()
    {
        var outcome = await AwaitAsync();
        if (outcome.Stored is not null)
        {
            await LoadAsync();
        }

        return Cached(outcome);
    }

    internal override Task LoadAsync() => _read is null && StoredNow() is { } stored ? _loading ??= LoadAsync(stored) : Task.CompletedTask;

    private async Task LoadAsync(StoredResult stored)
    {
        var json = await ReadStoredAsync(stored);
        _read = new Read(Convert(() => JsonSerializer.Deserialize<T>(json, FlowJson.Options)!));
    }

    /// <summary>The state that the code made and returned, whose data is the run's result; or that of another run, which is the
    /// result.</summary>
    private static RunState StateOf(CallOutcome outcome)
    {
        JsonElement? data = outcome.ResultJson is { } json ? JsonElement.Parse(json) : null;
        return data is { } state && RunFailure.IsState(state)
            ? state.Deserialize<RunState>(FlowJson.Options)!
            : new RunState(
                new ProposedState
                {
                    Type = outcome.Type,
                    Name = outcome.StateName,
                    Message = outcome.Message,
                    Data = data,
                }
            );
    }

    private T Cached(CallOutcome outcome) => (_read ??= new Read(Convert(() => Parse(outcome)))).Value;

    /// <summary>Reads the value; one of another type is an error that names the call, which the serializer does not know.</summary>
    private T Convert(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (JsonException wrong)
        {
            throw new JsonException($"The result of {Call} cannot be read as {TypeNames.Of(typeof(T))}: {wrong.Message}", wrong);
        }
    }

    private sealed record Read(T Value);
}
