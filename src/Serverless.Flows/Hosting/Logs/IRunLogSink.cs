namespace Serverless.Flows.Hosting;

/// <summary>Takes the records that runs log. Must not block for long and must not throw; called from any thread.</summary>
public interface IRunLogSink
{
    /// <summary>Takes one record.</summary>
    /// <param name="entry">The record.</param>
    void Write(RunLogEntry entry);
}
