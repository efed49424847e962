using System.Diagnostics;
using Serverless.Server.Artifacts;
using Serverless.Server.Assets;
using Serverless.Server.Concurrency;
using Serverless.Server.Csrf;
using Serverless.Server.Deployments;
using Serverless.Server.Flows;
using Serverless.Server.Heartbeats;
using Serverless.Server.Logs;
using Serverless.Server.Outbox;
using Serverless.Server.Runs;
using Serverless.Server.Runs.Writing;
using Serverless.Server.SavedSearches;
using Serverless.Server.Services;
using Serverless.Server.Variables;
using Serverless.Storage;

namespace Serverless.Server.Tests.Architecture;

/// <summary>
/// Who commits to which table: one namespace each. A new table needs a line here. Derived rows go with the commit that they follow from,
/// whoever makes it.
/// </summary>
internal static class TableOwners
{
    private const string Server = "Serverless.Server";
    private const string RunWriting = Server + ".Runs.Writing";
    private const string OutboxPrefix = OutboxRows.List + "|";

    private static readonly Dictionary<string, string> Owners = new(StringComparer.Ordinal)
    {
        [RunKeys.Runs] = RunWriting,
        [RunKeys.TaskRuns] = RunWriting,
        [RunKeys.Index] = RunWriting,
        [RunKeys.Idempotency] = RunWriting,
        ["taskcache"] = RunWriting,
        [TaskLocks.Table] = RunWriting,
        ["taskqueue"] = RunWriting,
        [ConcurrencyKeys.Limits] = Server + ".Concurrency",
        [ConcurrencyKeys.Leases] = Server + ".Concurrency",
        [ConcurrencyKeys.Waits] = Server + ".Concurrency",
        [FlowKeys.Flows] = Server + ".Flows",
        [FlowKeys.FlowIds] = Server + ".Flows",
        [DeploymentKeys.Deployments] = Server + ".Deployments",
        [DeploymentKeys.DeploymentIds] = Server + ".Deployments",
        [DueDeployments.Table] = Server + ".Deployments",
        [ArtifactKeys.Artifacts] = Server + ".Artifacts",
        [ArtifactKeys.Lists] = Server + ".Artifacts",
        [AssetRows.Table] = Server + ".Assets",
        [LogKeys.Logs] = Server + ".Logs",
        [CsrfTokens.Table] = Server + ".Csrf",
        [ServiceRecord.Table] = Server + ".Services",
        [StoredHeartbeat.Table] = Server + ".Heartbeats",
        [SavedSearchKeys.Table] = Server + ".SavedSearches",
        [VariableKeys.Table] = Server + ".Variables",
        ["settings"] = Server,
    };

    /// <summary>The namespaces that may commit at all.</summary>
    public static IEnumerable<string> Namespaces => Owners.Values.Append(Server + ".Outbox").Distinct();

    /// <summary>
    /// Fails when the class that is about to commit is one of the server and does not own the rows. Tests may commit what they like.
    /// </summary>
    /// <exception cref="InvalidOperationException">It does not, or nobody does.</exception>
    public static void Check(RowCommit commit)
    {
        var writer = new StackTrace()
            .GetFrames()
            .Select(frame => frame.GetMethod()?.DeclaringType)
            .FirstOrDefault(type => type?.Namespace?.StartsWith(Server, StringComparison.Ordinal) == true && !IsOfTheStore(type));
        if (writer is null || writer.Assembly != typeof(RunGate).Assembly)
        {
            return;
        }

        foreach (var address in commit.Operations.Select(operation => operation.Address))
        {
            var owner = OwnerOf(address);
            if (owner != writer.Namespace)
            {
                throw new InvalidOperationException($"{writer} commits to a row of table '{address.Table}', whose owner is {owner}.");
            }
        }
    }

    private static bool IsOfTheStore(Type type)
    {
        var outer = type;
        while (outer.DeclaringType is { } declaring)
        {
            outer = declaring;
        }

        return outer == typeof(TableOwners) || outer == typeof(InterceptedRowStore);
    }

    private static string OwnerOf(RowAddress address) =>
        address.Table == RunKeys.Index && address.RowKey.StartsWith(OutboxPrefix, StringComparison.Ordinal) ? Server + ".Outbox"
        : Owners.TryGetValue(address.Table, out var owner) ? owner
        : throw new InvalidOperationException($"Table '{address.Table}' has no owner: name one in {nameof(TableOwners)}.");
}
