using System.Globalization;
using Serverless.Server.Runs;
using Serverless.Storage.Columns;

namespace Serverless.Server.Queries;

/// <summary>Places in lists in the order of a time, as texts by which somebody goes on later.</summary>
internal static class TimePlaces
{
    /// <summary>The place of a hit.</summary>
    public static string Of(ColumnHit hit) => $"{RunKeys.Ticks((DateTimeOffset)hit.Place!)}|{hit.Key:N}";

    /// <summary>What comes after a place; everything if there is none.</summary>
    public static Criterion After(ColumnOrder order, string? place)
    {
        if (place?.Split('|') is not [var ticks, var id])
        {
            return Criterion.Everything;
        }

        DateTimeOffset time = new(long.Parse(ticks, NumberStyles.None, CultureInfo.InvariantCulture), TimeSpan.Zero);
        return order.After(new ColumnHit(Guid.ParseExact(id, "N"), time, null));
    }
}
