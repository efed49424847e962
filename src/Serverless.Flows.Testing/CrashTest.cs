using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;

namespace Serverless.Flows.Testing;

/// <summary>Shows that a flow comes to the same end wherever its process dies.</summary>
public static class CrashTest
{
    /// <summary>
    /// Runs a flow once without a crash, and then once for every step, with a crash at it, each time on a host of its own. Compares how the
    /// run ended, its result, its task runs with their states and results, and what its tasks did elsewhere.
    /// </summary>
    /// <remarks>
    /// There are two kinds of steps. A commit to the store, of which a task run takes several: one that a crash prevents is done again,
    /// with all that led to it. If it would have stored the outcome of a task, the task's code runs again. And the answer of an activity
    /// that has stored all it did: it is called again, but the code of a task whose outcome is stored must not run again.
    /// </remarks>
    /// <param name="flows">Registers the flows.</param>
    /// <param name="run">Runs the flow, and returns the run when it has ended: <c>host => host.RunAsync(Reports.Run)</c>. It makes the
    /// stubs, and resumes pauses.</param>
    /// <param name="services">Registers what the classes of flows and tasks take in their constructors; null for nothing.</param>
    /// <param name="effects">What the tasks did outside of the app, read when the run has ended and compared as JSON:
    /// <c>() => bank.Payments</c>. The <paramref name="run"/> begins with none. Null for nothing.</param>
    /// <returns>How many steps, and so crashes, there were.</returns>
    /// <exception cref="FlowTestException">After a crash something was otherwise; says what, and at which step the crash was.</exception>
    public static async Task<int> RunAsync(
        Action<FlowRegistryBuilder> flows,
        Func<FlowTestHost, Task<FlowTestRun>> run,
        Action<IServiceCollection>? services = null,
        Func<object?>? effects = null
    )
    {
        ArgumentNullException.ThrowIfNull(flows);
        ArgumentNullException.ThrowIfNull(run);
        (var expected, _) = await OutcomeAsync(flows, run, services, effects, crash: null);
        var commits = await CrashAllAsync(host => host.CrashAt, "at step {0}");
        return commits + await CrashAllAsync(host => host.LoseAnswerAt, "that lost answer {0}");

        async Task<int> CrashAllAsync(Func<FlowTestHost, Action<int>> crashes, string where)
        {
            for (var step = 1; ; step++)
            {
                Crash crash = new(host => crashes(host)(step), string.Format(CultureInfo.InvariantCulture, where, step));
                (var actual, var happened) = await OutcomeAsync(flows, run, services, effects, crash);
                if (!happened)
                {
                    return step - 1;
                }

                Compare(expected, actual, crash);
            }
        }
    }

    private static async Task<(Outcome Outcome, bool Crashed)> OutcomeAsync(
        Action<FlowRegistryBuilder> flows,
        Func<FlowTestHost, Task<FlowTestRun>> run,
        Action<IServiceCollection>? services,
        Func<object?>? effects,
        Crash? crash
    )
    {
        await using var host = await FlowTestHost.StartAsync(flows, services);
        crash?.Arm(host);
        try
        {
            var ended = await run(host);
            Dictionary<string, string> outcome = new(StringComparer.Ordinal) { ["the run"] = TextOf(ended.State) };
            var tasks = (await ended.TaskRunsAsync()).ToLookup(task => task.ToString(), StringComparer.Ordinal);
            foreach (var named in tasks)
            {
                // A name may be the author's, and not the only one of its kind.
                outcome.Add(named.Key, string.Join(" and ", named.Select(task => TextOf(task.State)).Order(StringComparer.Ordinal)));
            }

            outcome.Add("what the tasks did elsewhere", JsonSerializer.Serialize(effects?.Invoke(), FlowJson.Options));
            return (new Outcome(outcome, AttemptsOf(host, tasks)), host.Crashes > 0);
        }
        catch (Exception error) when (crash is not null && host.Crashes > 0)
        {
            throw new FlowTestException($"After a crash {crash.Where}: {error.Message}", error);
        }
    }

    /// <summary>How often the code of task runs ran: of all, or of the one whose answer was lost.</summary>
    private static Dictionary<string, int> AttemptsOf(FlowTestHost host, ILookup<string, FlowTestTaskRun> tasks)
    {
        var calls = host.Calls.ToLookup(call => call.TaskRunId);
        return tasks
            .Where(named => named.Count() == 1 && (host.Crashes == 0 || named.Single().Id == host.LostTaskRunId))
            .ToDictionary(named => named.Key, named => calls[named.Single().Id].Count(), StringComparer.Ordinal);
    }

    private static void Compare(Outcome expected, Outcome actual, Crash crash)
    {
        foreach ((var name, var attempts) in actual.Attempts)
        {
            if (expected.Attempts.TryGetValue(name, out var before) && attempts != before)
            {
                throw new FlowTestException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"After a crash {crash.Where}, the code of {name} ran {attempts} times. Without a crash: {before}."
                    )
                );
            }
        }

        foreach (var name in expected.Texts.Keys.Union(actual.Texts.Keys, StringComparer.Ordinal))
        {
            var before = expected.Texts.GetValueOrDefault(name, "not there");
            var after = actual.Texts.GetValueOrDefault(name, "not there");
            if (before != after)
            {
                throw new FlowTestException($"After a crash {crash.Where}, {name} is {after}. Without a crash, it is {before}.");
            }
        }
    }

    private static string TextOf(RunState state) => $"{state.Name} with {state.Content.Data?.GetRawText() ?? "no result"}";

    /// <summary>What came of a run.</summary>
    /// <param name="Texts">What is compared, by what it is.</param>
    /// <param name="Attempts">How often the code of task runs ran, by their names.</param>
    private sealed record Outcome(IReadOnlyDictionary<string, string> Texts, IReadOnlyDictionary<string, int> Attempts);

    /// <summary>A crash of the process.</summary>
    /// <param name="Arm">Has it come.</param>
    /// <param name="Where">Where, in words.</param>
    private sealed record Crash(Action<FlowTestHost> Arm, string Where);
}
