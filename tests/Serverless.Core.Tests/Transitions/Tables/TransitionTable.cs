using System.Text;
using Serverless.Core.Models;
using Serverless.Core.Transitions;

namespace Serverless.Core.Tests.Transitions.Tables;

/// <summary>What a policy decides about every pair of states, as text.</summary>
internal static class TransitionTable
{
    public static string Of(FlowTransitionPolicy policy) =>
        Write(
            policy.Name,
            FlowCases.Variants.Select(variant => (variant.Name, variant.Base, FlowCases.Of(variant).Select(given => Line(given, policy))))
        );

    public static string Of(TaskTransitionPolicy policy) =>
        Write(
            policy.Name,
            TaskCases.Variants.Select(variant => (variant.Name, variant.Base, TaskCases.Of(variant).Select(given => Line(given, policy))))
        );

    private static TableLine Line(TransitionCase<FlowRun, FlowTransitionFacts> given, FlowTransitionPolicy policy) =>
        new(given.From, given.To, OutcomeText.Of(given, FlowRunGate.Evaluate(given.Run, given.Proposed, given.Facts, policy)));

    private static TableLine Line(TransitionCase<TaskRun, TaskTransitionFacts> given, TaskTransitionPolicy policy) =>
        new(given.From, given.To, OutcomeText.Of(given, TaskRunGate.Evaluate(given.Run, given.Proposed, given.Facts, policy)));

    private static string Write(string policy, IEnumerable<(string Name, string? Base, IEnumerable<TableLine> Lines)> variants)
    {
        var text = new StringBuilder();
        text.Append($"{policy}: what becomes of every state that is proposed; docs/states.md says how to read and rewrite it.\n");
        var all = new Dictionary<string, HashSet<TableLine>>(StringComparer.Ordinal);
        foreach (var (name, from, lines) in variants)
        {
            TableLine[] every = [.. lines];
            all.Add(name, [.. every]);
            var shown = from is null ? every : [.. every.Where(line => !all[from].Contains(line))];
            text.Append($"\n=== {name}{(from is null ? "" : shown.Length == 0 ? $": as {from}" : $": as {from}, but")}\n");
            Append(text, shown);
        }

        return text.ToString();
    }

    // Lines of one current state with one outcome become one; then current states with the same lines are shown together.
    private static void Append(StringBuilder text, IEnumerable<TableLine> lines)
    {
        var blocks = lines
            .GroupBy(line => line.From)
            .GroupBy(
                from =>
                    string.Concat(
                        from.GroupBy(line => line.Outcome)
                            .Select(same => $"  -> {string.Join(" | ", same.Select(line => line.To))}: {same.Key}\n")
                    ),
                from => from.Key
            );
        foreach (var block in blocks)
        {
            text.Append(string.Join(" | ", block)).Append('\n').Append(block.Key);
        }
    }
}
