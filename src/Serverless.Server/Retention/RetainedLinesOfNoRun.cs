using System.Runtime.CompilerServices;
using Serverless.Server.Logs;

namespace Serverless.Server.Retention;

/// <summary>Log lines that belong to no run. They stay as long as logs, or as long as runs if logs have no time of their own.</summary>
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
        await foreach (var key in lines.ReadOldAsync(before, from, cancellationToken))
        {
            yield return new(key, token => lines.DeleteAsync(key, token));
        }
    }
}
