using Serverless.Flows.Binding;
using Serverless.Flows.Calls;
using Serverless.Flows.Hosting;

namespace Serverless.Flows;

public sealed partial class FlowContext
{
    private static readonly TimeSpan DefaultPause = TimeSpan.FromHours(1);

    /// <summary>Pauses the run until somebody resumes it.</summary>
    /// <param name="timeout">How long to wait at most; null for one hour.</param>
    /// <param name="key">The pause's key, unique in the run; null for <c>pause-1</c>, <c>pause-2</c>, …</param>
    /// <param name="cancellationToken">Takes this pause back: the run goes on, and its key is used. See <see cref="SleepAsync"/>.</param>
    /// <returns>A task that is done when the run is resumed.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The timeout is not positive, or longer than a century.</exception>
    /// <exception cref="PauseTimeoutException">Nobody resumed it in time. The run has failed: catching this does not undo it.</exception>
    /// <exception cref="OperationCanceledException">The token is cancelled, or the flow run is being cancelled.</exception>
    public Task PauseAsync(TimeSpan? timeout = null, string? key = null, CancellationToken cancellationToken = default) =>
        WaitAsync(RequestOf(timeout, key, suspend: false, schema: null, description: null), cancellationToken);

    /// <summary>Pauses the run until somebody resumes it with input.</summary>
    /// <typeparam name="TInput">The input: a record, read from JSON with names in snake_case; validation attributes apply.</typeparam>
    /// <param name="timeout">How long to wait at most; null for one hour.</param>
    /// <param name="key">The pause's key, unique in the run; null for <c>pause-1</c>, <c>pause-2</c>, …</param>
    /// <param name="description">What is asked, for the person who resumes; Markdown.</param>
    /// <param name="cancellationToken">Takes this pause back: the run goes on, and its key is used. See <see cref="SleepAsync"/>.</param>
    /// <returns>The input.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The timeout is not positive, or longer than a century.</exception>
    /// <exception cref="PauseTimeoutException">Nobody resumed it in time. The run has failed: catching this does not undo it.</exception>
    /// <exception cref="OperationCanceledException">The token is cancelled, or the flow run is being cancelled.</exception>
    /// <exception cref="ParameterValidationException">The input does not fit the type.</exception>
    public Task<TInput> PauseAsync<TInput>(
        TimeSpan? timeout = null,
        string? key = null,
        string? description = null,
        CancellationToken cancellationToken = default
    )
        where TInput : class => AskAsync<TInput>(timeout, key, description, suspend: false, cancellationToken);

    /// <summary>Suspends the run until somebody resumes it: it may leave memory meanwhile.</summary>
    /// <param name="timeout">How long to wait at most; null for one hour.</param>
    /// <param name="key">The pause's key, unique in the run; null for <c>pause-1</c>, <c>pause-2</c>, …</param>
    /// <param name="cancellationToken">Takes this pause back: the run goes on, and its key is used. See <see cref="SleepAsync"/>.</param>
    /// <returns>A task that is done when the run is resumed.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The timeout is not positive, or longer than a century.</exception>
    /// <exception cref="PauseTimeoutException">Nobody resumed it in time. The run has failed: catching this does not undo it.</exception>
    /// <exception cref="OperationCanceledException">The token is cancelled, or the flow run is being cancelled.</exception>
    public Task SuspendAsync(TimeSpan? timeout = null, string? key = null, CancellationToken cancellationToken = default) =>
        WaitAsync(RequestOf(timeout, key, suspend: true, schema: null, description: null), cancellationToken);

    /// <summary>Suspends the run until somebody resumes it with input.</summary>
    /// <typeparam name="TInput">The input: a record, read from JSON with names in snake_case; validation attributes apply.</typeparam>
    /// <param name="timeout">How long to wait at most; null for one hour.</param>
    /// <param name="key">The pause's key, unique in the run; null for <c>pause-1</c>, <c>pause-2</c>, …</param>
    /// <param name="description">What is asked, for the person who resumes; Markdown.</param>
    /// <param name="cancellationToken">Takes this pause back: the run goes on, and its key is used. See <see cref="SleepAsync"/>.</param>
    /// <returns>The input.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The timeout is not positive, or longer than a century.</exception>
    /// <exception cref="PauseTimeoutException">Nobody resumed it in time. The run has failed: catching this does not undo it.</exception>
    /// <exception cref="OperationCanceledException">The token is cancelled, or the flow run is being cancelled.</exception>
    /// <exception cref="ParameterValidationException">The input does not fit the type.</exception>
    public Task<TInput> SuspendAsync<TInput>(
        TimeSpan? timeout = null,
        string? key = null,
        string? description = null,
        CancellationToken cancellationToken = default
    )
        where TInput : class => AskAsync<TInput>(timeout, key, description, suspend: true, cancellationToken);

    private async Task<TInput> AskAsync<TInput>(
        TimeSpan? timeout,
        string? key,
        string? description,
        bool suspend,
        CancellationToken cancellationToken
    )
    {
        var request = RequestOf(timeout, key, suspend, RunInput<TInput>.SchemaJson, description);
        return RunInput<TInput>.Read(request.Key, await WaitAsync(request, cancellationToken));
    }

    private Task<string?> WaitAsync(PauseRequest request, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested
            ? _steps.Wait(Task.FromCanceled<string?>(cancellationToken), BodySteps.Failure)
            : _steps.Wait(_engine.PauseAsync(request, cancellationToken));

    private PauseRequest RequestOf(TimeSpan? timeout, string? key, bool suspend, string? schema, string? description)
    {
        if (timeout is { } limit)
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit, TimeSpan.Zero, nameof(timeout));
            Durations.Check(limit, "A pause", nameof(timeout));
        }

        if (key is not null)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(key);
        }

        BoundedJson.Check(description ?? "", () => "The description of a pause");
        return new PauseRequest(
            key ?? $"pause-{Interlocked.Increment(ref _pauses)}",
            timeout ?? DefaultPause,
            suspend,
            schema,
            description
        );
    }
}
