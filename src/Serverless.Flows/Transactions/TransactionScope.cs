namespace Serverless.Flows;

/// <summary>The transaction in which calls are made. It follows the code of the body through its awaits, and no other code.</summary>
internal sealed class TransactionScope
{
    private readonly AsyncLocal<FlowTransaction?> _current = new();

    /// <summary>The transaction here; null for none.</summary>
    internal FlowTransaction? Current => _current.Value;

    /// <summary>Runs code in a transaction. Set in an async method, so that the caller's flow of execution never sees it.</summary>
    internal async Task<T> RunAsync<T>(FlowTransaction transaction, Func<FlowTransaction, Task<T>> body)
    {
        _current.Value = transaction;
        return await body(transaction);
    }
}
