using System.Collections.Frozen;
using System.IO.Compression;
using System.Security.Cryptography;

namespace Serverless.Web.Assets;

/// <summary>The style sheet and the scripts, which are resources of this assembly.</summary>
internal static class AssetFiles
{
    /// <summary>What the SHA-384 of htmx's one file is: that of <c>dist/htmx.min.js</c> in the npm package htmx.org 2.0.11.</summary>
    public const string HtmxIntegrity = "sha384-2OatzQy1H+Zd/IIrjr1TcuDGqLXeHhbooAyJY1KdQMKnr4LZ22k31GBLdYKHmVjg";

    private const string Prefix = "assets/";

    private static readonly FrozenDictionary<string, AssetFile> ByName = Read().ToFrozenDictionary(file => file.Name);
    private static readonly FrozenDictionary<string, AssetFile> ByAddress = ByName.Values.ToFrozenDictionary(file => file.Address);

    /// <summary>All of them.</summary>
    public static IEnumerable<AssetFile> All => ByName.Values;

    /// <summary>A file by its name.</summary>
    public static AssetFile Get(string name) => ByName[name];

    /// <summary>A file by the end of its address; null when there is none.</summary>
    public static AssetFile? Find(string address) => ByAddress.GetValueOrDefault(address);

    private static IEnumerable<AssetFile> Read()
    {
        var assembly = typeof(AssetFiles).Assembly;
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            using MemoryStream content = new();
            stream.CopyTo(content);
            yield return Of(resource[Prefix.Length..], content.ToArray());
        }
    }

    private static AssetFile Of(string name, byte[] content)
    {
        var digest = SHA384.HashData(content);
        var extension = Path.GetExtension(name);
        using MemoryStream compressed = new();
        using (BrotliStream brotli = new(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            brotli.Write(content);
        }

        return new AssetFile(
            name,
            $"{Path.GetFileNameWithoutExtension(name)}.{Convert.ToHexStringLower(digest.AsSpan(0, 8))}{extension}",
            extension switch
            {
                ".css" => "text/css; charset=utf-8",
                ".js" => "text/javascript; charset=utf-8",
                ".svg" => "image/svg+xml",
                _ => "text/plain; charset=utf-8",
            },
            $"sha384-{Convert.ToBase64String(digest)}",
            content,
            compressed.ToArray()
        );
    }
}
