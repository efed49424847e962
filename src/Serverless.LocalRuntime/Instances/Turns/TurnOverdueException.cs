using System.Globalization;

namespace Serverless.LocalRuntime.Instances;

/// <summary>An orchestrator computes and computes, without coming to a wait.</summary>
/// <param name="orchestrator">Its name.</param>
/// <param name="limit">How long a turn may take.</param>
internal sealed class TurnOverdueException(string orchestrator, TimeSpan limit)
    : Exception(
        string.Create(
            CultureInfo.InvariantCulture,
            $"Orchestrator '{orchestrator}' has computed for {limit.TotalSeconds:0.###} seconds without waiting for anything. Long work "
                + $"belongs in activities; a loop must wait for something that ends it."
        )
    );
