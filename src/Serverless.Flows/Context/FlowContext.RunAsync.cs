using System.Linq.Expressions;
using Serverless.Flows.Calls;

namespace Serverless.Flows;

public sealed partial class FlowContext
{
    /// <summary>Runs a task or subflow and waits for it.</summary>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <param name="call">One call, as in <c>() => Load(path)</c>.</param>
    /// <param name="options">What this call does differently; null for nothing.</param>
    /// <param name="cancellationToken">Ends the wait only: the run goes on, and the flow waits for it before it ends.</param>
    /// <returns>The value.</returns>
    /// <exception cref="ArgumentException">The lambda is not one call, or calls a task in the call's arguments.</exception>
    /// <exception cref="FlowRegistrationException">The called method is not registered, or the options make no sense.</exception>
    /// <exception cref="PayloadLimitException">The arguments exceed <see cref="PayloadLimitException.MaxCharacters"/>.</exception>
    /// <exception cref="RunException">The run did not complete.</exception>
    /// <exception cref="OperationCanceledException">The token is cancelled, or the flow run is being cancelled.</exception>
    public Task<T> RunAsync<T>(
        Expression<Func<Task<T>>> call,
        CallOptions? options = null,
        CancellationToken cancellationToken = default
    ) => ValueOfAsync<T>(call, options, cancellationToken);

