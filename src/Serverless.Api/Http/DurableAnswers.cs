using Microsoft.AspNetCore.Http;
using Serverless.Storage;

namespace Serverless.Api.Http;

/// <summary>What a handler writes waits for the disk once, before its answer: nobody outside has seen any of it until then.</summary>
internal sealed class DurableAnswers(IRowStore store) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        using var deferred = DeferredCommits.Begin();
        var answer = await next(context);
        await store.WhenDurableAsync();
        return answer;
    }
}
