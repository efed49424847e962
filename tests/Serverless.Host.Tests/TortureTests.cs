using Serverless.Benchmarks.Torture;
using Shouldly;
using Xunit;

namespace Serverless.Host.Tests;

/// <summary>A short form of <c>dotnet run --project tests/Serverless.Benchmarks -c Release -- torture</c>.</summary>
public sealed class TortureTests
{
    private const int Kills = 5;

    [Fact]
    public async Task Kill_WithLimitsSubflowsDeletesAndApprovals_KeepsWhatWasAcknowledged()
    {
        var seed = Environment.TickCount;
        var folder = Directory.CreateTempSubdirectory("serverless-torture-").FullName;

        var problems = await new TortureLoop(folder, seed, _ => { }).RunAsync(TimeSpan.Zero, Kills);

        // What went wrong is in the data: they stay.
        problems.ShouldBeEmpty($"seed {seed}, data in {folder}");
        Directory.Delete(folder, recursive: true);
    }
}