    /// <summary>Runs a task or subflow and waits for it.</summary>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <param name="call">One call, as in <c>() => Load(path)</c>.</param>
    /// <param name="options">What this call does differently; null for nothing.</param>
    /// <param name="cancellationToken">Ends the wait only: the run goes on, and the flow waits for it before it ends.</param>
    /// <returns>The value.</returns>
    /// <exception cref="ArgumentException">The lambda is not one call, or calls a task in the call's arguments.</exception>
    /// <exception cref="FlowRegistrationException">The called method is not registered, or the options make no sense.</exception>
    /// <exception cref="PayloadLimitException">The arguments exceed <see cref="PayloadLimitException.MaxCharacters"/>.</exception>
    /// <exception cref="RunException">The run did not complete.</exception>
    /// <exception cref="OperationCanceledException">The token is cancelled, or the flow run is being cancelled.</exception>
    public Task<T> RunAsync<T>(Expression<Func<T>> call, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        ValueOfAsync<T>(call, options, cancellationToken);

    /// <summary>Runs a task or subflow and waits for it.</summary>
    /// <param name="call">One call, as in <c>() => Load(path)</c>.</param>
    /// <param name="options">What this call does differently; null for nothing.</param>
    /// <param name="cancellationToken">Ends the wait only: the run goes on, and the flow waits for it before it ends.</param>
    /// <returns>A task that is done when the run is completed.</returns>
    /// <exception cref="ArgumentException">The lambda is not one call, or calls a task in the call's arguments.</exception>
    /// <exception cref="FlowRegistrationException">The called method is not registered, or the options make no sense.</exception>
    /// <exception cref="PayloadLimitException">The arguments exceed <see cref="PayloadLimitException.MaxCharacters"/>.</exception>
    /// <exception cref="RunException">The run did not complete.</exception>
    /// <exception cref="OperationCanceledException">The token is cancelled, or the flow run is being cancelled.</exception>
    public Task RunAsync(Expression<Func<Task>> call, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        CompletionOfAsync(call, options, cancellationToken);

    /// <summary>Runs a task or subflow and waits for it.</summary>
    /// <param name="call">One call, as in <c>() => Load(path)</c>.</param>
    /// <param name="options">What this call does differently; null for nothing.</param>
    /// <param name="cancellationToken">Ends the wait only: the run goes on, and the flow waits for it before it ends.</param>
    /// <returns>A task that is done when the run is completed.</returns>
    /// <exception cref="ArgumentException">The lambda is not one call, or calls a task in the call's arguments.</exception>
    /// <exception cref="FlowRegistrationException">The called method is not registered, or the options make no sense.</exception>
    /// <exception cref="PayloadLimitException">The arguments exceed <see cref="PayloadLimitException.MaxCharacters"/>.</exception>
    /// <exception cref="RunException">The run did not complete.</exception>
    /// <exception cref="OperationCanceledException">The token is cancelled, or the flow run is being cancelled.</exception>
    public Task RunAsync(Expression<Action> call, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        CompletionOfAsync(call, options, cancellationToken);

    /// <summary>Runs a task or subflow and waits for it.</summary>
    /// <typeparam name="TClass">The class of the task; the service provider builds it.</typeparam>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <param name="call">One call, as in <c>(ReportTasks tasks) => tasks.Load(path)</c>.</param>
    /// <param name="options">What this call does differently; null for nothing.</param>
    /// <param name="cancellationToken">Ends the wait only: the run goes on, and the flow waits for it before it ends.</param>
    /// <returns>The value.</returns>
    /// <exception cref="ArgumentException">The lambda is not one call, or calls a task in the call's arguments.</exception>
    /// <exception cref="FlowRegistrationException">The called method is not registered, or the options make no sense.</exception>
    /// <exception cref="PayloadLimitException">The arguments exceed <see cref="PayloadLimitException.MaxCharacters"/>.</exception>
    /// <exception cref="RunException">The run did not complete.</exception>
    /// <exception cref="OperationCanceledException">The token is cancelled, or the flow run is being cancelled.</exception>
    public Task<T> RunAsync<TClass, T>(
        Expression<Func<TClass, Task<T>>> call,
        CallOptions? options = null,
        CancellationToken cancellationToken = default
    ) => ValueOfAsync<T>(call, options, cancellationToken);

    /// <summary>Runs a task or subflow and waits for it.</summary>
    /// <typeparam name="TClass">The class of the task; the service provider builds it.</typeparam>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <param name="call">One call, as in <c>(ReportTasks tasks) => tasks.Load(path)</c>.</param>
    /// <param name="options">What this call does differently; null for nothing.</param>
    /// <param name="cancellationToken">Ends the wait only: the run goes on, and the flow waits for it before it ends.</param>
    /// <returns>The value.</returns>
    /// <exception cref="ArgumentException">The lambda is not one call, or calls a task in the call's arguments.</exception>
    /// <exception cref="FlowRegistrationException">The called method is not registered, or the options make no sense.</exception>
    /// <exception cref="PayloadLimitException">The arguments exceed <see cref="PayloadLimitException.MaxCharacters"/>.</exception>
    /// <exception cref="RunException">The run did not complete.</exception>
    /// <exception cref="OperationCanceledException">The token is cancelled, or the flow run is being cancelled.</exception>
    public Task<T> RunAsync<TClass, T>(
        Expression<Func<TClass, T>> call,
        CallOptions? options = null,
        CancellationToken cancellationToken = default
    ) => ValueOfAsync<T>(call, options, cancellationToken);

    /// <summary>Runs a task or subflow and waits for it.</summary>
    /// <typeparam name="TClass">The class of the task; the service provider builds it.</typeparam>
    /// <param name="call">One call, as in <c>(ReportTasks tasks) => tasks.Load(path)</c>.</param>
    /// <param name="options">What this call does differently; null for nothing.</param>
    /// <param name="cancellationToken">Ends the wait only: the run goes on, and the flow waits for it before it ends.</param>
    /// <returns>A task that is done when the run is completed.</returns>
    /// <exception cref="ArgumentException">The lambda is not one call, or calls a task in the call's arguments.</exception>
    /// <exception cref="FlowRegistrationException">The called method is not registered, or the options make no sense.</exception>
    /// <exception cref="PayloadLimitException">The arguments exceed <see cref="PayloadLimitException.MaxCharacters"/>.</exception>
    /// <exception cref="RunException">The run did not complete.</exception>
    /// <exception cref="OperationCanceledException">The token is cancelled, or the flow run is being cancelled.</exception>
    public Task RunAsync<TClass>(
        Expression<Func<TClass, Task>> call,
        CallOptions? options = null,
        CancellationToken cancellationToken = default
    ) => CompletionOfAsync(call, options, cancellationToken);

    /// <summary>Runs a task or subflow and waits for it.</summary>
    /// <typeparam name="TClass">The class of the task; the service provider builds it.</typeparam>
    /// <param name="call">One call, as in <c>(ReportTasks tasks) => tasks.Load(path)</c>.</param>
    /// <param name="options">What this call does differently; null for nothing.</param>
    /// <param name="cancellationToken">Ends the wait only: the run goes on, and the flow waits for it before it ends.</param>
    /// <returns>A task that is done when the run is completed.</returns>
    /// <exception cref="ArgumentException">The lambda is not one call, or calls a task in the call's arguments.</exception>
    /// <exception cref="FlowRegistrationException">The called method is not registered, or the options make no sense.</exception>
    /// <exception cref="PayloadLimitException">The arguments exceed <see cref="PayloadLimitException.MaxCharacters"/>.</exception>
    /// <exception cref="RunException">The run did not complete.</exception>
    /// <exception cref="OperationCanceledException">The token is cancelled, or the flow run is being cancelled.</exception>
    public Task RunAsync<TClass>(
        Expression<Action<TClass>> call,
        CallOptions? options = null,
        CancellationToken cancellationToken = default
    ) => CompletionOfAsync(call, options, cancellationToken);

    private Task<T> ValueOfAsync<T>(LambdaExpression call, CallOptions? options, CancellationToken cancellationToken)
    {
        return _steps.Wait(RunAsync(), BodySteps.Failure);

        async Task<T> RunAsync()
        {
            cancellationToken.ThrowIfCancellationRequested();
            return await FutureOf<T>(call, options).ValueAsync().WaitAsync(cancellationToken);
        }
    }

    private Task CompletionOfAsync(LambdaExpression call, CallOptions? options, CancellationToken cancellationToken)
    {
        return _steps.Wait(RunAsync(), BodySteps.Failure);

        async Task RunAsync()
        {
            cancellationToken.ThrowIfCancellationRequested();
            await FutureOf(call, options).CompletionAsync().WaitAsync(cancellationToken);
        }
    }
}
