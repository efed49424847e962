using Azure.Core;
using Azure.Core.Pipeline;

namespace Serverless.Storage.Azure.Wire;

/// <summary>Counts the tries of a request for <see cref="TryCounter"/>.</summary>
internal sealed class TryCounterPolicy : HttpPipelineSynchronousPolicy
{
    public static readonly TryCounterPolicy Instance = new();

    public override void OnSendingRequest(HttpMessage message) => TryCounter.Current?.Add();
}
