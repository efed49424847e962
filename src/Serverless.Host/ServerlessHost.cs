using System.CommandLine;
using System.CommandLine.Parsing;
using Serverless.Flows;
using Serverless.Host.Storage;
using Serverless.Storage.Azure;
using Serverless.Storage.Sqlite;

namespace Serverless.Host;

/// <summary>
/// Runs the whole system in one process: REST API, function app and durable runtime on SQLite or an Azure storage account.
/// </summary>
public static class ServerlessHost
{
    /// <summary>Runs until the process is asked to stop.</summary>
    /// <param name="args">The command line; <c>--help</c> lists the options.</param>
    /// <param name="flows">Registers the flows that this host executes.</param>
    /// <param name="services">Registers what the classes of flows and tasks take in their constructors; null for nothing.</param>
    /// <returns>The exit code: 0 after a stop that was asked for, 1 when the host cannot start, or has to stop because another process took
    /// its storage over.</returns>
    public static Task<int> RunAsync(string[] args, Action<FlowRegistryBuilder> flows, Action<IServiceCollection>? services = null)
    {
        ArgumentNullException.ThrowIfNull(flows);
        Option<string?> urls = new("--urls")
        {
            Description =
                $"Addresses to listen on, separated by semicolons (or ASPNETCORE_URLS in the environment) [default: {HostDefaults.Urls}]",
        };
        Option<string> data = new("--data")
        {
            Description = "Folder for all durable data",
            DefaultValueFactory = _ => HostDefaults.DataFolder,
        };
        Option<SqliteDurability> durability = new("--durability")
        {
            Description = "What an acknowledged write survives: full = power loss, normal = the end of the process",
            DefaultValueFactory = _ => SqliteDurability.Full,
        };
        Option<string?> storage = new("--storage")
        {
            Description =
                "Azure storage instead of a folder: a connection string, or an account's name for sign-in by identity (or "
                + "AzureWebJobsStorage in the environment)",
        };
        Option<bool> check = new("--check") { Description = "Check the whole data folder for damage, report it, and exit" };
        Option<string[]> allowedHosts = new("--allowed-hosts")
        {
            Description = "Host names that requests may use, in addition to localhost and the addresses it listens on; * for any",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [],
        };
        Option<bool> anonymous = new("--allow-anonymous")
        {
            Description = "Allow addresses that other machines can reach, although requests need not show a password or key",
        };
        SecretOptions secrets = new();
        Option<string?> files = new("--files")
        {
            Description = "Folder below which flows may read files, such as csv-report; default: the current folder",
        };
        RootCommand command = new("Runs flows durably in one process, with a REST API compatible with Prefect 3.")
        {
            urls,
            data,
            durability,
            storage,
            check,
            files,
            allowedHosts,
            anonymous,
        };
        secrets.AddTo(command);
        command.Validators.Add(result =>
        {
            if (IsGiven(result, data) && string.IsNullOrWhiteSpace(result.GetValue(data)))
            {
                result.AddError("--data needs a folder.");
            }

            if (IsGiven(result, files) && !Directory.Exists(result.GetValue(files)))
            {
                result.AddError($"--files: there is no folder '{result.GetValue(files)}'.");
            }

            if (result.GetValue(check) && IsGiven(result, storage))
            {
                result.AddError("--check cannot be used with --storage: it checks a folder.");
            }

            if (!IsGiven(result, storage))
            {
                return;
            }

            if (IsGiven(result, data) || IsGiven(result, durability))
            {
                result.AddError(
                    "--storage cannot be used with --data or --durability: those options are for a folder, and all durable data is in one "
                        + "place."
                );
            }
            else if (string.IsNullOrWhiteSpace(result.GetValue(storage)))
            {
                result.AddError("--storage needs a connection string or the name of a storage account.");
            }
        });
        command.SetAction(
            (parsed, cancellation) =>
                parsed.GetValue(check)
                    ? FolderCheck.RunAsync(parsed.GetValue(data)!, Console.Out, Console.Error)
                    : HostRunner.RunAsync(
                        new ListenOptions(parsed.GetValue(urls), parsed.GetValue(allowedHosts)!, parsed.GetValue(anonymous)),
                        secrets.Settings(parsed),
                        configuration =>
                            parsed.GetValue(storage) is { } account ? new StorageChoice.Account(AzureStorageOptions.Parse(account))
                            : !IsGiven(parsed.CommandResult, data)
                            && !IsGiven(parsed.CommandResult, durability)
                            && AzureStorageAccount.FromConfiguration(configuration) is { } configured
                                ? new StorageChoice.Account(configured)
                            : new StorageChoice.Folder(parsed.GetValue(data)!, parsed.GetValue(durability)),
                        parsed.GetValue(files),
                        flows,
                        services,
                        cancellation
                    )
        );
        return command.Parse(args).InvokeAsync();
    }

    private static bool IsGiven(CommandResult command, Option option) => command.GetResult(option) is { Implicit: false };
}
