using System.Globalization;
using Serverless.Core.Transitions;
using Serverless.Storage;

namespace Serverless.Server.Concurrency;

/// <summary>A lease as one property of a row: <c>{id}|{ticks of its end, or nothing}|{limit},{limit}</c>.</summary>
internal static class SlotLeaseText
{
    /// <summary>The property of a run's row that says which slots the run holds.</summary>
    public const string Property = "slots";

    public static string? Format(SlotLease? lease) =>
        lease is null
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"{lease.Id:N}|{lease.Expires?.UtcTicks}|{FormatIds(lease.LimitIds)}");

    /// <summary>What the run of a row holds; null for nothing.</summary>
    public static SlotLease? Read(Row row) => Parse(row.Properties.Get<string>(Property));

    public static SlotLease? Parse(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var parts = text.Split('|');
        DateTimeOffset? expires =
            parts[1].Length > 0 ? new DateTimeOffset(long.Parse(parts[1], CultureInfo.InvariantCulture), TimeSpan.Zero) : null;
        return new SlotLease(Guid.ParseExact(parts[0], "N"), ParseIds(parts[2]), expires);
    }

    public static string FormatIds(IReadOnlyList<Guid> ids) => string.Join(',', ids.Select(id => id.ToString("N")));

    public static IReadOnlyList<Guid> ParseIds(string text) => [.. text.Split(',').Select(id => Guid.ParseExact(id, "N"))];
}
