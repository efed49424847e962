namespace Serverless.Samples;

/// <summary>Tables that are made from each other, recorded as assets.</summary>
public static class LakeFlow
{
    /// <summary>Makes a day's orders and their total.</summary>
    /// <param name="flow">The run.</param>
    /// <param name="day">The day.</param>
    /// <returns>The total.</returns>
    [Flow("lake", Description = "Makes two assets, one from the other, and records them.")]
    public static async Task<decimal> RunAsync(FlowContext flow, DateOnly day)
    {
        var orders = flow.Submit(() => Load(day));
        return await flow.RunAsync(() => Total(orders.AsArgument()));
    }

    [Task(AssetDependencies = ["postgres://shop/orders"])]
    [Materialize("s3://lake/orders/{day:yyyy-MM-dd}.csv", Name = "Orders of a day", Owners = ["sales"])]
    internal static decimal[] Load(DateOnly day)
    {
        decimal[] orders = [.. Enumerable.Range(1, day.Day).Select(number => 10m * number)];
        TaskContext.Current.Assets.AddMetadata(new { rows = orders.Length });
        return orders;
    }

    [Task]
    [Materialize("s3://lake/total.csv", By = "serverless")]
    internal static decimal Total(decimal[] orders) => orders.Sum();
}
