using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Host.Logging;
using Serverless.Storage;
using Serverless.Testing;
using Shouldly;
using Xunit;

namespace Serverless.Host.Tests.Logging;

public sealed class LogRepeatsTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly StringWriter _counts = new();
    private readonly LogRepeats _repeats;

    public LogRepeatsTests() => _repeats = new(_time, _counts);

    public void Dispose()
    {
        _repeats.Dispose();
        _counts.Dispose();
    }

    [Fact]
    public void Next_TenThousandOfAKind_ShowsThreeAndWritesHowManyMore()
    {
        LogRepeat[] all = [.. Enumerable.Range(0, 10_000).Select(_ => _repeats.Next(new("store", 1, typeof(IOException))))];

        all.Count(repeat => repeat != LogRepeat.Counted).ShouldBe(LogRepeats.Shown);
        all[0].ShouldBe(LogRepeat.First);
        _counts.ToString().ShouldBeEmpty();
        _time.Advance(LogRepeats.Window);
        _counts.ToString().Trim().ShouldBe("9,997 more of store[1] (IOException) within 10 s");
    }

    [Fact]
    public void Next_OtherKindsAndTheNextWindow_AreShown()
    {
        for (var i = 0; i < 10; i++)
        {
            _repeats.Next(new("store", 1, null));
        }

        _repeats.Next(new("store", 2, null)).ShouldBe(LogRepeat.First);
        _repeats.Next(new("other", 1, null)).ShouldBe(LogRepeat.First);
        _repeats.Next(new("store", 1, typeof(IOException))).ShouldBe(LogRepeat.First);
        _time.Advance(LogRepeats.Window);
        _repeats.Next(new("store", 1, null)).ShouldBe(LogRepeat.First);
    }

    [Fact]
    public void Dispose_WithCounts_WritesThem()
    {
        for (var i = 0; i < 5; i++)
        {
            _repeats.Next(new("store", 1, null));
        }

        _repeats.Dispose();

        _counts.ToString().ShouldContain("2 more of store[1]");
    }

    [Fact]
    public void Write_Repeated_ShowsTheStackOnce()
    {
        HostLogFormatter formatter = new(_repeats);
        var error = Thrown(new InvalidOperationException("broken"));

        var first = Write(formatter, error);
        var second = Write(formatter, error);

        first.ShouldStartWith("fail: store[7]");
        first.ShouldContain("   at ");
        second.ShouldContain("InvalidOperationException: broken");
        second.ShouldNotContain("   at ");
    }

    [Fact]
    public void Write_TroubleOfTheStore_IsShownWithoutAStack()
    {
        HostLogFormatter formatter = new(_repeats);

        Write(formatter, Thrown(new RowStoreUnavailableException("full"))).Trim().Split('\n').Length.ShouldBe(3);
        Write(formatter, Thrown(new RowDamagedException("row 7"))).ShouldContain("row 7");
    }

    private static Exception Thrown(Exception error)
    {
        try
        {
            throw error;
        }
        catch (Exception thrown)
        {
            return thrown;
        }
    }

    private static string Write(HostLogFormatter formatter, Exception error)
    {
        using StringWriter output = new();
        formatter.Write(
            new LogEntry<string>(LogLevel.Error, "store", new EventId(7), "It failed.", error, (state, _) => state),
            null,
            output
        );
        return output.ToString();
    }
}
