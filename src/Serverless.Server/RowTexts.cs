using System.Text;
using Serverless.Storage;

namespace Serverless.Server;

/// <summary>Rows that carry one text, such as a result's JSON.</summary>
internal static class RowTexts
{
    public static RowProperties Of(string text) => new() { { RowDocs.Property, Encoding.UTF8.GetBytes(text) } };

    public static string Read(Row row) => Encoding.UTF8.GetString(row.Properties.GetBytes(RowDocs.Property));
}
