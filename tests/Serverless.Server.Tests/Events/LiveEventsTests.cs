using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Server.Events;
using Serverless.Testing;

namespace Serverless.Server.Tests.Events;

public sealed class LiveEventsTests : IDisposable
{
    private readonly ManualTimeProvider time = new();
    private readonly LiveEvents events;

    public LiveEventsTests() => events = new LiveEvents(time);

    public void Dispose() => events.Dispose();

    [Fact]
    public void Add_NobodyFollows_KeepsNothing()
    {
        events.Add(Named("before"));
        using var follower = events.Follow(new EventFilter(), backfill: true);
        events.Add(Named("after"));

        Taken(follower).ShouldBe(["after"]);
    }

    [Fact]
    public void Follow_Later_GetsWhatIsKeptIfItWants()
    {
        using var first = events.Follow(new EventFilter(), backfill: true);
        events.Add(Named("a"));
        using var second = events.Follow(new EventFilter(), backfill: true);
        using var third = events.Follow(new EventFilter(), backfill: false);
        events.Add(Named("b"));

        Taken(first).ShouldBe(["a", "b"]);
        Taken(second).ShouldBe(["a", "b"]);
        Taken(third).ShouldBe(["b"]);
        events.Followers.ShouldBe(3);
    }

    [Fact]
    public void Add_NotTaken_KeepsTheLatestAndNoMore()
    {
        using var follower = events.Follow(new EventFilter(), backfill: true);
        for (var i = 0; i < LiveEvents.MostEvents + 10; i++)
        {
            events.Add(Named($"{i}"));
        }

        Taken(follower).ShouldBe(Enumerable.Range(10, LiveEvents.MostEvents).Select(i => $"{i}"));
        events.Add(Named("later"));
        Taken(follower).ShouldBe(["later"]);
    }

    [Fact]
    public void Add_LongEvents_KeepsTheLatestThatFit()
    {
        const int Long = 1024 * 1024;
        using var follower = events.Follow(new EventFilter(), backfill: true);
        for (var i = 0; i < 20; i++)
        {
            events.Add(Named($"{i}", new string('x', Long)));
        }

        Taken(follower).ShouldBe(Enumerable.Range(13, 7).Select(i => $"{i}"));
    }

    [Fact]
    public void Add_LongerThanAllThatIsKept_IsTheOnlyOne()
    {
        using var follower = events.Follow(new EventFilter(), backfill: true);
        events.Add(Named("a"));
        events.Add(Named("b", new string('x', LiveEvents.MostBytes + 1)));
        events.Add(Named("c"));

        Taken(follower).ShouldBe(["c"]);
    }

    [Fact]
    public void Follow_OldEvents_AreNotSent()
    {
        using var follower = events.Follow(new EventFilter(), backfill: true);
        events.Add(Named("old") with { Occurred = time.GetUtcNow() - LiveEvents.LongestBackfill - TimeSpan.FromTicks(10) });
        events.Add(Named("new") with { Occurred = time.GetUtcNow() - LiveEvents.LongestBackfill });

        Taken(follower).ShouldBe(["new"]);
    }

    [Fact]
    public void Dispose_LastFollower_EventsAreKeptForTwoMinutes()
    {
        events.Follow(new EventFilter(), backfill: true).Dispose();
        time.Advance(LiveEvents.Patience - TimeSpan.FromSeconds(1));
        events.Add(Named("meanwhile"));
        using (var again = events.Follow(new EventFilter(), backfill: true))
        {
            Taken(again).ShouldBe(["meanwhile"]);
            time.Advance(LiveEvents.Patience * 2);
            events.IsWatched.ShouldBeTrue();
        }

        time.Advance(LiveEvents.Patience);
        events.IsWatched.ShouldBeFalse();
        using var late = events.Follow(new EventFilter(), backfill: true);
        Taken(late).ShouldBeEmpty();
    }

    [Fact]
    public void Watch_NobodyFollowed_EndsAtOnce()
    {
        var watch = events.Watch();
        using (events.Watch())
        {
            events.IsWatched.ShouldBeTrue();
        }

        watch.Dispose();
        watch.Dispose();

        events.IsWatched.ShouldBeFalse();
    }

    [Fact]
    public async Task Wait_UntilThereIsOne_Completes()
    {
        using var follower = events.Follow(new EventFilter(), backfill: true);
        var waiting = follower.WaitAsync(CancellationToken.None);
        waiting.IsCompleted.ShouldBeFalse();

        events.Add(Named("a"));

        await waiting.WaitAsync(Waiting.Patience);
        follower.WaitAsync(CancellationToken.None).IsCompleted.ShouldBeTrue();
        Taken(follower).ShouldBe(["a"]);
        follower.WaitAsync(CancellationToken.None).IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Follow_ManyAddAndTakeAtOnce_EachGetsAllInOneOrder()
    {
        const int Each = 1_000;
        using var first = events.Follow(new EventFilter(), backfill: true);
        using var second = events.Follow(new EventFilter(), backfill: true);
        async Task<List<string>> TakeAsync(LiveEventFollower follower)
        {
            List<string> names = [];
            while (names.Count < Each * 4)
            {
                await follower.WaitAsync(CancellationToken.None).WaitAsync(Waiting.Patience);
                names.AddRange(Taken(follower));
            }

            return names;
        }

        var taken = Task.WhenAll(Task.Run(() => TakeAsync(first)), Task.Run(() => TakeAsync(second)));
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 4),
            (writer, _) =>
            {
                for (var i = 0; i < Each; i++)
                {
                    events.Add(Named($"{writer}-{i}"));
                }

                return default;
            }
        );

        var lists = await taken;
        lists[0].ShouldBe(lists[1]);
        for (var writer = 0; writer < 4; writer++)
        {
            lists[0].Where(name => name[0] == (char)('0' + writer)).ShouldBe(Enumerable.Range(0, Each).Select(i => $"{writer}-{i}"));
        }
    }

    private Event Named(string name, string text = "") =>
        new()
        {
            Id = Guid.NewGuid(),
            Occurred = time.GetUtcNow(),
            Name = name,
            Resource = new Dictionary<string, string> { [Event.ResourceId] = "r", ["text"] = text },
        };

    private static List<string> Taken(LiveEventFollower follower)
    {
        List<string> names = [];
        while (follower.TryTake() is { } next)
        {
            names.Add(next.Event.Name);
        }

        return names;
    }
}
