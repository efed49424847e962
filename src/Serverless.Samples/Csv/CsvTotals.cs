using System.Runtime.InteropServices;

namespace Serverless.Samples.Csv;

/// <summary>Adds up rows and reports.</summary>
internal sealed class CsvTotals
{
    private readonly Dictionary<string, CsvGroup> _groups = new(StringComparer.Ordinal);
    private long _rows;

    /// <summary>Adds a row.</summary>
    /// <exception cref="OverflowException">The group's sum has too many digits for a decimal.</exception>
    internal void Add(string key, decimal number)
    {
        Add(new CsvGroup(key, 1, number, number, number));
        _rows++;
    }

    /// <summary>Adds the totals of a part.</summary>
    /// <exception cref="CsvReportException">A group's sum has too many digits for a decimal.</exception>
    internal void Add(CsvReport part)
    {
        foreach (var group in part.Groups)
        {
            try
            {
                Add(group);
            }
            catch (OverflowException exception)
            {
                throw new CsvReportException($"The sum of the group '{group.Key}' has too many digits for a decimal.", exception);
            }
        }

        _rows += part.Rows;
    }

    internal CsvReport ToReport() => new(_rows, [.. _groups.Values.OrderBy(group => group.Key, StringComparer.Ordinal)]);

    private void Add(CsvGroup group)
    {
        ref var total = ref CollectionsMarshal.GetValueRefOrAddDefault(_groups, group.Key, out _);
        total = total?.Plus(group) ?? group;
    }
}
