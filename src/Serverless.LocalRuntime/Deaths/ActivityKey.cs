using System.Globalization;

namespace Serverless.LocalRuntime.Deaths;

/// <summary>
/// Names a call of an activity in the marks: the activity, the execution and the task id, and the orchestration that began it all.
/// </summary>
internal static class ActivityKey
{
    // Ids are the callers': the parts that are ours come first.
    private const char Separator = '|';

    /// <summary>Names one call.</summary>
    public static string Of(string rootId, string name, string executionId, int taskId) =>
        string.Create(CultureInfo.InvariantCulture, $"{executionId}|{taskId:x}|{name}|{rootId}");

    /// <summary>How the name of one call of an execution begins.</summary>
    public static string StartOf(string executionId, int taskId) =>
        string.Create(CultureInfo.InvariantCulture, $"{executionId}|{taskId:x}|");

    /// <summary>Names all calls of an activity below one orchestration.</summary>
    public static string OfAll(string rootId, string name) => $"||{name}|{rootId}";

    /// <summary>All calls of the activity below the orchestration that a call belongs to.</summary>
    public static string AllOf(string key) => Part(key, 2) is { } rest ? $"||{rest}" : key;

    /// <summary>The execution of a call; empty for all calls.</summary>
    public static string ExecutionOf(string key) => key[..Math.Max(0, key.IndexOf(Separator))];

    /// <summary>The orchestration that began it all.</summary>
    public static string? RootOf(string key) => Part(key, 3);

    /// <summary>What follows after a number of separators; null for what is no key.</summary>
    private static string? Part(string key, int separators)
    {
        var at = -1;
        for (var i = 0; i < separators; i++)
        {
            at = key.IndexOf(Separator, at + 1);
            if (at < 0)
            {
                return null;
            }
        }

        return key[(at + 1)..];
    }
}
