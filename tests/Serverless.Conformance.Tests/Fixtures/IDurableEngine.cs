using Microsoft.DurableTask.Client;

namespace Serverless.Conformance.Tests.Fixtures;

/// <summary>An engine that runs the scripts of this assembly.</summary>
public interface IDurableEngine
{
    /// <summary>True for the engine of this project, false for DurableTask's own.</summary>
    bool IsOurs { get; }

    DurableTaskClient Client { get; }

    /// <summary>
    /// Has all orchestrations go on from their history. DurableTask's engine does so at every turn; ours keeps them in memory and does so
    /// when a new process takes over.
    /// </summary>
    Task ReplayAsync();
}
