namespace Serverless.Benchmarks.Engines;

/// <summary>A durable engine on rows of its own that runs the functions of <see cref="EngineFunctions"/>.</summary>
internal interface IEngine : IAsyncDisposable
{
    /// <summary>Starts an orchestration and returns when it has completed.</summary>
    /// <exception cref="InvalidOperationException">It ended otherwise.</exception>
    Task RunAsync(string orchestration, string id, int input);

    /// <summary>Starts an orchestration and says how it is when it has ended, or when the time is over.</summary>
    Task<string> TryAsync(string orchestration, string id, TimeSpan time);
}
