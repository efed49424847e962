namespace Serverless.Samples;

/// <summary>The smallest flow: one task.</summary>
public static class HelloFlow
{
    /// <summary>Greets somebody.</summary>
    /// <param name="flow">The run.</param>
    /// <param name="name">Whom.</param>
    /// <returns>The greeting.</returns>
    [Flow("hello", Description = "Greets somebody.")]
    [Deployment("every-minute", Cron = "* * * * *", Parameters = """{"name": "you, once a minute"}""", Paused = true)]
    public static async Task<string> Run(FlowContext flow, string name = "world") => await flow.RunAsync(() => Greet(name));

    [Task]
    internal static string Greet(string name)
    {
        TaskContext.Current.Logger.LogInformation("Greeting {Name}", name);
        return $"Hello, {name}!";
    }
}
