using System.Runtime.CompilerServices;

namespace Serverless.Core.Tests.Repository;

/// <summary>Where the sources are that these tests were built from.</summary>
internal static class RepositoryFolder
{
    public static string Path { get; } = Find();

    private static string Find([CallerFilePath] string file = "") =>
        System.IO.Path.GetFullPath(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(file)!, "../../.."));
}
