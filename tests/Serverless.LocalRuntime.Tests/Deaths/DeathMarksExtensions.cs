using Serverless.LocalRuntime.Deaths;

namespace Serverless.LocalRuntime.Tests.Deaths;

internal static class DeathMarksExtensions
{
    /// <summary>Waits until something may run, and notes that it runs.</summary>
    public static async Task<DeathMark> BeginAsync(this DeathMarks marks, string key)
    {
        var mark = await marks.AdmitAsync(key);
        mark.Begin();
        return mark;
    }
}
