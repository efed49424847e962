using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Serverless.Core.Filters;
using Serverless.Server.Events;

namespace Serverless.Web.Live;

/// <summary>
/// Tells a page that something has happened, as server-sent events: not what, the page asks for that itself. Bursts are told once in a
/// while, so that a run of thousands of task runs does not make the browser ask thousands of times.
/// </summary>
internal static class ChangeStream
{
    /// <summary>The most pages that may listen at one time; the others ask by the clock.</summary>
    public const int MostListeners = 200;

    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(700);
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(20);
    private static int _listeners;

    public static void MapChanges(this IEndpointRouteBuilder pages) => pages.MapGet("/changes", Listen);

    private static IResult Listen(HttpContext http, LiveEvents events, TimeProvider time, IHostApplicationLifetime lifetime, Guid? run)
    {
        return Volatile.Read(ref _listeners) >= MostListeners
            ? TypedResults.StatusCode(StatusCodes.Status503ServiceUnavailable)
            : TypedResults.ServerSentEvents(TellAsync(events, run, time, lifetime.ApplicationStopping, http.RequestAborted));
    }

    private static async IAsyncEnumerable<string> TellAsync(
        LiveEvents events,
        Guid? run,
        TimeProvider time,
        CancellationToken stopping,
        [EnumeratorCancellation] CancellationToken aborted
    )
    {
        Interlocked.Increment(ref _listeners);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, aborted);
        try
        {
            var id = run is { } known ? Encoding.ASCII.GetBytes(known.ToString()) : null;
            using var follower = events.Follow(new EventFilter(), backfill: false);
            yield return "hello";
            while (!either.IsCancellationRequested)
            {
                var hasChanged = await WaitAsync(follower, time, either.Token);
                var isMine = false;
                while (hasChanged && follower.TryTake() is { } happened)
                {
                    isMine |= id is null || happened.Message.Span.IndexOf(id) >= 0;
                }

                if (isMine || !hasChanged)
                {
                    yield return isMine ? "changed" : "idle";
                }

                await RestAsync(time, either.Token);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _listeners);
        }
    }

    /// <summary>Whether something happened, before it is time to show that the connection lives.</summary>
    private static async Task<bool> WaitAsync(LiveEventFollower follower, TimeProvider time, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var happened = follower.WaitAsync(over.Token);
        var first = await Task.WhenAny(happened, Task.Delay(KeepAlive, time, over.Token));
        await over.CancelAsync();
        return first == happened && happened.IsCompletedSuccessfully;
    }

    private static async Task RestAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(Rest, time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The loop ends by itself.
        }
    }
}
