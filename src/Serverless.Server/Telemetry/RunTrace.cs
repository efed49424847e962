using System.Buffers.Binary;
using System.Diagnostics;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Storage;

namespace Serverless.Server.Telemetry;

/// <summary>The trace of a flow run. Its row holds it, so that it continues after a restart and in another process.</summary>
/// <param name="Parent">The span under which the run was created (<see cref="TraceText"/>).</param>
/// <param name="Since">Since when the attempt of the run lasts that is under way; null between attempts.</param>
internal sealed record RunTrace(string Parent, DateTimeOffset? Since = null)
{
    private const string ParentProperty = "trace";
    private const string SinceProperty = "trace-since";

    public static RunTrace? Read(RowProperties properties) =>
        properties.Get<string>(ParentProperty) is { } parent ? new RunTrace(parent, properties.Get<DateTimeOffset?>(SinceProperty)) : null;

    public static void Add(RowProperties properties, RunTrace? trace)
    {
        properties.Add(ParentProperty, trace?.Parent);
        properties.Add(SinceProperty, trace?.Since);
    }

    /// <summary>
    /// What is to be stored with a state that the run enters. An attempt lasts from Running to an end or to the wait for the next one,
    /// pauses included.
    /// </summary>
    public RunTrace After(FlowRun run) =>
        run.State switch
        {
            { Type: StateType.Running, Timestamp: var entered } when Since is null => this with { Since = entered },
            { Type: StateType.Running or StateType.Paused or StateType.Cancelling } => this,
            _ => Since is null ? this : this with { Since = null },
        };

    /// <summary>
    /// The span of the attempt that is under way: its id follows from the run and from when the attempt began, so that all processes name
    /// the same.
    /// </summary>
    public ActivityContext SpanOf(Guid flowRunId)
    {
        var parent = TraceText.Parse(Parent);
        if (parent == default || Since is not { } since)
        {
            return parent;
        }

        Span<byte> id = stackalloc byte[16];
        flowRunId.TryWriteBytes(id, bigEndian: true, out _);
        var low = BinaryPrimitives.ReadUInt64BigEndian(id[8..]) ^ ((ulong)since.UtcTicks * 0x9E37_79B9_7F4A_7C15);
        BinaryPrimitives.WriteUInt64BigEndian(id, low == 0 ? 1 : low);
        return new ActivityContext(
            parent.TraceId,
            ActivitySpanId.CreateFromBytes(id[..8]),
            parent.TraceFlags,
            parent.TraceState,
            isRemote: true
        );
    }
}
