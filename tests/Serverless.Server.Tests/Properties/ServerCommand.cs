using FsCheck;
using FsCheck.Fluent;
using Serverless.Core.Transitions;

namespace Serverless.Server.Tests.Properties;

/// <summary>One request of somebody to the server.</summary>
/// <param name="Kind">What is asked for.</param>
/// <param name="Run">Of which run, or with which idempotency key.</param>
/// <param name="Task">Of which of its task runs.</param>
/// <param name="Client">Who asks; null for this app and its users.</param>
internal sealed record ServerCommand(CommandKind Kind, int Run, int Task, ClientVersion? Client)
{
    /// <summary>Requests of some kinds; one that is named more often comes more often.</summary>
    public static Gen<ServerCommand> Of(params CommandKind[] kinds) =>
        from kind in Gen.Elements(kinds)
        from run in Gen.Choose(0, ServerWorld.RunCount - 1)
        from task in Gen.Choose(0, 1)
        from client in Gen.Elements("", "3.4.10", "3.4.11")
        select new ServerCommand(kind, run, task, ClientVersion.Parse(client));

    public override string ToString() =>
        $"{Kind} {Run}{(Kind.ToString().EndsWith("Task", StringComparison.Ordinal) ? $"/{Task}" : "")}"
        + (Client is null ? "" : $" by {Client}");
}
