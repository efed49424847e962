using System.Linq.Expressions;
using Serverless.Flows.Calls;

namespace Serverless.Flows;

public sealed partial class FlowContext
{
    /// <summary>Starts a task or subflow without waiting for it.</summary>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <param name="call">One call, as in <c>() => Load(path)</c>.</param>
    /// <param name="options">What this call does differently; null for nothing.</param>
    /// <returns>Its future. A failure of the run shows when the future is awaited.</returns>
    /// <exception cref="ArgumentException">The lambda is not one call, or calls a task in the call's arguments.</exception>
    /// <exception cref="FlowRegistrationException">The called method is not registered, or the options make no sense.</exception>
    /// <exception cref="PayloadLimitException">The arguments exceed <see cref="PayloadLimitException.MaxCharacters"/>.</exception>
    public TaskFuture<T> Submit<T>(Expression<Func<Task<T>>> call, CallOptions? options = null) => FutureOf<T>(call, options);

    /// <summary>Starts a task or subflow without waiting for it.</summary>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <param name="call">One call, as in <c>() => Load(path)</c>.</param>
    /// <param name="options">What this call does differently; null for nothing.</param>
    /// <returns>Its future. A failure of the run shows when the future is awaited.</returns>
    /// <exception cref="ArgumentException">The lambda is not one call, or calls a task in the call's arguments.</exception>
    /// <exception cref="FlowRegistrationException">The called method is not registered, or the options make no sense.</exception>
    /// <exception cref="PayloadLimitException">The arguments exceed <see cref="PayloadLimitException.MaxCharacters"/>.</exception>
    public TaskFuture<T> Submit<T>(Expression<Func<T>> call, CallOptions? options = null) => FutureOf<T>(call, options);

    /// <summary>Starts a task or subflow without waiting for it.</summary>
    /// <param name="call">One call, as in <c>() => Load(path)</c>.</param>
    /// <param name="options">What this call does differently; null for nothing.</param>
    /// <returns>Its future. A failure of the run shows when the future is awaited.</returns>
    /// <exception cref="ArgumentException">The lambda is not one call, or calls a task in the call's arguments.</exception>
    /// <exception cref="FlowRegistrationException">The called method is not registered, or the options make no sense.</exception>
    /// <exception cref="PayloadLimitException">The arguments exceed <see cref="PayloadLimitException.MaxCharacters"/>.</exception>
    public TaskFuture Submit(Expression<Func<Task>> call, CallOptions? options = null) => FutureOf(call, options);

    /// <summary>Starts a task or subflow without waiting for it.</summary>
    /// <param name="call">One call, as in <c>() => Load(path)</c>.</param>
    /// <param name="options">What this call does differently; null for nothing.</param>
    /// <returns>Its future. A failure of the run shows when the future is awaited.</returns>
    /// <exception cref="ArgumentException">The lambda is not one call, or calls a task in the call's arguments.</exception>
    /// <exception cref="FlowRegistrationException">The called method is not registered, or the options make no sense.</exception>
    /// <exception cref="PayloadLimitException">The arguments exceed <see cref="PayloadLimitException.MaxCharacters"/>.</exception>
    public TaskFuture Submit(Expression<Action> call, CallOptions? options = null) => FutureOf(call, options);

    /// <summary>Starts a task or subflow without waiting for it.</summary>
    /// <typeparam name="TClass">The class of the task; the service provider builds it.</typeparam>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <param name="call">One call, as in <c>(ReportTasks tasks) => tasks.Load(path)</c>.</param>
    /// <param name="options">What this call does differently; null for nothing.</param>
    /// <returns>Its future. A failure of the run shows when the future is awaited.</returns>
    /// <exception cref="ArgumentException">The lambda is not one call, or calls a task in the call's arguments.</exception>
    /// <exception cref="FlowRegistrationException">The called method is not registered, or the options make no sense.</exception>
    /// <exception cref="PayloadLimitException">The arguments exceed <see cref="PayloadLimitException.MaxCharacters"/>.</exception>
    public TaskFuture<T> Submit<TClass, T>(Expression<Func<TClass, Task<T>>> call, CallOptions? options = null) =>
        FutureOf<T>(call, options);

    /// <summary>Starts a task or subflow without waiting for it.</summary>
    /// <typeparam name="TClass">The class of the task; the service provider builds it.</typeparam>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <param name="call">One call, as in <c>(ReportTasks tasks) => tasks.Load(path)</c>.</param>
    /// <param name="options">What this call does differently; null for nothing.</param>
    /// <returns>Its future. A failure of the run shows when the future is awaited.</returns>
    /// <exception cref="ArgumentException">The lambda is not one call, or calls a task in the call's arguments.</exception>
    /// <exception cref="FlowRegistrationException">The called method is not registered, or the options make no sense.</exception>
    /// <exception cref="PayloadLimitException">The arguments exceed <see cref="PayloadLimitException.MaxCharacters"/>.</exception>
    public TaskFuture<T> Submit<TClass, T>(Expression<Func<TClass, T>> call, CallOptions? options = null) => FutureOf<T>(call, options);

    /// <summary>Starts a task or subflow without waiting for it.</summary>
    /// <typeparam name="TClass">The class of the task; the service provider builds it.</typeparam>
    /// <param name="call">One call, as in <c>(ReportTasks tasks) => tasks.Load(path)</c>.</param>
    /// <param name="options">What this call does differently; null for nothing.</param>
    /// <returns>Its future. A failure of the run shows when the future is awaited.</returns>
    /// <exception cref="ArgumentException">The lambda is not one call, or calls a task in the call's arguments.</exception>
    /// <exception cref="FlowRegistrationException">The called method is not registered, or the options make no sense.</exception>
    /// <exception cref="PayloadLimitException">The arguments exceed <see cref="PayloadLimitException.MaxCharacters"/>.</exception>
    public TaskFuture Submit<TClass>(Expression<Func<TClass, Task>> call, CallOptions? options = null) => FutureOf(call, options);

    /// <summary>Starts a task or subflow without waiting for it.</summary>
    /// <typeparam name="TClass">The class of the task; the service provider builds it.</typeparam>
    /// <param name="call">One call, as in <c>(ReportTasks tasks) => tasks.Load(path)</c>.</param>
    /// <param name="options">What this call does differently; null for nothing.</param>
    /// <returns>Its future. A failure of the run shows when the future is awaited.</returns>
    /// <exception cref="ArgumentException">The lambda is not one call, or calls a task in the call's arguments.</exception>
    /// <exception cref="FlowRegistrationException">The called method is not registered, or the options make no sense.</exception>
    /// <exception cref="PayloadLimitException">The arguments exceed <see cref="PayloadLimitException.MaxCharacters"/>.</exception>
    public TaskFuture Submit<TClass>(Expression<Action<TClass>> call, CallOptions? options = null) => FutureOf(call, options);

    private TaskFuture<T> FutureOf<T>(LambdaExpression call, CallOptions? options)
    {
        var outcome = _calls.Start(call, options, out var definition);
        return new TaskFuture<T>(definition.Called, CallOutcomes.Of(outcome), index: 0, _steps);
    }

    private TaskFuture FutureOf(LambdaExpression call, CallOptions? options)
    {
        var outcome = _calls.Start(call, options, out var definition);
        return new TaskFuture(definition.Called, CallOutcomes.Of(outcome), index: 0, _steps);
    }
}
