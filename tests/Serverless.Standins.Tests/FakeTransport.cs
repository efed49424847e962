using Azure.Core;
using Azure.Core.Pipeline;

namespace Serverless.Standins.Tests;

/// <summary>Answers requests in place of a service, and notes them.</summary>
internal sealed class FakeTransport(Func<Request, int, FakeResponse> answer) : HttpPipelineTransport
{
    /// <summary>Of each request: method, address and headers.</summary>
    public List<(string Method, Uri Uri, Dictionary<string, string> Headers)> Requests { get; } = [];

    public override Request CreateRequest() => HttpClientTransport.Shared.CreateRequest();

    public override void Process(HttpMessage message)
    {
        Request request = message.Request;
        Requests.Add((request.Method.ToString(), request.Uri.ToUri(), request.Headers.ToDictionary(header => header.Name, header => header.Value, StringComparer.OrdinalIgnoreCase)));
        FakeResponse response = answer(request, Requests.Count);
        response.ClientRequestId = request.ClientRequestId;
        message.Response = response;
    }

    public override ValueTask ProcessAsync(HttpMessage message)
    {
        Process(message);
        return ValueTask.CompletedTask;
    }
}
