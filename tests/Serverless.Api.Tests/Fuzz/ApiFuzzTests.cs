using System.Diagnostics;
using Xunit.Abstractions;

namespace Serverless.Api.Tests.Fuzz;

/// <summary>
/// Short with fixed seeds; as long as <c>SERVERLESS_FUZZ_SECONDS</c> says, from the seed <c>SERVERLESS_FUZZ_SEED</c> or a new one, when
/// asked.
/// </summary>
public sealed class ApiFuzzTests(ITestOutputHelper output)
{
    private const int Steps = 600;
    private const int StepsBetweenLooks = 150;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public Task AnyRequest_OfAFixedSeed_IsAnsweredAndCanBeShownAgain(int seed) => RunAsync(seed);

    [Fact]
    public async Task AnyRequest_ForAsLongAsAsked_IsAnsweredAndCanBeShownAgain()
    {
        var seconds = double.Parse(
            Environment.GetEnvironmentVariable("SERVERLESS_FUZZ_SECONDS") ?? "0",
            System.Globalization.CultureInfo.InvariantCulture
        );
        var seed = int.TryParse(Environment.GetEnvironmentVariable("SERVERLESS_FUZZ_SEED"), out var given) ? given : Random.Shared.Next();
        var started = Stopwatch.GetTimestamp();
        for (; Stopwatch.GetElapsedTime(started).TotalSeconds < seconds; seed = unchecked(seed + 1))
        {
            await RunAsync(seed);
        }
    }

    private async Task RunAsync(int seed)
    {
        await using var server = await ApiServer.StartAsync();
        ApiFuzz fuzz = new(server, seed);
        var step = 0;
        try
        {
            for (; step < Steps; step++)
            {
                await fuzz.StepAsync();
                if (step % StepsBetweenLooks == StepsBetweenLooks - 1)
                {
                    await fuzz.LookAtAllAsync();
                }
            }
        }
        catch (Exception error)
        {
            throw new ShouldAssertException($"SERVERLESS_FUZZ_SEED={seed}, step {step}: {error.Message}", error);
        }

        output.WriteLine($"Seed {seed}: {string.Join(", ", fuzz.Answers.Select(answer => $"{answer.Value} × {answer.Key}"))}");
    }
}
