using Serverless.Server.Concurrency;
using Serverless.Server.Deployments;
using Serverless.Server.Flows;
using Serverless.Server.Queries;

namespace Serverless.Web.Limits;

/// <summary>Reads concurrency limits for lists, with the names of what they are for.</summary>
internal sealed class LimitRows(ConcurrencyLimits limits, DeploymentService deployments, FlowService flows, TimeProvider time)
{
    /// <summary>A part of the limits, by name.</summary>
    public async Task<IReadOnlyList<LimitRow>> ListAsync(
        string? text,
        LimitKind? kind,
        int offset,
        int most,
        CancellationToken cancellationToken
    ) =>
        await ShowAsync(
            await limits.ListAsync(
                Page.Of(offset, most),
                limit =>
                    (kind is null || KindOf(limit.Name) == kind)
                    && (text is null || limit.Name.Contains(text, StringComparison.OrdinalIgnoreCase)),
                cancellationToken
            ),
            cancellationToken
        );

    /// <summary>Those of which the greatest part is taken.</summary>
    public async Task<IReadOnlyList<LimitRow>> FullestAsync(int most, CancellationToken cancellationToken) =>
        await ShowAsync(await limits.FullestAsync(most, cancellationToken), cancellationToken);

    /// <summary>One limit.</summary>
    public async Task<LimitRow> ShowAsync(StoredLimit limit, CancellationToken cancellationToken)
    {
        var kind = KindOf(limit.Name);
        var title = kind switch
        {
            LimitKind.Tag => ConcurrencyKeys.TagOf(limit.Name)!,
            LimitKind.Deployment => await NameOfAsync(limit.Name, cancellationToken),
            _ => limit.Name,
        };
        return new LimitRow(
            limit.Id,
            title,
            kind,
            limit.Limit,
            limit.ActiveSlots(time.GetUtcNow()),
            limit.Active,
            limit.HasQueue,
            limit.Decay
        );
    }

    private async Task<IReadOnlyList<LimitRow>> ShowAsync(IReadOnlyList<StoredLimit> found, CancellationToken cancellationToken)
    {
        List<LimitRow> rows = [];
        foreach (var limit in found)
        {
            rows.Add(await ShowAsync(limit, cancellationToken));
        }

        return rows;
    }

    private async Task<string> NameOfAsync(string name, CancellationToken cancellationToken) =>
        Guid.TryParse(name.AsSpan(name.IndexOf(':') + 1), out var id) && await deployments.GetAsync(id, cancellationToken) is { } deployment
            ? $"{(await flows.GetAsync(deployment.FlowId, cancellationToken))?.Name}/{deployment.Name}"
            : name;

    internal static LimitKind KindOf(string name) =>
        ConcurrencyKeys.TagOf(name) is not null ? LimitKind.Tag
        : ConcurrencyKeys.IsDeployments(name) ? LimitKind.Deployment
        : LimitKind.Named;
}
