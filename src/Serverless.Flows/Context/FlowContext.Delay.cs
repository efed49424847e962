using System.Linq.Expressions;
using Serverless.Flows.Calls;

namespace Serverless.Flows;

public sealed partial class FlowContext
{
    /// <summary>
    /// Has a task run in the background: it belongs to nobody, and goes on when this flow ends or is cancelled. A flow that wants the value
    /// calls the task by <see cref="Submit{T}(Expression{Func{Task{T}}}, CallOptions?)"/>.
    /// </summary>
    /// <param name="call">One call of a task, as in <c>() => Send(mail)</c>. It waits for the futures in it.</param>
    /// <param name="options">How it is run; null for the defaults.</param>
    /// <returns>The task run's id. A replay gets the same one; the next attempt of a flow asks for a run of its own.</returns>
    /// <exception cref="ArgumentException">The lambda is not one call of a task, or an option makes no sense.</exception>
    /// <exception cref="FlowRegistrationException">The called method is not registered.</exception>
    /// <exception cref="PayloadLimitException">The arguments exceed <see cref="PayloadLimitException.MaxCharacters"/>.</exception>
    /// <exception cref="RunException">A run whose future is an argument did not complete.</exception>
    /// <exception cref="InvalidOperationException">Somebody else has a task run with the idempotency key.</exception>
    /// <exception cref="OperationCanceledException">The flow run is being cancelled.</exception>
    public Task<Guid> DelayAsync(Expression<Action> call, DelayOptions? options = null) => DelayOf(call, options);

    /// <inheritdoc cref="DelayAsync(Expression{Action}, DelayOptions?)"/>
    public Task<Guid> DelayAsync(Expression<Func<Task>> call, DelayOptions? options = null) => DelayOf(call, options);

    /// <inheritdoc cref="DelayAsync(Expression{Action}, DelayOptions?)"/>
    /// <typeparam name="TClass">The class of the task; the service provider builds it.</typeparam>
    public Task<Guid> DelayAsync<TClass>(Expression<Func<TClass, Task>> call, DelayOptions? options = null) => DelayOf(call, options);

    /// <inheritdoc cref="DelayAsync(Expression{Action}, DelayOptions?)"/>
    /// <typeparam name="TClass">The class of the task; the service provider builds it.</typeparam>
    public Task<Guid> DelayAsync<TClass>(Expression<Action<TClass>> call, DelayOptions? options = null) => DelayOf(call, options);

    private Task<Guid> DelayOf(LambdaExpression call, DelayOptions? options)
    {
        options ??= new DelayOptions();
        options.Check(_engine.UtcNow);
        return _steps.Wait(_calls.StartDelayed(call, options), BodySteps.Failure);
    }
}
