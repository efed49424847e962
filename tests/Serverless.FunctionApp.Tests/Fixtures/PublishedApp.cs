namespace Serverless.FunctionApp.Tests.Fixtures;

/// <summary>A function app as <c>dotnet publish</c> leaves it.</summary>
/// <param name="Folder">The folder that would be deployed.</param>
/// <param name="Program">The file name of its program.</param>
internal sealed record PublishedApp(string Folder, string Program)
{
    /// <summary>That of this repository, which the build of this project publishes.</summary>
    public static PublishedApp Ours { get; } = new(Path.Combine(AppContext.BaseDirectory, "app"), "Serverless.FunctionApp.dll");

    /// <summary>The path of one of its files.</summary>
    public string File(string name) => Path.Combine(Folder, name);
}
