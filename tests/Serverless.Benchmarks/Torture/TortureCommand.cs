using System.Globalization;

namespace Serverless.Benchmarks.Torture;

/// <summary><c>torture [minutes] [seed]</c>: five minutes and a seed of its own unless they are given.</summary>
internal static class TortureCommand
{
    public const string Name = "torture";

    public static async Task<int> RunAsync(string[] arguments)
    {
        var minutes = arguments.Length > 0 ? double.Parse(arguments[0], CultureInfo.InvariantCulture) : 5;
        var seed = arguments.Length > 1 ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : Environment.TickCount;
        var folder = Directory.CreateTempSubdirectory("serverless-torture-").FullName;
        Console.WriteLine($"## torture  ({minutes} minutes, seed {seed})");
        var problems = await new TortureLoop(folder, seed, Console.WriteLine).RunAsync(TimeSpan.FromMinutes(minutes), kills: 1);
        foreach (var problem in problems)
        {
            Console.WriteLine($"WRONG: {problem}");
        }

        if (problems.Count > 0)
        {
            Console.WriteLine($"The data stay in {folder}.");
            return 1;
        }

        Directory.Delete(folder, recursive: true);
        return 0;
    }
}
