using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Server.Logs;
using Serverless.Server.Queries;

namespace Serverless.Server.Tests.Logs;

public sealed class LiveLogsTests
{
    private readonly RequestMemory memory = new(10_000_000);

    [Fact]
    public void Publish_NotTaken_KeepsTheFirstLinesAndNoMore()
    {
        LiveLogs logs = new(memory);
        using var slow = logs.Follow(new LogFilter());
        using var fast = logs.Follow(new LogFilter());
        for (var i = 0; i < LiveLog.MostLines + 10; i++)
        {
            logs.Publish([Line($"{i}")]);
            fast.TryTake().ShouldNotBeNull().Message.ShouldBe($"{i}");
        }

        Taken(slow).Select(line => line.Message).ShouldBe(Enumerable.Range(0, LiveLog.MostLines).Select(i => $"{i}"));
        memory.Held.ShouldBe(0);
        logs.Publish([Line("later")]);
        slow.TryTake().ShouldNotBeNull().Message.ShouldBe("later");
    }

    [Fact]
    public void Publish_LongLines_TakeNoMoreThanAMebibyte()
    {
        LiveLogs logs = new(memory);
        using var slow = logs.Follow(new LogFilter());
        logs.Publish(Enumerable.Repeat(Line(new string('x', RunLogs.LongestMessage)), 100));

        memory.Held.ShouldBeInRange(LiveLog.MostBytes - 40_000, LiveLog.MostBytes);
        slow.Dispose();
        memory.Held.ShouldBe(0);
        logs.Count.ShouldBe(0);
    }

    [Fact]
    public void Publish_RequestsNeedTheMemory_LineIsMissed()
    {
        LiveLogs logs = new(memory);
        using var follower = logs.Follow(new LogFilter());
        using (var requests = memory.Open())
        {
            requests.Take(memory.Limit);
            logs.Publish([Line("missed")]);
        }

        logs.Publish([Line("seen")]);

        Taken(follower).ShouldHaveSingleItem().Message.ShouldBe("seen");
    }

    private static List<Log> Taken(LiveLog follower)
    {
        List<Log> lines = [];
        while (follower.TryTake() is { } line)
        {
            lines.Add(line);
        }

        return lines;
    }

    private static Log Line(string message) =>
        new()
        {
            Id = Guid.NewGuid(),
            Name = "n",
            Level = 20,
            Message = message,
            Timestamp = DateTimeOffset.UnixEpoch,
        };
}
