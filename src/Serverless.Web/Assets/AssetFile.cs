namespace Serverless.Web.Assets;

/// <summary>A file that browsers fetch once: its address changes with its content.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Address">The end of its address, with a hash of the content.</param>
/// <param name="ContentType">What it is.</param>
/// <param name="Integrity">What a browser checks it against.</param>
/// <param name="Plain">The content.</param>
/// <param name="Compressed">The content, compressed with Brotli.</param>
internal sealed record AssetFile(string Name, string Address, string ContentType, string Integrity, byte[] Plain, byte[] Compressed);
