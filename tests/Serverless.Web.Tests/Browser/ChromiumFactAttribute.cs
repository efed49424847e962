namespace Serverless.Web.Tests.Browser;

/// <summary>A test that needs Chromium. Without it the test is skipped on a developer's machine, and fails in CI.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ChromiumFactAttribute : FactAttribute
{
    public ChromiumFactAttribute() =>
        Skip = Chromium.Path is null && Environment.GetEnvironmentVariable("CI") != "true" ? "There is no Chromium on the PATH." : null;
}
