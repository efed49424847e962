namespace Serverless.Samples;

/// <summary>A task whose results are cached: of all runs within an hour, one looks a rate up.</summary>
public static class RatesFlow
{
    /// <summary>Converts an amount into euros.</summary>
    /// <param name="flow">The run.</param>
    /// <param name="amount">The amount.</param>
    /// <param name="currency">Its currency: EUR, CHF, SEK or USD.</param>
    /// <param name="refresh">Whether to look the rate up again although it is cached.</param>
    /// <returns>The amount in euros.</returns>
    [Flow("rates", Description = "Converts an amount by a rate that is looked up once an hour.")]
    public static async Task<decimal> Run(FlowContext flow, decimal amount = 100, string currency = "USD", bool refresh = false) =>
        amount * await flow.RunAsync(() => LookUp(currency), new CallOptions { RefreshCache = refresh });

    // Runs that ask for a rate at the same time wait for one of them.
    [Task(
        Cache = CacheBy.Inputs | CacheBy.TaskSource,
        CacheExpirationSeconds = 3600,
        CacheIsolation = CacheIsolation.Serializable,
        Retries = 3,
        RetryDelaySeconds = [1]
    )]
    internal static decimal LookUp(string currency) =>
        currency switch
        {
            "EUR" => 1m,
            "CHF" => 1.06m,
            "SEK" => 0.09m,
            "USD" => 0.87m,
            _ => throw new NonRetryableException($"There is no rate of '{currency}': expected EUR, CHF, SEK or USD."),
        };
}
