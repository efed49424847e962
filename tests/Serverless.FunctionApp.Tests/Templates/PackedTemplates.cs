using System.Diagnostics;

namespace Serverless.FunctionApp.Tests.Templates;

/// <summary>The packages of this repository in a folder, and projects that are created from the templates among them.</summary>
public sealed class PackedTemplates : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("serverless-templates-").FullName;
    private readonly Lazy<Task<BuiltApp>> _hostApp;

    public PackedTemplates() => _hostApp = new(BuildHostAppAsync);

    /// <summary>The packages.</summary>
    public string Packages => Path.Combine(_folder, "packages");

    private static string Root
    {
        get
        {
            DirectoryInfo folder = new(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder.FullName, "Serverless.sln")))
            {
                folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside the repository.");
            }

            return folder.FullName;
        }
    }

    /// <summary>Packs what the build has left, and installs the templates for these tests only.</summary>
    public async Task InitializeAsync()
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var projects = Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories).Where(IsPacked);

        // One build for all: it reads the projects that others refer to once.
        var pack = Path.Combine(_folder, "pack.proj");
        await File.WriteAllTextAsync(
            pack,
            $"""
            <Project>
              <Target Name="Pack">
                <MSBuild
                  Projects="{string.Join(';', projects)}"
                  Targets="Pack"
                  Properties="_IsPacking=true;NoBuild=true;Configuration={configuration};PackageOutputPath={Packages}"
                />
              </Target>
            </Project>
            """
        );
        await DotnetAsync(_folder, "msbuild", pack, "-t:Pack", "-v:q", "-nologo");
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "nuget.config"),
            $"""
            <configuration>
              <config>
                <add key="globalPackagesFolder" value="{LinkPackages()}" />
              </config>
              <packageSources>
                <add key="packed" value="{Packages}" />
              </packageSources>
            </configuration>
            """
        );
        await DotnetAsync(_folder, ["new", "install", Path.Combine(Packages, "Serverless.Templates.0.1.0.nupkg"), .. Hive]);
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>A host of the template, with a flow that reads the clock, built when the first test asks for it.</summary>
    public Task<BuiltApp> HostApp => _hostApp.Value;

    /// <summary>Creates a project from a template, and returns its folder.</summary>
    public async Task<string> CreateAsync(string template, string name)
    {
        await DotnetAsync(_folder, ["new", template, "-o", name, .. Hive]);
        return Path.Combine(_folder, name);
    }

    /// <summary>Runs a command of the SDK to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static async Task<string> DotnetAsync(string folder, params string[] arguments)
    {
        using var process = Start(folder, arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? await output
            : throw new InvalidOperationException($"dotnet {string.Join(' ', arguments)} failed:\n{await output}{await errors}");
    }

    /// <summary>Starts a command of the SDK.</summary>
    public static Process Start(string folder, params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet")
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // It would come before what nuget.config says.
        start.Environment.Remove("NUGET_PACKAGES");

        // No server of the compiler outlives the tests, and holds the folder.
        start.Environment["UseSharedCompilation"] = "false";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        return Process.Start(start)!;
    }

    private string[] Hive => ["--debug:custom-hive", Path.Combine(_folder, "hive")];

    private async Task<BuiltApp> BuildHostAppAsync()
    {
        var folder = await CreateAsync("serverless-host", "MyFlows");
        await File.WriteAllTextAsync(
            Path.Combine(folder, "Clock.cs"),
            """
            using Serverless.Flows;

            public static class Clock
            {
                [Flow]
                public static int Hour(FlowContext flow) => DateTime.UtcNow.Hour;
            }
            """
        );
        return new BuiltApp(folder, await DotnetAsync(folder, "build"));
    }

    private static bool IsPacked(string project) =>
        !project.Contains($"{Path.DirectorySeparatorChar}content{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
        && !project.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
        && !File.ReadAllText(project).Contains("<IsPackable>false</IsPackable>", StringComparison.Ordinal);

    /// <summary>
    /// A folder for restored packages with links to those that this machine has restored already. The packages of this repository do not
    /// get into the folder that all projects share.
    /// </summary>
    private string LinkPackages()
    {
        var restored = Directory.CreateDirectory(Path.Combine(_folder, "restored")).FullName;
        var known = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } given
            ? given
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        foreach (var package in new DirectoryInfo(known).EnumerateDirectories())
        {
            if (!package.Name.StartsWith("serverless.", StringComparison.OrdinalIgnoreCase))
            {
                Directory.CreateSymbolicLink(Path.Combine(restored, package.Name), package.FullName);
            }
        }

        return restored;
    }
}
