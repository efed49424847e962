using Serverless.Server.Queries;

namespace Serverless.Api.Tests.Http;

internal static class HeldMemory
{
    /// <summary>
    /// Waits until requests hold so many bytes. A client may have the whole answer a moment before the server is through with the request.
    /// </summary>
    public static async Task ShouldHoldAsync(this RequestMemory memory, long bytes)
    {
        for (var look = 0; look < 2_000 && memory.Held != bytes; look++)
        {
            await Task.Delay(5);
        }

        memory.Held.ShouldBe(bytes);
    }
}
