using System.Text;

namespace Serverless.Storage.Tests.Contract;

/// <summary>The order of keys: by partition, then by row, by UTF-8 bytes.</summary>
internal sealed class Utf8Order : IComparer<(string Partition, string Row)>
{
    public int Compare((string Partition, string Row) x, (string Partition, string Row) y)
    {
        var order = CompareKeys(x.Partition, y.Partition);
        return order != 0 ? order : CompareKeys(x.Row, y.Row);
    }

    public static int CompareKeys(string x, string y) => Encoding.UTF8.GetBytes(x).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y));
}
