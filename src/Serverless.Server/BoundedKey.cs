using System.Security.Cryptography;
using System.Text;

namespace Serverless.Server;

/// <summary>Row keys from texts of any length: a long one is replaced by its hash (a key of Azure Tables holds 1 KiB).</summary>
internal static class BoundedKey
{
    private const int LongestKept = 200;

    public static string From(string text) =>
        text.Length <= LongestKept ? "k|" + text : "h|" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
