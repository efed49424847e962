using Serverless.Api.Security;
using Serverless.Flows;
using Serverless.Host.Storage;
using Serverless.Server.Deployments;

namespace Serverless.Host;

/// <summary>What the host prints once it is ready: where it is, what it runs, and one line to try.</summary>
internal static class Banner
{
    public static async Task WriteAsync(TextWriter output, WebApplication app, HostStorage storage, ApiCredentials credentials)
    {
        var flows = app.Services.GetRequiredService<FlowRegistry>();
        var url = app.Urls.First();
        await output.WriteLineAsync($"Listening on  {url}  (REST API at {url}/api)");
        await output.WriteLineAsync($"{storage.Description.Label, -12}  {storage.Description.Value}");
        if (storage.Advice is { } advice)
        {
            await output.WriteLineAsync($"{string.Empty, -12}  {advice}");
        }

        await output.WriteLineAsync(
            $"Flows         {string.Join(", ", flows.Flows.Select(flow => flow.Name).Order(StringComparer.Ordinal))}"
        );
        var example =
            flows.TryGetFlow("hello", out var hello) ? hello
            : flows.Flows is [var first, ..] ? first
            : null;
        if (
            example is not null
            && await app.Services.GetRequiredService<DeploymentService>().GetAsync(example.Name, "default") is { } deployment
        )
        {
            await output.WriteLineAsync("Try");
            await output.WriteLineAsync(
                $"  curl{SignIn(credentials)} -X POST {url}/api/deployments/{deployment.Id}/create_flow_run "
                    + "-H 'content-type: application/json' -d '{}'"
            );
        }

        await output.FlushAsync();
    }

    /// <summary>What the reader has to add, with his own secret in its place.</summary>
    private static string SignIn(ApiCredentials credentials) =>
        credentials.HasAuth ? " -u '<user:password>'"
        : credentials.HasKey ? " -H 'authorization: Bearer <key>'"
        : string.Empty;
}
