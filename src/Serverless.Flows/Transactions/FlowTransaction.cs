using System.Text.Json;
using Microsoft.Extensions.Logging;
using Serverless.Core.States;
using Serverless.Flows.Binding;
using Serverless.Flows.Hosting;

namespace Serverless.Flows;

/// <summary>
/// Task runs that are kept or undone together: see
/// <see cref="FlowContext.TransactionAsync(Func{FlowTransaction, Task}, TransactionOptions)"/>. It is rolled back when its code throws, or
/// has called <see cref="RollBack"/>.
/// </summary>
public sealed class FlowTransaction
{
    private const int MostMarkedAtOnce = 100;

    private readonly IFlowEngine _engine;
    private readonly FlowTransaction? _parent;
    private readonly KeyedTransaction? _keyed;
    private readonly List<TransactionStep> _steps = [];

    /// <summary>This transaction, and those inside it that have ended well, as far as they have keys. The inner ones first.</summary>
    private readonly List<KeyedTransaction> _toEnd = [];
    private readonly Dictionary<string, JsonElement> _values = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private TaskCompletionSource? _idle;
    private int _open;
    private bool _isToRollBack;
    private bool _isRolledBack;
    private bool _isCommitted;

    internal FlowTransaction(IFlowEngine engine, FlowTransaction? parent, KeyedTransaction? keyed = null)
    {
        _engine = engine;
        _parent = parent;
        _keyed = keyed;
    }

    /// <summary>The key with which the transaction is done once; null for none.</summary>
    public string? Key => _keyed?.Options.Key;

    /// <summary>True once the transaction, and every one around it, has ended well and its commit hooks have been called.</summary>
    public bool IsCommitted => _parent is null ? _isCommitted : !_isRolledBack && _parent.IsCommitted;

    /// <summary>True once what completed in the transaction has been rolled back.</summary>
    public bool IsRolledBack => _isRolledBack || _parent?.IsRolledBack == true;

    /// <summary>
    /// Has the transaction rolled back when its code has ended, and those around it when theirs has. The code goes on: leave it by
    /// <c>return</c>.
    /// </summary>
    public void RollBack() => _isToRollBack = true;

    /// <summary>Keeps a value for the hooks (<see cref="HookContext.Get{T}"/>) and for transactions inside this one.</summary>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <param name="name">The value's name; it replaces one of the same name.</param>
    /// <param name="value">The value, which is written as JSON.</param>
    /// <exception cref="PayloadLimitException">It is too large.</exception>
    public void Set<T>(string name, T value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var json = BoundedJson.Write(value, FlowJson.Options.GetTypeInfo(typeof(T)), () => $"The value '{name}' of a transaction");
        _values[name] = JsonElement.Parse(json);
    }

    /// <summary>A value that was set in this transaction, or in one around it.</summary>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <param name="name">The value's name.</param>
    /// <returns>The value.</returns>
    /// <exception cref="KeyNotFoundException">No value of that name was set.</exception>
    public T Get<T>(string name) => TransactionValues.Get<T>(AllValues(), name);

    /// <summary>Runs the transaction's code, and ends the transaction as that ends.</summary>
    internal async Task<T> RunAsync<T>(TransactionScope scope, Func<FlowTransaction, Task<T>> body)
    {
        TaskCompletionSource ended = new();
        _engine.Transactions.HoldOpen(ended.Task);
        try
        {
            var result = await scope.RunAsync(this, body);
            if (_keyed is not null)
            {
                _keyed.ResultJson = BoundedJson.Write(
                    result,
                    FlowJson.Options.GetTypeInfo(typeof(T)),
                    () => $"The result of transaction '{Key}'"
                );
            }

            await EndAsync();
            return result;
        }
        catch
        {
            await RollBackAsync();
            throw;
        }
        finally
        {
            ended.SetResult();
        }
    }

    /// <summary>Whether this transaction, or one around it, has a key.</summary>
    internal bool Holds(string key) => Key == key || _parent?.Holds(key) == true;

    /// <summary>A call is made in the transaction, which does not end before the call does.</summary>
    internal void Hold(Task call)
    {
        if (!call.IsCompleted)
        {
            _ = HoldAsync(call);
        }
    }

    /// <summary>Watches a call of a task that is under way, also beyond the moment at which the run is stopped.</summary>
    internal Action<Task<IReadOnlyList<CallOutcome>>> Observe(TaskDefinition task) => outcomes => _ = NoteAsync(task, outcomes);

