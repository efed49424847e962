using System.Linq.Expressions;

namespace Serverless.Flows;

public sealed partial class FlowContext
{
    /// <summary>Starts a task or subflow for each item.</summary>
    /// <typeparam name="TItem">The items' type.</typeparam>
    /// <typeparam name="T">The type of one value.</typeparam>
    /// <param name="items">The items, at most <see cref="MapLimit.Items"/>; they may be futures.</param>
    /// <param name="call">One call, as in <c>path => Load(path)</c>.</param>
    /// <param name="options">What these calls do differently; null for nothing.</param>
    /// <returns>The futures, in the order of the items.</returns>
    /// <exception cref="ArgumentException">The lambda is not one call, or calls a task in the call's arguments.</exception>
    /// <exception cref="FlowRegistrationException">The called method is not registered, or the options make no sense.</exception>
    /// <exception cref="PayloadLimitException">The arguments exceed <see cref="PayloadLimitException.MaxCharacters"/>.</exception>
    /// <exception cref="InvalidOperationException">There are more than <see cref="MapLimit.Items"/> items.</exception>
    public TaskFutures<T> Map<TItem, T>(IEnumerable<TItem> items, Expression<Func<TItem, Task<T>>> call, CallOptions? options = null) =>
        FuturesOf<TItem, T>(items, call, options);

    /// <summary>Starts a task or subflow for each item.</summary>
    /// <typeparam name="TItem">The items' type.</typeparam>
    /// <typeparam name="T">The type of one value.</typeparam>
    /// <param name="items">The items, at most <see cref="MapLimit.Items"/>; they may be futures.</param>
    /// <param name="call">One call, as in <c>path => Load(path)</c>.</param>
    /// <param name="options">What these calls do differently; null for nothing.</param>
    /// <returns>The futures, in the order of the items.</returns>
    /// <exception cref="ArgumentException">The lambda is not one call, or calls a task in the call's arguments.</exception>
    /// <exception cref="FlowRegistrationException">The called method is not registered, or the options make no sense.</exception>
    /// <exception cref="PayloadLimitException">The arguments exceed <see cref="PayloadLimitException.MaxCharacters"/>.</exception>
    /// <exception cref="InvalidOperationException">There are more than <see cref="MapLimit.Items"/> items.</exception>
    public TaskFutures<T> Map<TItem, T>(IEnumerable<TItem> items, Expression<Func<TItem, T>> call, CallOptions? options = null) =>
        FuturesOf<TItem, T>(items, call, options);

    /// <summary>Starts a task or subflow for each item.</summary>
    /// <typeparam name="TItem">The items' type.</typeparam>
    /// <param name="items">The items, at most <see cref="MapLimit.Items"/>; they may be futures.</param>
    /// <param name="call">One call, as in <c>path => Load(path)</c>.</param>
    /// <param name="options">What these calls do differently; null for nothing.</param>
    /// <returns>The futures, in the order of the items.</returns>
    /// <exception cref="ArgumentException">The lambda is not one call, or calls a task in the call's arguments.</exception>
    /// <exception cref="FlowRegistrationException">The called method is not registered, or the options make no sense.</exception>
    /// <exception cref="PayloadLimitException">The arguments exceed <see cref="PayloadLimitException.MaxCharacters"/>.</exception>
    /// <exception cref="InvalidOperationException">There are more than <see cref="MapLimit.Items"/> items.</exception>
    public TaskFutures Map<TItem>(IEnumerable<TItem> items, Expression<Func<TItem, Task>> call, CallOptions? options = null) =>
        FuturesOf(items, call, options);

    /// <summary>Starts a task or subflow for each item.</summary>
    /// <typeparam name="TItem">The items' type.</typeparam>
    /// <param name="items">The items, at most <see cref="MapLimit.Items"/>; they may be futures.</param>
    /// <param name="call">One call, as in <c>path => Load(path)</c>.</param>
    /// <param name="options">What these calls do differently; null for nothing.</param>
    /// <returns>The futures, in the order of the items.</returns>
    /// <exception cref="ArgumentException">The lambda is not one call, or calls a task in the call's arguments.</exception>
    /// <exception cref="FlowRegistrationException">The called method is not registered, or the options make no sense.</exception>
    /// <exception cref="PayloadLimitException">The arguments exceed <see cref="PayloadLimitException.MaxCharacters"/>.</exception>
    /// <exception cref="InvalidOperationException">There are more than <see cref="MapLimit.Items"/> items.</exception>
    public TaskFutures Map<TItem>(IEnumerable<TItem> items, Expression<Action<TItem>> call, CallOptions? options = null) =>
        FuturesOf(items, call, options);

    /// <summary>Starts a task or subflow for each item.</summary>
    /// <typeparam name="TClass">The class of the task; the service provider builds it.</typeparam>
    /// <typeparam name="TItem">The items' type.</typeparam>
    /// <typeparam name="T">The type of one value.</typeparam>
    /// <param name="items">The items, at most <see cref="MapLimit.Items"/>; they may be futures.</param>
    /// <param name="call">One call, as in <c>(ReportTasks tasks, string path) => tasks.Load(path)</c>.</param>
    /// <param name="options">What these calls do differently; null for nothing.</param>
    /// <returns>The futures, in the order of the items.</returns>
    /// <exception cref="ArgumentException">The lambda is not one call, or calls a task in the call's arguments.</exception>
    /// <exception cref="FlowRegistrationException">The called method is not registered, or the options make no sense.</exception>
    /// <exception cref="PayloadLimitException">The arguments exceed <see cref="PayloadLimitException.MaxCharacters"/>.</exception>
    /// <exception cref="InvalidOperationException">There are more than <see cref="MapLimit.Items"/> items.</exception>
    public TaskFutures<T> Map<TClass, TItem, T>(
        IEnumerable<TItem> items,
        Expression<Func<TClass, TItem, Task<T>>> call,
        CallOptions? options = null
    ) => FuturesOf<TItem, T>(items, call, options);

