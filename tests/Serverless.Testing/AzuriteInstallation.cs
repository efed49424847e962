using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;

namespace Serverless.Testing;

/// <summary>The Azurite of <c>tests/azurite</c>: installed by npm, with the versions of the lock file, when it is first needed.</summary>
internal static class AzuriteInstallation
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static readonly Lazy<Task<string>> Installation = new(InstallAsync);

    /// <summary>Whether there is a Node to run it with.</summary>
    public static bool IsNodePresent { get; } = FindNode();

    /// <summary>The folder with <c>package.json</c> and <c>node_modules</c>, ready to be used.</summary>
    public static Task<string> EnsureAsync() => Installation.Value;

    private static bool FindNode()
    {
        try
        {
            using Process? node = Process.Start(
                new ProcessStartInfo("node", ["--version"])
                {
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                    UseShellExecute = false,
                }
            );
            node?.WaitForExit();
            return node?.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            // No such program.
            return false;
        }
    }

    private static async Task<string> InstallAsync()
    {
        var folder = FindFolder();
        var wanted = Convert.ToHexString(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(folder, "package-lock.json"))));
        var mark = Path.Combine(folder, "node_modules", ".installed");

        // Test projects run side by side: one of them installs.
        await using var locked = await LockAsync(Path.Combine(folder, ".install.lock"));
        if (File.Exists(mark) && await File.ReadAllTextAsync(mark) == wanted)
        {
            return folder;
        }

        ProcessStartInfo start = new(OperatingSystem.IsWindows() ? "npm.cmd" : "npm", ["ci"])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var npm = Process.Start(start) ?? throw new InvalidOperationException("npm did not start.");
        var output = npm.StandardOutput.ReadToEndAsync();
        var errors = npm.StandardError.ReadToEndAsync();
        await npm.WaitForExitAsync().WaitAsync(Patience);
        if (npm.ExitCode != 0)
        {
            throw new InvalidOperationException($"npm ci ended with {npm.ExitCode}:\n{await output}\n{await errors}");
        }

        await File.WriteAllTextAsync(mark, wanted);
        return folder;
    }

    private static string FindFolder()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            var folder = Path.Combine(at.FullName, "tests", "azurite");
            if (File.Exists(Path.Combine(folder, "package-lock.json")))
            {
                return folder;
            }
        }

        throw new InvalidOperationException($"There is no tests/azurite above {AppContext.BaseDirectory}.");
    }

    private static async Task<FileStream> LockAsync(string path)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (Stopwatch.GetElapsedTime(started) < Patience)
            {
                // Another process installs; it lets go when it is done or dies.
                await Task.Delay(50);
            }
        }
    }
}
