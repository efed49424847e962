using Serverless.Server.Runs;

namespace Serverless.Server.Tests.Architecture;

public sealed class LayersTests
{
    /// <summary>Endpoints are in Serverless.Api. The services use only the numbers of HTTP statuses.</summary>
    [Fact]
    public void Server_DoesNotUse_AspNetCore() =>
        typeof(FlowRunService)
            .Assembly.GetReferencedAssemblies()
            .Select(assembly => assembly.Name)
            .Where(name => name!.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal))
            .ShouldBeEmpty();
}
