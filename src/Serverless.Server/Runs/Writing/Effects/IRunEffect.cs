using Serverless.Storage;

namespace Serverless.Server.Runs.Writing;

/// <summary>What one thing adds to the commit that changes a run.</summary>
/// <typeparam name="TChange">The kind of change.</typeparam>
internal interface IRunEffect<in TChange>
{
    /// <summary>Adds its operations; none when the change does not concern it.</summary>
    void AddTo(RowCommit commit, TChange change);
}
