using Serverless.Flows.Hosting;

namespace Serverless.Flows;

/// <summary>The value of a task cannot be read from its result storage.</summary>
public sealed class StoredResultException : Exception
{
    private StoredResultException(string message)
        : base(message) { }

    /// <summary>The exception with which an activity answered.</summary>
    /// <param name="message">What is wrong, and where.</param>
    /// <returns>The exception.</returns>
    public static StoredResultException Of(string message) => new(message);

    internal static StoredResultException Of(StoredResult stored, string reason) =>
        new(
            $"The value of task '{stored.TaskKey}' cannot be read from result storage '{stored.Storage}', key '{stored.StorageKey}': "
                + $"{reason}."
        );
}
