using System.Diagnostics;
using System.Text;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Serverless.Functions.Outbox;
using Serverless.Testing;
using Shouldly;
using Xunit;

namespace Serverless.Host.Tests;

/// <summary>The real host on the storage emulator, with queue messages that nobody can read.</summary>
public sealed class PoisonMessageTests
{
    private static readonly Dictionary<string, string?> ShortLease = new() { ["StorageLeaseSeconds"] = "3" };

    [AzuriteFact]
    public async Task Message_Poison_GoesToThePoisonQueueAndTheLogSaysWhy()
    {
        await using var azurite = await AzuriteProcess.StartAsync();
        await using var host = await HostProcess.StartWithAsync(["--storage", azurite.ConnectionString], settings: ShortLease);
        QueueClient queue = new(azurite.ConnectionString, DispatchOutbox.Queue);
        var broken = (await queue.SendMessageAsync(Convert.ToBase64String(Encoding.UTF8.GetBytes("{ broken")))).Value;
        var raw = (await queue.SendMessageAsync("not Base64 at all")).Value;

        QueueClient poison = new(azurite.ConnectionString, $"{DispatchOutbox.Queue}-poison");
        await UntilAsync(
            async () => await poison.ExistsAsync() && (await poison.PeekMessagesAsync(10)).Value.Length == 2,
            () => host.Output
        );

        (await poison.PeekMessagesAsync(10))
            .Value.Select(message => Encoding.UTF8.GetString(Convert.FromBase64String(message.Body.ToString())))
            .ShouldBe(["{ broken", "not Base64 at all"], ignoreOrder: true);
        // The host writes each line after it has moved the message.
        var line = await host.WhenWrittenAsync(text => Names(text, broken) && text.Contains("-poison", StringComparison.Ordinal));
        line.ShouldContain("DispatchOutbox");
        line.ShouldContain("dequeue count 5");
        line.ShouldContain("JsonException");
        await host.WhenWrittenAsync(text => Names(text, raw) && text.Contains("not Base64", StringComparison.Ordinal));
    }

    private static bool Names(string line, SendReceipt message) => line.Contains(message.MessageId, StringComparison.Ordinal);

    private static async Task UntilAsync(Func<Task<bool>> condition, Func<string> describe)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Stopwatch.GetElapsedTime(started).ShouldBeLessThan(Waiting.Patience, describe());
            await Task.Delay(200);
        }
    }
}
