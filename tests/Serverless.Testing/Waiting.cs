namespace Serverless.Testing;

/// <summary>How long tests wait in real time.</summary>
public static class Waiting
{
    /// <summary>
    /// How long a test waits for what must come. It only has to end a test that would hang: several test processes and their hosts share
    /// two processors, and what takes milliseconds alone can take many seconds there.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
}
