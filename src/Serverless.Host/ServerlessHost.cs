using System.CommandLine;
using Serverless.Flows;
using Serverless.Storage.Sqlite;

namespace Serverless.Host;

/// <summary>Runs the whole system in one process: REST API, function app and durable runtime on SQLite.</summary>
public static class ServerlessHost
{
    /// <summary>Runs until the process is asked to stop.</summary>
    /// <param name="args">The command line; <c>--help</c> lists the options.</param>
    /// <param name="flows">Registers the flows that this host executes.</param>
    /// <param name="services">Registers what the classes of flows and tasks take in their constructors; null for nothing.</param>
    /// <returns>The exit code: 0 after a stop that was asked for, 1 when the host cannot start.</returns>
    public static Task<int> RunAsync(string[] args, Action<FlowRegistryBuilder> flows, Action<IServiceCollection>? services = null)
    {
        ArgumentNullException.ThrowIfNull(flows);
        Option<string> urls = new("--urls") { Description = "Addresses to listen on, separated by semicolons", DefaultValueFactory = _ => HostOptions.DefaultUrls };
        Option<string> data = new("--data") { Description = "Folder that holds everything durable", DefaultValueFactory = _ => HostOptions.DefaultDataFolder };
        Option<SqliteDurability> durability = new("--durability")
        {
            Description = "What an acknowledged write survives: full = power loss, normal = the end of the process",
            DefaultValueFactory = _ => SqliteDurability.Full,
        };
        RootCommand command = new("Runs flows durably in one process, with a REST API compatible with Prefect 3.") { urls, data, durability };
        command.SetAction((parsed, cancellation) => HostRunner.RunAsync(
            new HostOptions(parsed.GetValue(urls)!, parsed.GetValue(data)!, parsed.GetValue(durability)), flows, services, cancellation));
        return command.Parse(args).InvokeAsync();
    }
}
