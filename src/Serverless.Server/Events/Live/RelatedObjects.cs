using Serverless.Core.Models;
using Serverless.Server.Deployments;
using Serverless.Server.Flows;
using Serverless.Server.Runs;

namespace Serverless.Server.Events;

/// <summary>
/// Looks up what has to do with a flow run: its flow, its deployment, the task run that stands for it in its parent. What was found is used
/// again for five minutes, as in Prefect. One caller at a time.
/// </summary>
internal sealed class RelatedObjects(FlowService flows, DeploymentService deployments, RunReader reader, TimeProvider time)
{
    /// <summary>The label that names a resource.</summary>
    public const string ResourceName = "prefect.resource.name";

    private const int MostRemembered = 1_000;
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(5);

    private readonly Dictionary<Guid, (DateTimeOffset Until, IReadOnlyList<RelatedObject> Objects)> _known = [];

    /// <summary>What has to do with a flow run, in Prefect's order.</summary>
    public async ValueTask<IReadOnlyList<RelatedObject>> OfAsync(FlowRun run)
    {
        var now = time.GetUtcNow();
        if (_known.TryGetValue(run.Id, out var known) && known.Until > now)
        {
            return known.Objects;
        }

        List<RelatedObject> objects = [];
        if (await flows.GetAsync(run.FlowId) is { } flow)
        {
            objects.Add(new RelatedObject("flow", flow.Id, flow.Name, flow.Tags));
        }

        if (run.DeploymentId is { } deploymentId && await deployments.GetAsync(deploymentId) is { } deployment)
        {
            objects.Add(new RelatedObject("deployment", deployment.Id, deployment.Name, deployment.Tags));
        }

        if (run.ParentTaskRunId is { } parentId && await reader.TaskRunAsync(parentId, CancellationToken.None) is { TaskRun: var parent })
        {
            objects.Add(new RelatedObject("task-run", parent.Id, parent.Name, parent.Tags));
        }

        if (_known.Count >= MostRemembered)
        {
            _known.Clear();
        }

        _known[run.Id] = (now + Remembered, objects);
        return objects;
    }

    /// <summary>The related resource of an object.</summary>
    public static IReadOnlyDictionary<string, string> Resource(RelatedObject related) =>
        new Dictionary<string, string>
        {
            [Event.ResourceId] = $"prefect.{related.Kind}.{related.Id}",
            [Event.ResourceRole] = related.Kind,
            [ResourceName] = related.Name,
        };

    /// <summary>The related resources of tags: one each, by name.</summary>
    public static IEnumerable<IReadOnlyDictionary<string, string>> Tags(IEnumerable<string> tags) =>
        tags.Distinct()
            .Order(StringComparer.Ordinal)
            .Select(tag => new Dictionary<string, string> { [Event.ResourceId] = $"prefect.tag.{tag}", [Event.ResourceRole] = "tag" });

    /// <summary>The related resource of who created a run; none unless that is a deployment or an automation.</summary>
    public static IEnumerable<IReadOnlyDictionary<string, string>> Creator(CreatedBy? creator)
    {
        var kind = creator?.Type switch
        {
            "DEPLOYMENT" => "deployment",
            "AUTOMATION" => "automation",
            _ => null,
        };
        if (kind is null)
        {
            return [];
        }

        Dictionary<string, string> labels = new()
        {
            [Event.ResourceId] = $"prefect.{kind}.{creator!.Id}",
            [Event.ResourceRole] = "creator",
        };
        if (creator.DisplayValue is { Length: > 0 } name)
        {
            labels[ResourceName] = name;
        }

        return [labels];
    }
}
