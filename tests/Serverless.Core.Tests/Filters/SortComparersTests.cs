using Serverless.Core.Filters;
using Serverless.Core.Models;

namespace Serverless.Core.Tests.Filters;

public sealed class SortComparersTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static FlowRun Run(byte id, string name, int? expected, int? start = null) =>
        new()
        {
            Id = new Guid(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, id),
            Name = name,
            FlowId = default,
            ExpectedStartTime = expected is { } e ? Noon.AddSeconds(e) : null,
            StartTime = start is { } s ? Noon.AddSeconds(s) : null,
        };

    [Theory]
    [InlineData(FlowRunSort.IdDesc, "dcba")]
    [InlineData(FlowRunSort.NameAsc, "abcd")]
    [InlineData(FlowRunSort.NameDesc, "dcba")]
    [InlineData(FlowRunSort.ExpectedStartTimeAsc, "dbca")]
    [InlineData(FlowRunSort.ExpectedStartTimeDesc, "acbd")]
    [InlineData(FlowRunSort.StartTimeAsc, "dcab")]
    [InlineData(FlowRunSort.StartTimeDesc, "bacd")]
    [InlineData(FlowRunSort.EndTimeDesc, "dcba")]
    public void Comparer_FlowRuns_OrdersThem(FlowRunSort sort, string expected)
    {
        FlowRun[] runs = [Run(1, "a", 3), Run(2, "b", 1, 9), Run(3, "c", 2), Run(4, "d", null)];

        string.Concat(runs.Order(sort.Comparer()).Select(run => run.Name)).ShouldBe(expected);
    }

    [Fact]
    public void Comparer_EverySort_Exists()
    {
        Enum.GetValues<TaskRunSort>().ShouldAllBe(sort => sort.Comparer() != null);
        Enum.GetValues<FlowSort>().ShouldAllBe(sort => sort.Comparer() != null);
        Enum.GetValues<DeploymentSort>().ShouldAllBe(sort => sort.Comparer() != null);
        Enum.GetValues<ArtifactSort>().ShouldAllBe(sort => sort.Comparer() != null);
        Enum.GetValues<LogSort>().ShouldAllBe(sort => sort.Comparer() != null);
    }
}
