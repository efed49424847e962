using System.Buffers;
using System.Globalization;
using System.Text;
using Serverless.Core.Models;

namespace Serverless.Api.Http;

/// <summary>Lines of a log as comma-separated values, in the form that Python's csv writer gives them.</summary>
internal static class LogCsv
{
    private const int LinesAtOnce = 256;

    private static readonly SearchValues<char> Special = SearchValues.Create(",\"\r\n");

    /// <summary>Writes the names of the columns, and the lines as they come.</summary>
    public static async Task WriteAsync(IAsyncEnumerable<Log> lines, Stream stream, CancellationToken cancellationToken)
    {
        await using StreamWriter writer = new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        await writer.WriteAsync("timestamp,level,flow_run_id,task_run_id,message\r\n");
        var count = 0;
        await foreach (var line in lines.WithCancellation(cancellationToken))
        {
            await writer.WriteAsync(Line(line).AsMemory(), cancellationToken);
            if (++count % LinesAtOnce == 0)
            {
                await writer.FlushAsync(cancellationToken);
            }
        }
    }

    private static string Line(Log line)
    {
        var utc = line.Timestamp.UtcDateTime;
        var format = utc.Ticks % TimeSpan.TicksPerSecond == 0 ? "yyyy-MM-dd HH:mm:ss" : "yyyy-MM-dd HH:mm:ss.ffffff";
        var time = utc.ToString(format, CultureInfo.InvariantCulture);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{time}+00:00,{line.Level},{line.FlowRunId},{line.TaskRunId},{Field(line.Message)}\r\n"
        );
    }

    private static string Field(string text) =>
        text.AsSpan().ContainsAny(Special) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
