using System.Globalization;

namespace Serverless.Samples;

/// <summary>An order that is charged once.</summary>
public static class ChargeFlow
{
    /// <summary>Charges an order, unless another run has: then it returns that run's receipt.</summary>
    /// <param name="flow">The run.</param>
    /// <param name="order">The order's number.</param>
    /// <param name="amount">What to charge.</param>
    /// <returns>The receipt.</returns>
    [Flow("charge", Description = "Charges an order once, however many runs are asked to.")]
    public static Task<string> Run(FlowContext flow, [StringLength(40, MinimumLength = 1)] string order, decimal amount = 10) =>
        flow.TransactionAsync(
            _ => flow.RunAsync(() => Charge(order, amount)),
            new TransactionOptions { Key = $"charge-{order}", Isolation = CacheIsolation.Serializable }
        );

    [Task]
    internal static string Charge(string order, decimal amount) =>
        string.Create(CultureInfo.InvariantCulture, $"order {order}, {amount:0.00}, receipt {TaskContext.Current.IdempotencyKey}");
}
