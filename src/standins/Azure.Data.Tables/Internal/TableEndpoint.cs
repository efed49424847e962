using System.Net;
using System.Text.Json;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Azure.Data.Tables.Internal;

/// <summary>One table service: builds requests for it and sends them.</summary>
internal sealed class TableEndpoint
{
    public const string Json = "application/json;odata=minimalmetadata";

    private readonly HttpPipeline _pipeline;
    private readonly string _version;

    public TableEndpoint(Uri uri, string accountName, HttpPipelinePolicy authentication, TableClientOptions options)
    {
        options ??= new TableClientOptions();
        Uri = uri;
        AccountName = accountName;
        _version = options.VersionText;
        _pipeline = HttpPipelineBuilder.Build(options, authentication);
    }

    public Uri Uri { get; }

    public string AccountName { get; }

    /// <summary>The account is the host's first label, or the path's first segment where the host is an address (emulator).</summary>
    public static string AccountOf(Uri uri)
        => uri.IsLoopback || IPAddress.TryParse(uri.Host, out _)
            ? uri.Segments.Length > 1 ? uri.Segments[1].Trim('/') : null
            : uri.Host.Split('.')[0];

    /// <summary>A request to a path below the endpoint.</summary>
    /// <param name="method">Its method.</param>
    /// <param name="path">Its path, escaped.</param>
    /// <param name="expected">The statuses that are no failure, to the logs too.</param>
    public HttpMessage CreateMessage(RequestMethod method, string path, params ReadOnlySpan<ushort> expected)
    {
        HttpMessage message = _pipeline.CreateMessage(context: null, new StatusCodeClassifier(expected));
        message.Request.Method = method;
        message.Request.Uri.Reset(Locate(path));
        message.Request.Headers.Add("x-ms-version", _version);
        message.Request.Headers.Add("DataServiceVersion", "3.0");
        message.Request.Headers.Add("Accept", Json);
        return message;
    }

    /// <summary>The address of a path below the endpoint.</summary>
    public Uri Locate(string path) => new($"{Uri.GetLeftPart(UriPartial.Path).TrimEnd('/')}/{path}{Uri.Query}");

    public async Task<Response> SendAsync(HttpMessage message, CancellationToken cancellationToken)
    {
        await _pipeline.SendAsync(message, cancellationToken);
        return message.Response.IsError ? throw Failure(message.Response) : message.Response;
    }

    public static RequestFailedException Failure(Response response) => new(response, null, TableErrorParser.Instance);

    /// <summary>The pages of a query, one request each.</summary>
    /// <param name="path">What is queried.</param>
    /// <param name="query">Parameters of every request.</param>
    /// <param name="continuationNames">Names of the parts of a continuation, in headers and in parameters.</param>
    /// <param name="read">Reads an item.</param>
    /// <param name="maxPerPage">Items on a page at most; null for the service's own limit.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public AsyncPageable<T> Query<T>(string path, (string Name, string Value)[] query, string[] continuationNames, Func<JsonElement, T> read, int? maxPerPage, CancellationToken cancellationToken)
        => new PagedQuery<T>(
            async (continuation, size, cancellation) =>
            {
                using HttpMessage message = CreateMessage(RequestMethod.Get, path, 200);
                foreach ((string name, string value) in query)
                {
                    if (value is not null)
                    {
                        message.Request.Uri.AppendQuery(name, value, escapeValue: true);
                    }
                }

                if (size is not null)
                {
                    message.Request.Uri.AppendQuery("$top", size.Value.ToString(System.Globalization.CultureInfo.InvariantCulture), escapeValue: true);
                }

                string[] parts = continuation is null or "" or " " ? [] : continuation.Split(' ', continuationNames.Length);
                for (int i = 0; i < parts.Length; i++)
                {
                    if (parts[i].Length > 0)
                    {
                        message.Request.Uri.AppendQuery(continuationNames[i], parts[i], escapeValue: true);
                    }
                }

                Response response = await SendAsync(message, cancellation);
                using JsonDocument document = JsonDocument.Parse(response.Content);
                List<T> items = [];
                foreach (JsonElement item in document.RootElement.GetProperty("value").EnumerateArray())
                {
                    items.Add(read(item));
                }

                string[] next = [.. continuationNames.Select(name => response.Headers.TryGetValue("x-ms-continuation-" + name, out string part) ? part : "")];
                return Page<T>.FromValues(items, next.All(part => part.Length == 0) ? null : string.Join(' ', next), response);
            },
            maxPerPage,
            cancellationToken);
}
