using Serverless.Benchmarks.Torture;
using Shouldly;
using Xunit;

namespace Serverless.Host.Tests;

/// <summary>A short form of <c>dotnet run --project tests/Serverless.Benchmarks -c Release -- torture</c>.</summary>
public sealed class TortureTests : IDisposable
{
    private const int Kills = 5;

    private readonly string _folder = Directory.CreateTempSubdirectory("serverless-torture-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Kill_WithLimitsSubflowsDeletesAndApprovals_KeepsWhatWasAcknowledged()
    {
        var seed = Environment.TickCount;

        var problems = await new TortureLoop(_folder, seed, _ => { }).RunAsync(TimeSpan.Zero, Kills);

        problems.ShouldBeEmpty($"seed {seed}");
    }
}
