namespace Serverless.Flows.Hosting;

/// <summary>A transaction with a key that begins. A task run stands for it.</summary>
/// <param name="Key">The key of that task run, under which the transaction's result is found and kept.</param>
/// <param name="DynamicKey">The zero-based number of the transaction of this key in the run.</param>
/// <param name="Overwrite">True to run it whatever result is kept.</param>
/// <param name="Serializable">True to wait for another transaction of this key.</param>
public sealed record TransactionCall(string Key, int DynamicKey, bool Overwrite, bool Serializable);
