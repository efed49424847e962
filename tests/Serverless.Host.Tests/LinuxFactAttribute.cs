using Xunit;

namespace Serverless.Host.Tests;

/// <summary>A test that looks at a process as only Linux shows it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute() => Skip = OperatingSystem.IsLinux() ? null : "Only Linux tells what a process watches.";
}
