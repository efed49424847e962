using System.Linq.Expressions;

namespace Serverless.Flows;

/// <summary>
/// Runs tasks in the background, outside any flow: an endpoint, a hosted service or a task hands work over and goes on. Taken from the
/// service container. A flow has <see cref="FlowContext.DelayAsync(Expression{Action}, DelayOptions?)"/>.
/// </summary>
public interface IBackgroundTasks
{
    /// <summary>Has a task run in the background: returns when that is stored durably, and does not wait for the run.</summary>
    /// <typeparam name="T">The type of the run's value.</typeparam>
    /// <param name="call">One call of a task, as in <c>() => Load(path)</c>.</param>
    /// <param name="options">How it is run; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the wait; whether the run was created is unknown then.</param>
    /// <returns>The run.</returns>
    /// <exception cref="ArgumentException">
    /// The lambda is not one call of a task, or has a future as an argument; an option makes no sense.
    /// </exception>
    /// <exception cref="FlowRegistrationException">The called method is no registered task.</exception>
    /// <exception cref="PayloadLimitException">The arguments exceed <see cref="PayloadLimitException.MaxCharacters"/>.</exception>
    /// <exception cref="InvalidOperationException">Somebody else has a task run with the idempotency key, or too many runs wait to be
    /// started: try again later.</exception>
    Task<BackgroundTaskRun<T>> DelayAsync<T>(
        Expression<Func<Task<T>>> call,
        DelayOptions? options = null,
        CancellationToken cancellationToken = default
    );

    /// <summary>Has a task run in the background: returns when that is stored durably, and does not wait for the run.</summary>
    /// <typeparam name="T">The type of the run's value.</typeparam>
    /// <param name="call">One call of a task, as in <c>() => Load(path)</c>.</param>
    /// <param name="options">How it is run; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the wait; whether the run was created is unknown then.</param>
    /// <returns>The run.</returns>
    /// <exception cref="ArgumentException">
    /// The lambda is not one call of a task, or has a future as an argument; an option makes no sense.
    /// </exception>
    /// <exception cref="FlowRegistrationException">The called method is no registered task.</exception>
    /// <exception cref="PayloadLimitException">The arguments exceed <see cref="PayloadLimitException.MaxCharacters"/>.</exception>
    /// <exception cref="InvalidOperationException">Somebody else has a task run with the idempotency key, or too many runs wait to be
    /// started: try again later.</exception>
    Task<BackgroundTaskRun<T>> DelayAsync<T>(
        Expression<Func<T>> call,
        DelayOptions? options = null,
        CancellationToken cancellationToken = default
    );

    /// <summary>Has a task run in the background: returns when that is stored durably, and does not wait for the run.</summary>
    /// <param name="call">One call of a task, as in <c>() => Load(path)</c>.</param>
    /// <param name="options">How it is run; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the wait; whether the run was created is unknown then.</param>
    /// <returns>The run.</returns>
    /// <exception cref="ArgumentException">
    /// The lambda is not one call of a task, or has a future as an argument; an option makes no sense.
    /// </exception>
    /// <exception cref="FlowRegistrationException">The called method is no registered task.</exception>
    /// <exception cref="PayloadLimitException">The arguments exceed <see cref="PayloadLimitException.MaxCharacters"/>.</exception>
    /// <exception cref="InvalidOperationException">Somebody else has a task run with the idempotency key, or too many runs wait to be
    /// started: try again later.</exception>
    Task<BackgroundTaskRun> DelayAsync(
        Expression<Func<Task>> call,
        DelayOptions? options = null,
        CancellationToken cancellationToken = default
    );

    /// <summary>Has a task run in the background: returns when that is stored durably, and does not wait for the run.</summary>
    /// <param name="call">One call of a task, as in <c>() => Load(path)</c>.</param>
    /// <param name="options">How it is run; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the wait; whether the run was created is unknown then.</param>
    /// <returns>The run.</returns>
    /// <exception cref="ArgumentException">
    /// The lambda is not one call of a task, or has a future as an argument; an option makes no sense.
    /// </exception>
    /// <exception cref="FlowRegistrationException">The called method is no registered task.</exception>
    /// <exception cref="PayloadLimitException">The arguments exceed <see cref="PayloadLimitException.MaxCharacters"/>.</exception>
    /// <exception cref="InvalidOperationException">Somebody else has a task run with the idempotency key, or too many runs wait to be
    /// started: try again later.</exception>
    Task<BackgroundTaskRun> DelayAsync(
        Expression<Action> call,
        DelayOptions? options = null,
        CancellationToken cancellationToken = default
    );

