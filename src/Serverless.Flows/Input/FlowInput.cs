using System.Buffers;
using Serverless.Flows.Calls;
using Serverless.Flows.Hosting;

namespace Serverless.Flows;

/// <summary>Inputs that a running flow receives from clients and other flow runs, and sends to them.</summary>
public sealed class FlowInput
{
    private static readonly SearchValues<char> KeyCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromHours(1);

    private readonly IFlowEngine _engine;
    private readonly BodySteps _steps;
    private int _received;

    internal FlowInput(IFlowEngine engine, BodySteps steps)
    {
        _engine = engine;
        _steps = steps;
    }

    /// <summary>
    /// Waits durably for the next input of a type. Inputs come in the order in which they were written, each once in a run; a retry of the
    /// flow gets the same ones again.
    /// </summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="timeout">How long to wait; null for an hour. At most a century.</param>
    /// <param name="keyPrefix">What the keys of the inputs begin with; null for what the type says, as in Prefect.</param>
    /// <param name="cancellationToken">Ends the wait. Cancel it in the flow's own code.</param>
    /// <returns>The input.</returns>
    /// <exception cref="TimeoutException">None came in time.</exception>
    /// <exception cref="ParameterValidationException">What came is none of the type; it is received all the same.</exception>
    /// <exception cref="OperationCanceledException">The token is cancelled, or the flow run is being cancelled.</exception>
    public async Task<ReceivedInput<T>> ReceiveAsync<T>(
        TimeSpan? timeout = null,
        string? keyPrefix = null,
        CancellationToken cancellationToken = default
    )
    {
        var limit = timeout ?? DefaultTimeout;
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, TimeSpan.Zero, nameof(timeout));
        Durations.Check(limit, nameof(ReceiveAsync), nameof(timeout));
        InputRequest request = new(Interlocked.Increment(ref _received) - 1, PrefixOf<T>(keyPrefix), limit);
        var input =
            await _steps.Wait(
                cancellationToken.IsCancellationRequested
                    ? Task.FromCanceled<InputText?>(cancellationToken)
                    : _engine.Inputs.ReceiveAsync(request, cancellationToken),
                cancellationToken.IsCancellationRequested ? BodySteps.Failure : 1
            ) ?? throw new TimeoutException($"No input '{request.KeyPrefix}' was received in {limit}.");
        return new ReceivedInput<T>(this, InputType<T>.Read(input.Key, input.Json), input.Key, input.Sender);
    }

    /// <summary>Sends a value to another flow run, of this app or of a remote client, which receives it when it asks for it.</summary>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <param name="flowRunId">The run.</param>
    /// <param name="value">The value.</param>
    /// <param name="keyPrefix">What the input's key begins with; null for what the type says, as in Prefect.</param>
    /// <returns>A task that is done when it is written.</returns>
    /// <exception cref="InvalidOperationException">There is no such flow run.</exception>
    /// <exception cref="PayloadLimitException">The value is too large.</exception>
    /// <exception cref="OperationCanceledException">The flow run is being cancelled.</exception>
    public async Task SendAsync<T>(Guid flowRunId, T value, string? keyPrefix = null)
    {
        var json = InputType<T>.Write(value);
        if (!await _steps.Wait(_engine.Inputs.SendAsync(flowRunId, PrefixOf<T>(keyPrefix), json)))
        {
            throw new InvalidOperationException($"The input cannot be sent: there is no flow run {flowRunId}.");
        }
    }

    private static string PrefixOf<T>(string? keyPrefix)
    {
        // Also looked at when a prefix is given: it checks the type.
        var known = InputType<T>.KeyPrefix;
        var prefix = keyPrefix ?? known;
        return prefix.Length > 0 && !prefix.AsSpan().ContainsAnyExcept(KeyCharacters)
            ? prefix
            : throw new ArgumentException(
                $"The key prefix '{prefix}' of inputs may have only lower-case letters, digits and dashes: give another one.",
                nameof(keyPrefix)
            );
    }
}
