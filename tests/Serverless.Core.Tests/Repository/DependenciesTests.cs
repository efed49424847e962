using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Serverless.Core.Tests.Repository;

/// <summary>docs/dependencies.md tells of every package in the version that is used, and of no other.</summary>
public sealed partial class DependenciesTests
{
    private static readonly XDocument Central = XDocument.Load(Path.Combine(RepositoryFolder.Path, "Directory.Packages.props"));

    [Fact]
    public void Tables_OfPackages_AreTrue()
    {
        var used = Central
            .Descendants("PackageVersion")
            .Select(package => $"{package.Attribute("Include")!.Value} {package.Attribute("Version")!.Value}")
            .Concat(Tools())
            .Concat(NpmPackages("infra/check"))
            .Concat(NpmPackages("tests/azurite"));
        var told = Row()
            .Matches(File.ReadAllText(Path.Combine(RepositoryFolder.Path, "docs/dependencies.md")))
            .Select(row => $"{row.Groups["name"].Value} {row.Groups["version"].Value}");

        told.Order(StringComparer.Ordinal).ShouldBe(used.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void CentralVersions_ExceptThePinned_HaveAProjectThatRefersToThem()
    {
        HashSet<string> referred =
        [
            .. Projects()
                .Append(Path.Combine(RepositoryFolder.Path, "Directory.Build.props"))
                .SelectMany(file =>
                    XDocument.Load(file).Descendants("PackageReference").Select(reference => reference.Attribute("Include")!.Value)
                ),
        ];

        foreach (var group in Central.Descendants("ItemGroup"))
        {
            var pinned = group.Attribute("Label")?.Value == "Pinned";
            foreach (var name in group.Elements("PackageVersion").Select(package => package.Attribute("Include")!.Value))
            {
                referred.Contains(name).ShouldBe(!pinned, name);
            }
        }
    }

    private static IEnumerable<string> Projects() =>
        new[] { "src", "tests", "infra/check/bicep" }
            .SelectMany(folder =>
                Directory
                    .EnumerateDirectories(Path.Combine(RepositoryFolder.Path, folder))
                    .Append(Path.Combine(RepositoryFolder.Path, folder))
            )
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.csproj"));

    private static IEnumerable<string> NpmPackages(string folder)
    {
        using var package = JsonDocument.Parse(File.ReadAllText(Path.Combine(RepositoryFolder.Path, folder, "package.json")));
        return
        [
            .. package
                .RootElement.GetProperty("dependencies")
                .EnumerateObject()
                .Select(dependency => $"{dependency.Name} {dependency.Value}"),
        ];
    }

    private static IEnumerable<string> Tools()
    {
        using var manifest = JsonDocument.Parse(File.ReadAllText(Path.Combine(RepositoryFolder.Path, ".config/dotnet-tools.json")));
        return
        [
            .. manifest
                .RootElement.GetProperty("tools")
                .EnumerateObject()
                .Select(tool => $"{tool.Name} {tool.Value.GetProperty("version").GetString()}"),
        ];
    }

    // The first two columns of a table of packages; a version begins with a digit.
    [GeneratedRegex(
        @"^\| `(?<name>[^`]+)` \| (?<version>[0-9][^ |]*) \|",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Row();
}
