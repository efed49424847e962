using Microsoft.CodeAnalysis;

namespace Serverless.Flows.Analyzers.Bodies;

/// <summary>What must not stand in a flow's body, and the rule that says so. Types are named as their metadata names them.</summary>
internal sealed class BannedMembers
{
    /// <summary>Rules by type: each of its members, and its constructors.</summary>
    private static readonly (DiagnosticDescriptor Rule, string[] Types)[] Types =
    [
        (Rule.Clock, ["System.Diagnostics.Stopwatch", "System.TimeProvider"]),
        (Rule.Random, ["System.Random", "System.Security.Cryptography.RandomNumberGenerator"]),
        (Rule.Delay, ["System.Threading.Timer", "System.Timers.Timer", "System.Threading.PeriodicTimer"]),
        (
            Rule.OtherThread,
            [
                "System.Threading.Thread",
                "System.Threading.ThreadPool",
                "System.Threading.Tasks.Parallel",
                "System.Threading.Tasks.TaskFactory",
                "System.Threading.Tasks.TaskFactory`1",
                "System.ComponentModel.BackgroundWorker",
            ]
        ),
        (
            Rule.Blocking,
            [
                "System.Threading.Monitor",
                "System.Threading.Lock",
                "System.Threading.SemaphoreSlim",
                "System.Threading.WaitHandle",
                "System.Threading.ManualResetEventSlim",
                "System.Threading.ReaderWriterLockSlim",
                "System.Threading.CountdownEvent",
                "System.Threading.Barrier",
                "System.Threading.SpinWait",
            ]
        ),
        (
            Rule.InputOutput,
            [
                "System.IO.File",
                "System.IO.Directory",
                "System.IO.FileSystemInfo",
                "System.IO.FileStream",
                "System.IO.FileSystemWatcher",
                "System.IO.RandomAccess",
                "System.IO.Pipes.PipeStream",
                "System.Net.Http.HttpMessageInvoker",
                "System.Net.Http.IHttpClientFactory",
                "System.Net.Http.Json.HttpClientJsonExtensions",
                "System.Net.WebClient",
                "System.Net.WebRequest",
                "System.Net.Dns",
                "System.Net.Mail.SmtpClient",
                "System.Net.Sockets.Socket",
                "System.Net.Sockets.TcpClient",
                "System.Net.Sockets.TcpListener",
                "System.Net.Sockets.UdpClient",
                "System.Net.Sockets.NetworkStream",
                "System.Net.WebSockets.WebSocket",
                "System.Data.IDbConnection",
                "System.Data.IDbCommand",
                "System.Data.Common.DbConnection",
                "System.Data.Common.DbCommand",
                "System.Diagnostics.Process",
                "System.Console",
            ]
        ),
    ];

    /// <summary>Rules by member.</summary>
    private static readonly (DiagnosticDescriptor Rule, string Type, string[] Members)[] Members =
    [
        (Rule.Clock, "System.DateTime", ["Now", "UtcNow", "Today"]),
        (Rule.Clock, "System.DateTimeOffset", ["Now", "UtcNow"]),
        (Rule.Clock, "System.Environment", ["TickCount", "TickCount64"]),
        (Rule.NewGuid, "System.Guid", ["NewGuid", "CreateVersion7"]),
        (Rule.Delay, "System.Threading.Tasks.Task", ["Delay"]),
        (Rule.Delay, "System.Threading.Thread", ["Sleep"]),
        (Rule.Delay, "System.Threading.CancellationTokenSource", ["CancelAfter"]),
        (Rule.Delay, "System.TimeProvider", ["CreateTimer"]),
        (Rule.OtherThread, "System.Threading.Tasks.Task", ["Run", "ContinueWith", "Start"]),
        (Rule.OtherThread, "System.Threading.CancellationTokenSource", ["CancelAsync"]),
        (Rule.Blocking, "System.Threading.Tasks.Task", ["Wait", "WaitAll", "WaitAny", "Result", "RunSynchronously"]),
        (Rule.Blocking, "System.Threading.Tasks.Task`1", ["Result"]),
        (Rule.Blocking, "System.Threading.Tasks.ValueTask`1", ["Result"]),
        (Rule.Blocking, "System.Runtime.CompilerServices.TaskAwaiter", ["GetResult"]),
        (Rule.Blocking, "System.Runtime.CompilerServices.TaskAwaiter`1", ["GetResult"]),
        (Rule.Blocking, "System.Runtime.CompilerServices.ValueTaskAwaiter", ["GetResult"]),
        (Rule.Blocking, "System.Runtime.CompilerServices.ValueTaskAwaiter`1", ["GetResult"]),
        (Rule.InputOutput, "System.Environment", ["GetEnvironmentVariable", "GetEnvironmentVariables", "SetEnvironmentVariable", "Exit"]),
    ];

    private readonly Dictionary<ISymbol, DiagnosticDescriptor> _types = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ISymbol, Dictionary<string, DiagnosticDescriptor>> _members = new(SymbolEqualityComparer.Default);

    public BannedMembers(Compilation compilation)
    {
        foreach (var (rule, types) in Types)
        {
            foreach (var type in types.Select(compilation.GetTypeByMetadataName).OfType<INamedTypeSymbol>())
            {
                _types[type] = rule;
            }
        }

        foreach (var (rule, name, members) in Members)
        {
            if (compilation.GetTypeByMetadataName(name) is { } type)
            {
                var known = _members.TryGetValue(type, out var found) ? found : _members[type] = new(StringComparer.Ordinal);
                foreach (var member in members)
                {
                    known[member] = rule;
                }
            }
        }
    }

    /// <summary>The rule that a member breaks; null for none. Overrides count as what they override.</summary>
    public DiagnosticDescriptor? RuleOf(ISymbol member)
    {
        for (ITypeSymbol? type = member.ContainingType?.OriginalDefinition; type is not null; type = type.BaseType?.OriginalDefinition)
        {
            if (_members.TryGetValue(type, out var members) && members.TryGetValue(member.Name, out var rule))
            {
                return rule;
            }

            if (_types.TryGetValue(type, out rule))
            {
                return rule;
            }
        }

        return null;
    }
}
