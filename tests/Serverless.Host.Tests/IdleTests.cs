using Serverless.Testing;
using Shouldly;

namespace Serverless.Host.Tests;

/// <summary>What the host leaves alone while nobody asks anything of it.</summary>
public sealed class IdleTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("serverless-host-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    /// <summary>
    /// .NET can watch the current folder and all below it for changed settings. That would cost a system call for each write of the
    /// database, and a start in a folder with many others can exceed the system's limit of watches.
    /// </summary>
    [LinuxFact]
    public async Task Start_AnyFolder_WatchesNoFiles()
    {
        await using var host = await HostProcess.StartAsync(_data);

        var open = Directory.EnumerateFiles($"/proc/{host.Process.Id}/fd").Select(file => new FileInfo(file).LinkTarget ?? "").ToList();

        open.ShouldContain(target => target.StartsWith(_data, StringComparison.Ordinal));
        open.ShouldNotContain(target => target.Contains("inotify", StringComparison.Ordinal));
    }
}
