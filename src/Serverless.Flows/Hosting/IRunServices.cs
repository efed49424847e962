namespace Serverless.Flows.Hosting;

/// <summary>
/// What the code of flows and tasks may ask of the server. Authors use <see cref="RunArtifacts"/> and <see cref="RunVariables"/>.
/// </summary>
public interface IRunServices
{
    /// <summary>Writes an artifact of the run.</summary>
    /// <param name="artifact">The artifact.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Its id.</returns>
    Task<Guid> CreateArtifactAsync(ArtifactRequest artifact, CancellationToken cancellationToken);

    /// <summary>Changes an artifact; one that is there no longer stays away.</summary>
    /// <param name="change">The artifact and what becomes of it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task UpdateArtifactAsync(ArtifactChange change, CancellationToken cancellationToken);

    /// <summary>The JSON of a variable's value; null when there is no such variable.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<string?> GetVariableAsync(string name, CancellationToken cancellationToken);

    /// <summary>Sets a variable; false when there is one already that may not be overwritten.</summary>
    /// <param name="variable">The variable.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<bool> SetVariableAsync(VariableRequest variable, CancellationToken cancellationToken);

    /// <summary>Deletes a variable; false when there is none.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<bool> DeleteVariableAsync(string name, CancellationToken cancellationToken);
}
