using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>
/// Flow runs as this process has read or written them last, each in the place that its id gives. Whoever takes one from here writes only
/// in a commit that fails if the run is not like that any more, and reads the run before it says no.
/// </summary>
internal sealed class RecentFlowRuns
{
    /// <summary>Bytes of a run that is worth keeping.</summary>
    private const int KeptBytes = 16 * 1024;

    private readonly StoredFlowRun?[] _places = new StoredFlowRun?[512];

    /// <summary>The run as it was last; null when it is not known here.</summary>
    public StoredFlowRun? Find(Guid flowRunId) =>
        Volatile.Read(ref _places[PlaceOf(flowRunId)]) is { } known && known.Run.Id == flowRunId ? known : null;

    /// <summary>Keeps a run unless it is large.</summary>
    /// <param name="run">The run as it is stored.</param>
    /// <param name="properties">Its row.</param>
    public void Keep(StoredFlowRun run, RowProperties properties)
    {
        var isSmall = properties.GetBytes(RowDocs.Property).Length <= KeptBytes;
        Volatile.Write(ref _places[PlaceOf(run.Run.Id)], isSmall ? run : null);
    }

    private int PlaceOf(Guid flowRunId) => (int)((uint)flowRunId.GetHashCode() % (uint)_places.Length);
}
