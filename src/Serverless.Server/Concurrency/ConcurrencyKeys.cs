using Serverless.Core.Ids;
using Serverless.Core.Transitions;
using Serverless.Server.Runs;
using Serverless.Storage;

namespace Serverless.Server.Concurrency;

/// <summary>
/// The key layout of concurrency limits: a partition for each, with the limit's row and a row for each slot that is taken. The id of a
/// limit that has the name it was created with follows from that name, so that it is found by either with one request. One that was renamed
/// keeps its id; the partition of its new name has a row that says which it is (see <see cref="LimitNames"/>).
/// </summary>
internal static class ConcurrencyKeys
{
    public const string Limits = "concurrency";
    public const string Leases = "concurrencyleases";
    public const string Waits = "concurrencywaits";

    public const string LimitRow = "limit";
    public const string NameRow = "name";
    public const string SlotPrefix = "slot|";

    private const string DeploymentPrefix = "deployment:";
    private const string NewerSuffix = "|newer";

    private static readonly Guid Names = new("9c3a5f6e-6d0b-4a5e-8a53-5b1d3f0c7e21");

    public static string NameOfTag(string tag) => LimitFacts.TagPrefix + tag;

    public static string NameOfDeployment(Guid deploymentId) => $"{DeploymentPrefix}{deploymentId}";

    /// <summary>The tag that a limit is for; null when it is another's.</summary>
    public static string? TagOf(string name) =>
        name.StartsWith(LimitFacts.TagPrefix, StringComparison.Ordinal) ? name[LimitFacts.TagPrefix.Length..] : null;

    public static Guid IdOf(string name) => StableIds.From(Names, name);

    public static Guid IdOfTag(string tag) => IdOf(NameOfTag(tag));

    public static Guid IdOfDeployment(Guid deploymentId) => IdOf(NameOfDeployment(deploymentId));

    public static string Partition(Guid limitId) => limitId.ToString("N");

    public static RowAddress Limit(Guid limitId) => new(Limits, Partition(limitId), LimitRow);

    /// <summary>The row that says which limit has a name.</summary>
    public static RowAddress Name(string name) => new(Limits, Partition(IdOf(name)), NameRow);

    /// <summary>Whether a name is that of a deployment's limit, by which the deployment finds it.</summary>
    public static bool IsDeployments(string name) => name.StartsWith(DeploymentPrefix, StringComparison.Ordinal);

    public static RowAddress Slot(Guid limitId, Guid leaseId) => new(Limits, Partition(limitId), SlotPrefix + leaseId.ToString("N"));

    /// <summary>The row of a run that waits for a slot; the rows of a limit are in the order in which they wait.</summary>
    public static RowAddress Wait(Guid limitId, DateTimeOffset since, Guid runId) =>
        new(Waits, Partition(limitId), $"{RunKeys.Ticks(since)}|{runId:N}");

    /// <summary>The runs that wait for a slot of a limit and have older runs cancelled.</summary>
    public static RowRange Newer(Guid limitId) => RowRange.Partition(Waits, Partition(limitId) + NewerSuffix);

    public static RowAddress Newer(Guid limitId, Guid runId) => new(Waits, Partition(limitId) + NewerSuffix, runId.ToString("N"));

    /// <summary>The derived row that tells of which limits a lease that can be renewed has slots.</summary>
    public static RowAddress Lease(Guid leaseId) => new(Leases, leaseId.ToString("N"), "lease");
}