    /// <summary>Has a task run in the background: returns when that is stored durably, and does not wait for the run.</summary>
    /// <typeparam name="TClass">The class of the task; the service provider builds it.</typeparam>
    /// <typeparam name="T">The type of the run's value.</typeparam>
    /// <param name="call">One call of a task, as in <c>(ReportTasks tasks) => tasks.Load(path)</c>.</param>
    /// <param name="options">How it is run; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the wait; whether the run was created is unknown then.</param>
    /// <returns>The run.</returns>
    /// <exception cref="ArgumentException">
    /// The lambda is not one call of a task, or has a future as an argument; an option makes no sense.
    /// </exception>
    /// <exception cref="FlowRegistrationException">The called method is no registered task.</exception>
    /// <exception cref="PayloadLimitException">The arguments exceed <see cref="PayloadLimitException.MaxCharacters"/>.</exception>
    /// <exception cref="InvalidOperationException">Somebody else has a task run with the idempotency key, or too many runs wait to be
    /// started: try again later.</exception>
    Task<BackgroundTaskRun<T>> DelayAsync<TClass, T>(
        Expression<Func<TClass, Task<T>>> call,
        DelayOptions? options = null,
        CancellationToken cancellationToken = default
    );

    /// <summary>Has a task run in the background: returns when that is stored durably, and does not wait for the run.</summary>
    /// <typeparam name="TClass">The class of the task; the service provider builds it.</typeparam>
    /// <typeparam name="T">The type of the run's value.</typeparam>
    /// <param name="call">One call of a task, as in <c>(ReportTasks tasks) => tasks.Load(path)</c>.</param>
    /// <param name="options">How it is run; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the wait; whether the run was created is unknown then.</param>
    /// <returns>The run.</returns>
    /// <exception cref="ArgumentException">
    /// The lambda is not one call of a task, or has a future as an argument; an option makes no sense.
    /// </exception>
    /// <exception cref="FlowRegistrationException">The called method is no registered task.</exception>
    /// <exception cref="PayloadLimitException">The arguments exceed <see cref="PayloadLimitException.MaxCharacters"/>.</exception>
    /// <exception cref="InvalidOperationException">Somebody else has a task run with the idempotency key, or too many runs wait to be
    /// started: try again later.</exception>
    Task<BackgroundTaskRun<T>> DelayAsync<TClass, T>(
        Expression<Func<TClass, T>> call,
        DelayOptions? options = null,
        CancellationToken cancellationToken = default
    );

    /// <summary>Has a task run in the background: returns when that is stored durably, and does not wait for the run.</summary>
    /// <typeparam name="TClass">The class of the task; the service provider builds it.</typeparam>
    /// <param name="call">One call of a task, as in <c>(ReportTasks tasks) => tasks.Load(path)</c>.</param>
    /// <param name="options">How it is run; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the wait; whether the run was created is unknown then.</param>
    /// <returns>The run.</returns>
    /// <exception cref="ArgumentException">
    /// The lambda is not one call of a task, or has a future as an argument; an option makes no sense.
    /// </exception>
    /// <exception cref="FlowRegistrationException">The called method is no registered task.</exception>
    /// <exception cref="PayloadLimitException">The arguments exceed <see cref="PayloadLimitException.MaxCharacters"/>.</exception>
    /// <exception cref="InvalidOperationException">Somebody else has a task run with the idempotency key, or too many runs wait to be
    /// started: try again later.</exception>
    Task<BackgroundTaskRun> DelayAsync<TClass>(
        Expression<Func<TClass, Task>> call,
        DelayOptions? options = null,
        CancellationToken cancellationToken = default
    );

    /// <summary>Has a task run in the background: returns when that is stored durably, and does not wait for the run.</summary>
    /// <typeparam name="TClass">The class of the task; the service provider builds it.</typeparam>
    /// <param name="call">One call of a task, as in <c>(ReportTasks tasks) => tasks.Load(path)</c>.</param>
    /// <param name="options">How it is run; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the wait; whether the run was created is unknown then.</param>
    /// <returns>The run.</returns>
    /// <exception cref="ArgumentException">
    /// The lambda is not one call of a task, or has a future as an argument; an option makes no sense.
    /// </exception>
    /// <exception cref="FlowRegistrationException">The called method is no registered task.</exception>
    /// <exception cref="PayloadLimitException">The arguments exceed <see cref="PayloadLimitException.MaxCharacters"/>.</exception>
    /// <exception cref="InvalidOperationException">Somebody else has a task run with the idempotency key, or too many runs wait to be
    /// started: try again later.</exception>
    Task<BackgroundTaskRun> DelayAsync<TClass>(
        Expression<Action<TClass>> call,
        DelayOptions? options = null,
        CancellationToken cancellationToken = default
    );

    /// <summary>A background task run of this app, of which the id is known: of another process, or from an earlier time.</summary>
    /// <typeparam name="T">The type of the run's value.</typeparam>
    /// <param name="taskRunId">The task run's id.</param>
    /// <returns>The run, which is looked for when it is used.</returns>
    BackgroundTaskRun<T> Get<T>(Guid taskRunId);

    /// <summary>A background task run of this app, of which the id is known: of another process, or from an earlier time.</summary>
    /// <param name="taskRunId">The task run's id.</param>
    /// <returns>The run, which is looked for when it is used.</returns>
    BackgroundTaskRun Get(Guid taskRunId);
}
