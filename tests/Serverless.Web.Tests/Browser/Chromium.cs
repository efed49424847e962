namespace Serverless.Web.Tests.Browser;

/// <summary>The machine's own Chromium; none is downloaded.</summary>
internal static class Chromium
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    /// <summary>Where it is; null when there is none.</summary>
    public static string? Path { get; } =
        Names
            .SelectMany(name =>
                (Environment.GetEnvironmentVariable("PATH") ?? "")
                    .Split(System.IO.Path.PathSeparator)
                    .Select(folder => System.IO.Path.Combine(folder, name))
            )
            .FirstOrDefault(File.Exists);
}
