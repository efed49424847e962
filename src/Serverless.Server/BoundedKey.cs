using System.Security.Cryptography;
using System.Text;
using Serverless.Storage;

namespace Serverless.Server;

/// <summary>Row keys from texts of any length: a long one is replaced by its hash (a key of Azure Tables holds 1 KiB).</summary>
internal static class BoundedKey
{
    private const int LongestKept = 200;

    /// <summary>What stands before the text in the longest of the keys.</summary>
    private const int LongestPrefix = 16;

    public static string From(string text) =>
        text.Length <= LongestKept && RowAddress.KeyLength(text) <= RowAddress.MaxKeyLength - LongestPrefix
            ? "k|" + text
            : "h|" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