    /// <summary>Starts a task or subflow for each item.</summary>
    /// <typeparam name="TClass">The class of the task; the service provider builds it.</typeparam>
    /// <typeparam name="TItem">The items' type.</typeparam>
    /// <typeparam name="T">The type of one value.</typeparam>
    /// <param name="items">The items, at most <see cref="MapLimit.Items"/>; they may be futures.</param>
    /// <param name="call">One call, as in <c>(ReportTasks tasks, string path) => tasks.Load(path)</c>.</param>
    /// <param name="options">What these calls do differently; null for nothing.</param>
    /// <returns>The futures, in the order of the items.</returns>
    /// <exception cref="ArgumentException">The lambda is not one call, or calls a task in the call's arguments.</exception>
    /// <exception cref="FlowRegistrationException">The called method is not registered, or the options make no sense.</exception>
    /// <exception cref="PayloadLimitException">The arguments exceed <see cref="PayloadLimitException.MaxCharacters"/>.</exception>
    /// <exception cref="InvalidOperationException">There are more than <see cref="MapLimit.Items"/> items.</exception>
    public TaskFutures<T> Map<TClass, TItem, T>(
        IEnumerable<TItem> items,
        Expression<Func<TClass, TItem, T>> call,
        CallOptions? options = null
    ) => FuturesOf<TItem, T>(items, call, options);

    /// <summary>Starts a task or subflow for each item.</summary>
    /// <typeparam name="TClass">The class of the task; the service provider builds it.</typeparam>
    /// <typeparam name="TItem">The items' type.</typeparam>
    /// <param name="items">The items, at most <see cref="MapLimit.Items"/>; they may be futures.</param>
    /// <param name="call">One call, as in <c>(ReportTasks tasks, string path) => tasks.Load(path)</c>.</param>
    /// <param name="options">What these calls do differently; null for nothing.</param>
    /// <returns>The futures, in the order of the items.</returns>
    /// <exception cref="ArgumentException">The lambda is not one call, or calls a task in the call's arguments.</exception>
    /// <exception cref="FlowRegistrationException">The called method is not registered, or the options make no sense.</exception>
    /// <exception cref="PayloadLimitException">The arguments exceed <see cref="PayloadLimitException.MaxCharacters"/>.</exception>
    /// <exception cref="InvalidOperationException">There are more than <see cref="MapLimit.Items"/> items.</exception>
    public TaskFutures Map<TClass, TItem>(
        IEnumerable<TItem> items,
        Expression<Func<TClass, TItem, Task>> call,
        CallOptions? options = null
    ) => FuturesOf(items, call, options);

    /// <summary>Starts a task or subflow for each item.</summary>
    /// <typeparam name="TClass">The class of the task; the service provider builds it.</typeparam>
    /// <typeparam name="TItem">The items' type.</typeparam>
    /// <param name="items">The items, at most <see cref="MapLimit.Items"/>; they may be futures.</param>
    /// <param name="call">One call, as in <c>(ReportTasks tasks, string path) => tasks.Load(path)</c>.</param>
    /// <param name="options">What these calls do differently; null for nothing.</param>
    /// <returns>The futures, in the order of the items.</returns>
    /// <exception cref="ArgumentException">The lambda is not one call, or calls a task in the call's arguments.</exception>
    /// <exception cref="FlowRegistrationException">The called method is not registered, or the options make no sense.</exception>
    /// <exception cref="PayloadLimitException">The arguments exceed <see cref="PayloadLimitException.MaxCharacters"/>.</exception>
    /// <exception cref="InvalidOperationException">There are more than <see cref="MapLimit.Items"/> items.</exception>
    public TaskFutures Map<TClass, TItem>(IEnumerable<TItem> items, Expression<Action<TClass, TItem>> call, CallOptions? options = null) =>
        FuturesOf(items, call, options);

    private TaskFutures<T> FuturesOf<TItem, T>(IEnumerable<TItem> items, LambdaExpression call, CallOptions? options)
    {
        var outcomes = _calls.StartMap(call, Boxed(items), options, out var definition);
        var futures = new TaskFuture<T>[outcomes.Count];
        for (var i = 0; i < futures.Length; i++)
        {
            futures[i] = new TaskFuture<T>(definition.Called, outcomes, i, _steps);
        }

        return new TaskFutures<T>(futures);
    }

    private TaskFutures FuturesOf<TItem>(IEnumerable<TItem> items, LambdaExpression call, CallOptions? options)
    {
        var outcomes = _calls.StartMap(call, Boxed(items), options, out var definition);
        var futures = new TaskFuture[outcomes.Count];
        for (var i = 0; i < futures.Length; i++)
        {
            futures[i] = new TaskFuture(definition.Called, outcomes, i, _steps);
        }

        return new TaskFutures(futures);
    }

    private static List<object?> Boxed<TItem>(IEnumerable<TItem> items)
    {
        ArgumentNullException.ThrowIfNull(items);

        // One more than a map takes, by which it is known that there are too many: items may have no end.
        return [.. items.Take(MapLimit.Items + 1).Select(item => (object?)item)];
    }
}
