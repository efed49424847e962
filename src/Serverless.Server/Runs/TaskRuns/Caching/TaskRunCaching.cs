namespace Serverless.Server.Runs;

/// <summary>How the result of a task run is cached.</summary>
/// <param name="Key">The key under which the result is found, and under which it is stored.</param>
/// <param name="Refresh">True to run the task whatever is stored, and to store its result.</param>
/// <param name="Serializable">True to let one task run of the key execute at a time; the others wait for its result.</param>
public sealed record TaskRunCaching(string Key, bool Refresh = false, bool Serializable = false);
