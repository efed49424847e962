using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Serverless.Core.Tests.Repository;

/// <summary>docs/dependencies.md tells of every package in the version that is used, and of no other.</summary>
public sealed partial class DependenciesTests
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(Folder(), "../../.."));

    private static readonly XDocument Central = XDocument.Load(Path.Combine(Root, "Directory.Packages.props"));

    [Fact]
    public void Tables_OfPackages_AreTrue()
    {
        IEnumerable<string> used = Central.Descendants("PackageVersion").Select(package => $"{package.Attribute("Include")!.Value} {package.Attribute("Version")!.Value}")
            .Concat(NpmPackages("infra/check")).Concat(NpmPackages("tests/azurite"));
        IEnumerable<string> told = Row().Matches(File.ReadAllText(Path.Combine(Root, "docs/dependencies.md")))
            .Select(row => $"{row.Groups["name"].Value} {row.Groups["version"].Value}");

        told.Order(StringComparer.Ordinal).ShouldBe(used.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void CentralVersions_ExceptThePinned_HaveAProjectThatRefersToThem()
    {
        HashSet<string> referred = [.. Projects().Append(Path.Combine(Root, "Directory.Build.props"))
            .SelectMany(file => XDocument.Load(file).Descendants("PackageReference").Select(reference => reference.Attribute("Include")!.Value))];

        foreach (XElement group in Central.Descendants("ItemGroup"))
        {
            bool pinned = group.Attribute("Label")?.Value == "Pinned";
            foreach (string name in group.Elements("PackageVersion").Select(package => package.Attribute("Include")!.Value))
            {
                referred.Contains(name).ShouldBe(!pinned, name);
            }
        }
    }

    private static IEnumerable<string> Projects() => new[] { "src", "tests", "infra/check/bicep" }
        .SelectMany(folder => Directory.EnumerateDirectories(Path.Combine(Root, folder)).Append(Path.Combine(Root, folder)))
        .SelectMany(folder => Directory.EnumerateFiles(folder, "*.csproj"));

    private static IEnumerable<string> NpmPackages(string folder)
    {
        using JsonDocument package = JsonDocument.Parse(File.ReadAllText(Path.Combine(Root, folder, "package.json")));
        return [.. package.RootElement.GetProperty("dependencies").EnumerateObject().Select(dependency => $"{dependency.Name} {dependency.Value}")];
    }

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    // The first two columns of a table of packages; a version begins with a digit.
    [GeneratedRegex(@"^\| `(?<name>[^`]+)` \| (?<version>[0-9][^ |]*) \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Row();
}
