using System.Text;
using System.Text.RegularExpressions;

namespace Serverless.Benchmarks.Cost;

/// <summary>Tells from a request and its answer what was asked of the storage account.</summary>
internal static partial class StorageCallReader
{
    /// <param name="service">table, queue or blob.</param>
    /// <param name="method">The HTTP method.</param>
    /// <param name="path">The path behind the account's name.</param>
    /// <param name="query">The decoded query string.</param>
    /// <param name="request">The request's body.</param>
    /// <param name="answer">The answer's body.</param>
    /// <param name="status">The answer's HTTP status.</param>
    public static StorageCall Read(string service, string method, string path, string query, byte[] request, byte[] answer, int status)
    {
        (var operation, var target, var entities, var scans) = service switch
        {
            "table" => Table(method, path, query, request, answer),
            "queue" => (Queue(method, path), path.Split('/')[0], 0, false),
            _ => (method.ToLowerInvariant(), path.Split('/')[0], 0, false),
        };
        var row = Key().Match(path == "$batch" ? Encoding.UTF8.GetString(request) : path);
        return new StorageCall(service, operation, target, row.Groups["key"].Value, entities, scans, request.Length, answer.Length, status);
    }

    private static (string Operation, string Target, int Entities, bool Scans) Table(
        string method,
        string path,
        string query,
        byte[] request,
        byte[] answer
    )
    {
        if (path == "$batch")
        {
            var body = Encoding.UTF8.GetString(request);
            var writes = Write().Matches(body);
            return ("transaction", writes.Count > 0 ? writes[0].Groups["table"].Value : path, writes.Count, false);
        }

        var table = path.Split('(')[0];
        if (method != "GET")
        {
            return (method.ToLowerInvariant(), table, table == "Tables" ? 0 : 1, false);
        }

        return Point().IsMatch(path)
            ? ("get", table, 1, false)
            : ("query", table, Row().Count(Encoding.UTF8.GetString(answer)), !query.Contains("PartitionKey eq ", StringComparison.Ordinal));
    }

    private static string Queue(string method, string path) =>
        (method, path.EndsWith("/messages", StringComparison.Ordinal)) switch
        {
            ("GET", true) => "receive",
            ("POST", true) => "send",
            ("DELETE", _) => "delete",
            _ => method.ToLowerInvariant(),
        };

    [GeneratedRegex(
        @"^(?:POST|PUT|PATCH|MERGE|DELETE) https?://[^/]+/(?:devstoreaccount1/)?(?<table>[A-Za-z0-9]+)",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        1000
    )]
    private static partial Regex Write();

    [GeneratedRegex(@"\(PartitionKey='", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Point();

    [GeneratedRegex(@"PartitionKey=(?:'|%27)(?<key>[^'%]*)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Key();

    [GeneratedRegex("\"RowKey\":", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Row();
}
