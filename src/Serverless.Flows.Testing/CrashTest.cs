using System.Globalization;
using Microsoft.Extensions.DependencyInjection;

namespace Serverless.Flows.Testing;

/// <summary>Shows that a flow comes to the same end wherever its process dies.</summary>
public static class CrashTest
{
    /// <summary>
    /// Runs a flow once without a crash, and then once for every step, with a crash at it, each time on a host of its own. A step is a
    /// commit to the store, of which a task run takes several: one that a crash prevents is done again, with all that led to it. Compares
    /// how the run ended, its result, and its task runs with their states and results.
    /// </summary>
    /// <param name="flows">Registers the flows.</param>
    /// <param name="run">Runs the flow, and returns the run when it has ended: <c>host => host.RunAsync(Reports.Run)</c>. It makes the
    /// stubs, and resumes pauses.</param>
    /// <param name="services">Registers what the classes of flows and tasks take in their constructors; null for nothing.</param>
    /// <returns>How many steps, and so crashes, there were.</returns>
    /// <exception cref="FlowTestException">After a crash something was otherwise; says what, and at which step the crash was.</exception>
    public static async Task<int> RunAsync(
        Action<FlowRegistryBuilder> flows,
        Func<FlowTestHost, Task<FlowTestRun>> run,
        Action<IServiceCollection>? services = null
    )
    {
        ArgumentNullException.ThrowIfNull(flows);
        ArgumentNullException.ThrowIfNull(run);
        (var expected, _) = await OutcomeAsync(flows, run, services, crashAt: null);
        for (var step = 1; ; step++)
        {
            (var actual, var crashes) = await OutcomeAsync(flows, run, services, step);
            if (crashes == 0)
            {
                return step - 1;
            }

            Compare(expected, actual, step);
        }
    }

    private static async Task<(IReadOnlyDictionary<string, string> Outcome, int Crashes)> OutcomeAsync(
        Action<FlowRegistryBuilder> flows,
        Func<FlowTestHost, Task<FlowTestRun>> run,
        Action<IServiceCollection>? services,
        int? crashAt
    )
    {
        await using var host = await FlowTestHost.StartAsync(flows, services);
        if (crashAt is { } step)
        {
            host.CrashAt(step);
        }

        try
        {
            var ended = await run(host);
            Dictionary<string, string> outcome = new(StringComparer.Ordinal) { ["the run"] = TextOf(ended.State) };
            foreach (var tasks in (await ended.TaskRunsAsync()).GroupBy(task => task.ToString(), StringComparer.Ordinal))
            {
                // A name may be the author's, and not the only one of its kind.
                outcome.Add(tasks.Key, string.Join(" and ", tasks.Select(task => TextOf(task.State)).Order(StringComparer.Ordinal)));
            }

            return (outcome, host.Crashes);
        }
        catch (Exception error) when (crashAt is not null && host.Crashes > 0)
        {
            throw new FlowTestException(
                string.Create(CultureInfo.InvariantCulture, $"After a crash at step {crashAt}: {error.Message}"),
                error
            );
        }
    }

    private static void Compare(IReadOnlyDictionary<string, string> expected, IReadOnlyDictionary<string, string> actual, int step)
    {
        foreach (var name in expected.Keys.Union(actual.Keys, StringComparer.Ordinal))
        {
            var before = expected.GetValueOrDefault(name, "not there");
            var after = actual.GetValueOrDefault(name, "not there");
            if (before != after)
            {
                throw new FlowTestException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"After a crash at step {step}, {name} is {after}. Without a crash, it is {before}."
                    )
                );
            }
        }
    }

    private static string TextOf(RunState state) => $"{state.Name} with {state.Content.Data?.GetRawText() ?? "no result"}";
}
