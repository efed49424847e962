namespace Serverless.FunctionApp.Tests.Templates;

/// <summary>A project from a template after <c>dotnet build</c>.</summary>
/// <param name="Folder">Its folder.</param>
/// <param name="Output">What the build wrote.</param>
public sealed record BuiltApp(string Folder, string Output);
