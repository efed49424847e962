using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Serverless.Server.Telemetry;

/// <summary>
/// Gives a span an id that was known before it is written. <see cref="Activity"/> draws its id itself; Durable Task sets the same field for
/// the same purpose, by reflection.
/// </summary>
internal static class SpanIds
{
    private static readonly bool CanSet = Probe();

    /// <summary>
    /// Sets the id; on a .NET that keeps it elsewhere the span has the one that it drew, and those below it name a parent that is not
    /// there.
    /// </summary>
    public static void Set(Activity span, ActivitySpanId id)
    {
        if (CanSet)
        {
            Field(span) = id.ToHexString();
        }
    }

    private static bool Probe()
    {
        try
        {
            return Field(new Activity("probe")) is null;
        }
        catch (MissingFieldException)
        {
            return false;
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_spanId")]
    private static extern ref string? Field(Activity span);
}
