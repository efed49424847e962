using System.Runtime.CompilerServices;
using Serverless.Server.Logs;

namespace Serverless.Server.Retention;

/// <summary>Log lines that go with no flow run. They stay as long as logs, or as long as runs if logs have no time of their own.</summary>
internal sealed class RetainedLinesOfNoRun(LinesOfNoRun lines, RetentionOptions options) : IRetainedKind
{
    public string Name => "log_lines_of_no_run";

    public string Things => "log lines of no run";

    public int? KeepDays =>
        options.LogRetentionDays > 0 ? options.LogRetentionDays
        : options.RunRetentionDays > 0 ? options.RunRetentionDays
        : null;

    public int MostExamined => 1_000;

    public async IAsyncEnumerable<RetainedThing> FindAsync(
        DateTimeOffset before,
        string? from,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (var (place, isLine) in lines.ReadOldAsync(before, from, cancellationToken))
        {
            yield return new(place, isLine ? token => lines.DeleteAsync(place, token) : null);
        }
    }
}
