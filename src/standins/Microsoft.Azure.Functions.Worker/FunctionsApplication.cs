namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>Makes builders of worker applications.</summary>
#pragma warning disable CA1052, RCS1102 // As published.
public class FunctionsApplication
{
    /// <exception cref="PlatformNotSupportedException">Always: the worker itself has no stand-in.</exception>
    public static FunctionsApplicationBuilder CreateBuilder(string[] args) => throw NoWorker();

    internal static PlatformNotSupportedException NoWorker() => new(
        "This build has stand-ins for the packages of the Azure Functions worker and cannot be started by the Functions host: build it with -p:FullFeed=true. To run everything in one process, run src/Serverless.Host.");
}
#pragma warning restore CA1052, RCS1102
