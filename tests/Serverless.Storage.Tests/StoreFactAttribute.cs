namespace Serverless.Storage.Tests.Contract;

/// <summary>A test of the contract; a store that needs more than this process can skip them.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class StoreFactAttribute : FactAttribute;
