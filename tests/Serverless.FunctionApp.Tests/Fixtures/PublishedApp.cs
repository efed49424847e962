namespace Serverless.FunctionApp.Tests.Fixtures;

/// <summary>The function app as <c>dotnet publish</c> leaves it, which the build of this project calls.</summary>
internal static class PublishedApp
{
    /// <summary>The folder that would be deployed.</summary>
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "app");

    /// <summary>The path of one of its files.</summary>
    public static string File(string name) => Path.Combine(Folder, name);
}
