namespace Serverless.Flows.Testing.Tests.Fixtures;

/// <summary>Flows that run by schedules.</summary>
internal static class Reports
{
    [Flow("report")]
    public static async Task<string> Run(FlowContext flow, string path, double hours = 0)
    {
        await flow.SleepAsync(TimeSpan.FromHours(hours));
        return await flow.RunAsync(() => Write(path));
    }

    [Task]
    internal static string Write(string path) => path;
}
