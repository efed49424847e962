using System.Globalization;
using System.Text;

namespace Azure.Data.Tables.Internal;

/// <summary>Takes the answer to an entity group transaction apart: multipart/mixed in multipart/mixed, each part an HTTP response.</summary>
internal static class TransactionReader
{
    public static List<Response> Read(Response response)
    {
        List<string> boundaries = [];
        AddBoundary(response.Headers.ContentType ?? "", boundaries);
        string[] lines = response.Content.ToString().Split('\n');
        List<Response> parts = [];
        int at = 0;
        while (at < lines.Length)
        {
            string line = lines[at++].TrimEnd('\r');
            if (line.StartsWith("Content-Type:", StringComparison.OrdinalIgnoreCase))
            {
                AddBoundary(line, boundaries);
            }
            else if (line.StartsWith("HTTP/1.1 ", StringComparison.Ordinal))
            {
                parts.Add(ReadPart(line, lines, ref at, boundaries));
            }
        }

        return parts;
    }

    private static TransactionPartResponse ReadPart(string statusLine, string[] lines, ref int at, List<string> boundaries)
    {
        Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase);
        while (at < lines.Length && lines[at].TrimEnd('\r') is { Length: > 0 } header)
        {
            at++;
            int colon = header.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
            {
                headers[header[..colon]] = header[(colon + 1)..].Trim();
            }
        }

        StringBuilder body = new();
        while (at < lines.Length && !StartsPart(lines[at], boundaries))
        {
            body.Append(lines[at++]).Append('\n');
        }

        string[] status = statusLine.Split(' ', 3);
        return new TransactionPartResponse(
            int.Parse(status[1], CultureInfo.InvariantCulture),
            status.Length > 2 ? status[2] : "",
            headers,
            new MemoryStream(Encoding.UTF8.GetBytes(body.ToString().Trim())));
    }

    private static bool StartsPart(string line, List<string> boundaries)
        => boundaries.Exists(boundary => line.StartsWith(boundary, StringComparison.Ordinal));

    private static void AddBoundary(string contentType, List<string> boundaries)
    {
        const string Name = "boundary=";
        int start = contentType.IndexOf(Name, StringComparison.OrdinalIgnoreCase);
        if (start >= 0)
        {
            boundaries.Add("--" + contentType[(start + Name.Length)..].Split(';')[0].Trim().Trim('"'));
        }
    }
}