    /// <summary>The values of this transaction and those around it; null for none.</summary>
    internal IReadOnlyDictionary<string, JsonElement>? AllValues()
    {
        var outer = _parent?.AllValues();
        if (_values.Count == 0)
        {
            return outer;
        }

        Dictionary<string, JsonElement> all = outer is null
            ? new(StringComparer.Ordinal)
            : new(outer.AsEnumerable(), StringComparer.Ordinal);
        foreach (var (name, value) in _values)
        {
            all[name] = value;
        }

        return all;
    }

    private async Task EndAsync()
    {
        await WhenIdleAsync();
        if (_keyed is not null)
        {
            _toEnd.Add(_keyed);
        }

        if (_isToRollBack)
        {
            await RollBackAsync();
        }
        else if (_parent is not null)
        {
            // It commits, or is rolled back, with the one around it.
            _parent._steps.AddRange(_steps);
            _parent._toEnd.AddRange(_toEnd);
            _steps.Clear();
            _toEnd.Clear();
        }
        else
        {
            await CommitAsync();
        }
    }

    private async Task CommitAsync()
    {
        foreach (var step in _steps)
        {
            if (step.HooksFor(HookEvent.Commit) is { } hooks && !await _engine.Transactions.CallHooksAsync(hooks))
            {
                _engine.Logger.LogError("The transaction is rolled back, because a commit hook of {Task} failed.", step.Task);
                await RollBackAsync();
                return;
            }
        }

        await EndAllAsync(keyed => keyed.Committed);
        _isCommitted = true;
    }

    private async Task EndAllAsync(Func<KeyedTransaction, TransactionEnd> end)
    {
        foreach (var keyed in _toEnd)
        {
            await _engine.Transactions.EndAsync(end(keyed));
        }

        _toEnd.Clear();
    }

    /// <summary>Undoes what completed, the last first. What fails is in the run's log; the rest is undone all the same.</summary>
    private async Task RollBackAsync()
    {
        if (_parent is not null)
        {
            _parent._isToRollBack = true;
        }

        await WhenIdleAsync();
        _steps.Reverse();
        if (_steps.Count > 0)
        {
            _engine.Logger.LogInformation("Rolling back {Count} task run(s) of a transaction", _steps.Count);
        }

        foreach (var step in _steps)
        {
            if (step.HooksFor(HookEvent.Rollback) is { } hooks)
            {
                await _engine.Transactions.CallHooksAsync(hooks);
            }
        }

        foreach (var runs in _steps.Select(step => step.RunId).Chunk(MostMarkedAtOnce))
        {
            await _engine.Transactions.MarkRolledBackAsync(runs);
        }

        if (_keyed is not null && !_toEnd.Contains(_keyed))
        {
            _toEnd.Add(_keyed);
        }

        await EndAllAsync(keyed => keyed.RolledBack);
        _steps.Clear();
        _isRolledBack = true;
    }

    private Task HoldAsync(Task work)
    {
        lock (_lock)
        {
            _open++;
        }

        return WatchAsync();

        async Task WatchAsync()
        {
            await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            TaskCompletionSource? idle = null;
            lock (_lock)
            {
                if (--_open == 0)
                {
                    (idle, _idle) = (_idle, null);
                }
            }

            idle?.SetResult();
        }
    }

    private async Task NoteAsync(TaskDefinition task, Task<IReadOnlyList<CallOutcome>> calls)
    {
        var noted = NoteCompletedAsync();
        Hold(noted);
        await noted.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);

        async Task NoteCompletedAsync()
        {
            // What came from a cache is not this run's to undo.
            foreach (var outcome in (await calls).Where(call => call is { Type: StateType.Completed, StateName: not StateNames.Cached }))
            {
                lock (_lock)
                {
                    _steps.Add(new TransactionStep(this, task, outcome.RunId, outcome.StateId));
                }
            }
        }
    }

    /// <summary>Waits until no call of the transaction is open, or a stopped run does not wait for its calls any more.</summary>
    private async Task WhenIdleAsync()
    {
        while (true)
        {
            TaskCompletionSource idle;
            lock (_lock)
            {
                if (_open == 0)
                {
                    return;
                }

                idle = _idle ??= new TaskCompletionSource();
            }

            if (await Task.WhenAny(idle.Task, _engine.Transactions.GraceOver) != idle.Task)
            {
                return;
            }
        }
    }
}
