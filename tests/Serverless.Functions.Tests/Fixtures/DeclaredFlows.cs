using Serverless.Flows;

namespace Serverless.Functions.Tests.Fixtures;

/// <summary>A flow with a deployment of its own. It is paused, so that it does not disturb other tests.</summary>
internal static class DeclaredFlows
{
    public const string Name = "declared";
    public const string Hourly = "hourly";

    [Flow(Name)]
    [Deployment(Hourly, Cron = "0 * * * *", Parameters = """{"value": 5}""", Tags = ["declared"], Paused = true)]
    internal static int Run(int value) => value;
}
