namespace Microsoft.Azure.Functions.Worker.Middleware;

/// <summary>The rest of the pipeline of an invocation.</summary>
#pragma warning disable CA1711, MA0095 // As published.
public delegate Task FunctionExecutionDelegate(FunctionContext context);
#pragma warning restore CA1711, MA0095
