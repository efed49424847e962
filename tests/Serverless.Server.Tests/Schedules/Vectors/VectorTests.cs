using Serverless.Server.Schedules;

namespace Serverless.Server.Tests.Schedules;

/// <summary>10,000 schedules have the times that they have in Prefect.</summary>
public sealed class VectorTests
{
    [Theory]
    [InlineData("C", 4700)]
    [InlineData("D", 800)]
    [InlineData("R", 4000)]
    [InlineData("I", 500)]
    public void Occurrences_OfAllVectors_AreThoseOfPrefect(string kind, int count)
    {
        var vectors = Vector.ReadAll().Where(vector => vector.Kind == kind).ToList();

        var wrong = vectors.Select(Difference).OfType<string>().ToList();

        vectors.Count.ShouldBe(count);
        wrong.ShouldBeEmpty($"{wrong.Count} of {count}");
    }

    private static string? Difference(Vector vector)
    {
        IReadOnlyList<DateTimeOffset>? times = null;
        try
        {
            // One more than is known, where nothing may follow.
            times = [.. vector.Make().Occurrences(vector.Start).Take((vector.Answer?.Count ?? 0) + (vector.Ends ? 1 : 0))];
        }
        catch (ScheduleException wrong) when (vector.Answer is not null)
        {
            return $"{vector}: {wrong.Message}";
        }
        catch (ScheduleException) { }

        return Spell(times) == Spell(vector.Answer)
            ? null
            : $"{vector.Kind} {vector.Zone} '{vector.Text}' from {vector.Start:s}: {Spell(times)}, in Prefect {Spell(vector.Answer)}";
    }

    private static string Spell(IEnumerable<DateTimeOffset>? times) =>
        times is null ? "refused" : string.Join(' ', times.Select(time => time.UtcDateTime.ToString("s")));
}
