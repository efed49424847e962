using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Azure.Core.Pipeline;
using Serverless.Storage.Azure;

namespace Serverless.Functions.Tests.Outbox;

/// <summary>A queue service that notes what it is sent.</summary>
internal sealed class QueueService : HttpMessageHandler
{
    private const string Sent =
        "<QueueMessagesList><QueueMessage><MessageId>1</MessageId><InsertionTime>Sat, 21 Nov 2026 06:00:00 "
        + "GMT</InsertionTime><ExpirationTime>Sat, 28 Nov 2026 06:00:00 "
        + "GMT</ExpirationTime><PopReceipt>p</PopReceipt><TimeNextVisible>Sat, 21 Nov 2026 06:00:00 "
        + "GMT</TimeNextVisible></QueueMessage></QueueMessagesList>";

    private readonly HttpClient _client;

    public QueueService()
    {
        _client = new HttpClient(this, disposeHandler: false);
        Account = AzureStorageAccount.Create(
            new AzureStorageOptions
            {
                ConnectionString =
                    "DefaultEndpointsProtocol=http;AccountName=account;AccountKey=AAAA;BlobEndpoint=http://127.0.0.1:1/account;"
                    + "QueueEndpoint=http://127.0.0.1:1/account;TableEndpoint=http://127.0.0.1:1/account",
                Transport = new HttpClientTransport(_client),
            }
        );
    }

    /// <summary>An account whose every request comes here.</summary>
    public AzureStorageAccount Account { get; }

    /// <summary>The status of every answer.</summary>
    public HttpStatusCode Answer { get; init; } = HttpStatusCode.Created;

    public ConcurrentQueue<(HttpMethod Method, string Path, string Body)> Requests { get; } = [];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? string.Empty : await request.Content.ReadAsStringAsync(cancellationToken);
        Requests.Enqueue((request.Method, request.RequestUri!.AbsolutePath, body));
        return new HttpResponseMessage(Answer)
        {
            RequestMessage = request,
            Content = new StringContent(
                Answer == HttpStatusCode.Created && request.Method == HttpMethod.Post ? Sent : string.Empty,
                Encoding.UTF8,
                "application/xml"
            ),
        };
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _client.Dispose();
        }

        base.Dispose(disposing);
    }
}
