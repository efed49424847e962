namespace Serverless.Flows.Testing.Tests.Fixtures;

/// <summary>Versions of one flow.</summary>
internal static class Versions
{
    [Flow("versioned")]
    public static async Task<int> First(FlowContext flow)
    {
        var one = await flow.RunAsync(() => One());
        var two = await flow.RunAsync(() => Two());
        await flow.SleepAsync(TimeSpan.FromHours(1));
        return one + two;
    }

    [Flow("versioned")]
    public static async Task<int> Reordered(FlowContext flow)
    {
        var two = await flow.RunAsync(() => Two());
        var one = await flow.RunAsync(() => One());
        await flow.SleepAsync(TimeSpan.FromHours(1));
        return one + two;
    }

    [Flow("versioned")]
    public static async Task<int> Shorter(FlowContext flow) => await flow.RunAsync(() => One()) + await flow.RunAsync(() => Two());

    [Flow("sleeper")]
    public static async Task<int> Sleeper(FlowContext flow)
    {
        await flow.SleepAsync(TimeSpan.FromDays(7));
        return await flow.RunAsync(() => One());
    }

    [Task]
    internal static int One() => 1;

    [Task]
    internal static int Two() => 2;
}
