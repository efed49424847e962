namespace Serverless.Flows.Tests;

internal sealed class DiSteps(Greeting greeting) : IDisposable
{
    public void Dispose() => greeting.Released++;

    [Task]
    internal string Greet(string name) => $"{greeting.Text}, {name}";
}
