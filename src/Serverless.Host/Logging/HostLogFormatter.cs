using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Serverless.Storage;

namespace Serverless.Host.Logging;

/// <summary>
/// How the console shows log entries: as the framework's simple format does, but what repeats is counted (<see cref="LogRepeats"/>).
/// </summary>
internal sealed class HostLogFormatter(LogRepeats repeats) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "serverless";

    private const string Indent = "      ";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        LogKind kind = new(logEntry.Category, logEntry.EventId.Id, logEntry.Exception?.GetType());
        switch (repeats.Next(kind))
        {
            case LogRepeat.Counted:
                return;
            case LogRepeat.First:
                WriteEntry(logEntry, textWriter, full: true);
                break;
            default:
                WriteEntry(logEntry, textWriter, full: false);
                break;
        }
    }

    private static void WriteEntry<TState>(in LogEntry<TState> entry, TextWriter output, bool full)
    {
        output.Write(Level(entry.LogLevel));
        output.Write(": ");
        output.Write(entry.Category);
        output.Write('[');
        output.Write(entry.EventId.Id);
        output.WriteLine(']');
        WriteLines(entry.Formatter(entry.State, entry.Exception), output);
        if (entry.Exception is { } error)
        {
            // Where a disk was full or a row damaged says nothing about the disk.
            var isStores = error is RowStoreUnavailableException or RowDamagedException;
            WriteLines(full && !isStores ? error.ToString() : $"{error.GetType()}: {error.Message}", output);
        }
    }

    private static void WriteLines(string text, TextWriter output)
    {
        foreach (var line in text.Split('\n'))
        {
            output.Write(Indent);
            output.WriteLine(line.TrimEnd('\r'));
        }
    }

    private static string Level(LogLevel level) =>
        level switch
        {
            LogLevel.Trace => "trce",
            LogLevel.Debug => "dbug",
            LogLevel.Information => "info",
            LogLevel.Warning => "warn",
            LogLevel.Error => "fail",
            _ => "crit",
        };
}
