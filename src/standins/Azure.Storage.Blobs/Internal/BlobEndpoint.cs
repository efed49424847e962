using System.Globalization;
using System.Net;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Azure.Storage.Blobs.Internal;

/// <summary>One blob service: builds requests for it and sends them.</summary>
internal sealed class BlobEndpoint
{
    private readonly HttpPipeline _pipeline;
    private readonly string _version;

    public BlobEndpoint(Uri uri, string accountName, HttpPipelinePolicy authentication, BlobClientOptions options)
    {
        options ??= new BlobClientOptions();
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

    /// <summary>The address of a container, or of a blob in it.</summary>
    public Uri Locate(string container, string blob = null)
    {
        string path = $"{Uri.GetLeftPart(UriPartial.Path).TrimEnd('/')}/{Uri.EscapeDataString(container)}";
        return new Uri(blob is null ? path + Uri.Query : $"{path}/{string.Join('/', blob.Split('/').Select(Uri.EscapeDataString))}{Uri.Query}");
    }

    /// <summary>A request to a container or a blob.</summary>
    /// <param name="method">Its method.</param>
    /// <param name="uri">Its address.</param>
    /// <param name="expected">The statuses that are no failure, to the logs too.</param>
    public HttpMessage CreateMessage(RequestMethod method, Uri uri, params ReadOnlySpan<ushort> expected)
    {
        HttpMessage message = _pipeline.CreateMessage(context: null, new StatusCodeClassifier(expected));
        message.Request.Method = method;
        message.Request.Uri.Reset(uri);
        message.Request.Headers.Add("x-ms-version", _version);
        return message;
    }

    public async Task<Response> SendAsync(HttpMessage message, CancellationToken cancellationToken)
    {
        await _pipeline.SendAsync(message, cancellationToken);
        return message.Response.IsError ? throw Failure(message.Response) : message.Response;
    }

    /// <summary>Sends a request that may meet, as no failure, one of the given refusals; null then.</summary>
    public async Task<Response> SendUnlessAsync(HttpMessage message, CancellationToken cancellationToken, params string[] refusals)
    {
        Response response = await SendAsync(message, cancellationToken);
        if (response.Status < 400)
        {
            return response;
        }

        RequestFailedException failure = Failure(response);
        return refusals.Contains(failure.ErrorCode) ? null : throw failure;
    }

    public static void RefuseConditions(RequestConditions conditions)
    {
        if (conditions is not null)
        {
            throw new NotSupportedException("The stand-in of Azure.Storage.Blobs deletes without conditions only.");
        }
    }

    public static DateTimeOffset DateOf(string text)
        => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private static RequestFailedException Failure(Response response) => new(response, null, BlobErrorParser.Instance);
}
