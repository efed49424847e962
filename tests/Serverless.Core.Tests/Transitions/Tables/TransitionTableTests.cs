using System.Runtime.CompilerServices;
using Serverless.Core.Transitions;

namespace Serverless.Core.Tests.Transitions.Tables;

/// <summary>
/// The decisions about every pair of states under every policy, beside this file to be read. With <see cref="Rewrite"/> set to 1 in the
/// environment the test writes them anew; the difference then shows in the commit.
/// </summary>
public sealed class TransitionTableTests
{
    private const string Rewrite = "REWRITE_TRANSITION_TABLES";
    private const int Shown = 5;

    public static TheoryData<string> Policies => [.. Tables.Keys];

    private static readonly Dictionary<string, Func<string>> Tables = new(StringComparer.Ordinal)
    {
        ["CoreFlowPolicy"] = () => TransitionTable.Of(CoreFlowPolicy.Instance),
        ["MinimalFlowPolicy"] = () => TransitionTable.Of(MinimalFlowPolicy.Instance),
        ["MarkLateRunsPolicy"] = () => TransitionTable.Of(MarkLateRunsPolicy.Instance),
        ["EngineFlowPolicy"] = () => TransitionTable.Of(EngineFlowPolicy.Instance),
        ["CoreTaskPolicy"] = () => TransitionTable.Of(CoreTaskPolicy.Instance),
        ["ClientSideTaskOrchestrationPolicy"] = () => TransitionTable.Of(ClientSideTaskOrchestrationPolicy.Instance),
        ["BackgroundTaskPolicy"] = () => TransitionTable.Of(BackgroundTaskPolicy.Instance),
        ["MinimalTaskPolicy"] = () => TransitionTable.Of(MinimalTaskPolicy.Instance),
        ["EngineTaskPolicy"] = () => TransitionTable.Of(EngineTaskPolicy.Instance),
    };

    [Theory]
    [MemberData(nameof(Policies))]
    public void Evaluate_EveryPairOfStates_IsAsInTheTable(string policy)
    {
        var file = Path.Combine(Folder(), $"{policy}.txt");
        var table = Tables[policy]();
        if (Environment.GetEnvironmentVariable(Rewrite) == "1")
        {
            File.WriteAllText(file, table);
        }

        var (expected, actual) = (File.ReadAllLines(file), table.TrimEnd('\n').Split('\n'));
        var first = expected.Zip(actual).TakeWhile(pair => pair.First == pair.Second).Count();
        var section = expected.Take(first).LastOrDefault(line => line.StartsWith("===", StringComparison.Ordinal));
        actual
            .Skip(first)
            .Take(Shown)
            .ShouldBe(expected.Skip(first).Take(Shown), $"{policy}.txt, line {first + 1} in {section}; {Rewrite}=1 rewrites the file");
    }

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
