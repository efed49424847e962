using Azure.Core.Pipeline;

namespace Serverless.Storage.Azure.Tests.Fixtures;

/// <summary>Stands between a store and the service: counts what is sent and lets tests interfere.</summary>
public sealed class FaultHandler : DelegatingHandler
{
    private readonly Lock _lock = new();
    private readonly List<string> _sent = [];

    public FaultHandler()
        : base(new SocketsHttpHandler())
    {
        Transport = new HttpClientTransport(new HttpClient(this, disposeHandler: false));
    }

    public HttpClientTransport Transport { get; }

    /// <summary>Decides what becomes of a request; null lets all through.</summary>
    public Func<HttpRequestMessage, Fault>? OnRequest { get; set; }

    /// <summary>Lets requests of several stores take turns; null when they go as they come.</summary>
    public TurnTaker? Turns { get; set; }

    /// <summary>The requests that went out, as method and last part of the path.</summary>
    public IReadOnlyList<string> Sent
    {
        get
        {
            lock (_lock)
            {
                return [.. _sent];
            }
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _sent.Clear();
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var turn = Turns is { } turns ? await turns.TakeAsync() : null;
        var fault = OnRequest?.Invoke(request) ?? Fault.None;
        if (fault.Status is { } status)
        {
            HttpResponseMessage refused = new(status) { RequestMessage = request, Content = new StringContent(string.Empty) };
            if (fault.RetryAfter is { } retryAfter)
            {
                refused.Headers.Add("Retry-After", retryAfter);
            }

            return refused;
        }

        if (fault.Kind is FaultKind.NeverSent)
        {
            throw new HttpRequestException("The process is dead.");
        }

        lock (_lock)
        {
            _sent.Add($"{request.Method} {request.RequestUri!.AbsolutePath.Split('/')[^1]}");
        }

        var response = await base.SendAsync(request, cancellationToken);
        if (fault.Kind is FaultKind.NoAnswer)
        {
            response.Dispose();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }

        if (fault.Kind is FaultKind.AnswerLost)
        {
            response.Dispose();
            throw new HttpRequestException("The answer got lost.");
        }

        return response;
    }
}
