using Serverless.Flows;

namespace FunctionApp1;

public static class Greetings
{
    [Flow("greet-all", Description = "Greets people.")]
    public static async Task<string[]> Run(FlowContext flow, string[]? names = null, string greeting = "Hello") =>
        await flow.Map(names ?? ["you"], name => Greet(name, greeting));

    [Task(Retries = 3)]
    internal static string Greet(string name, string greeting) => $"{greeting}, {name}!";
}
