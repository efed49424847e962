using System.Text.Json;
using Serverless.LocalRuntime.Functions;

namespace Serverless.LocalRuntime.Triggers;

/// <summary>A queue-triggered function, wherever its messages come from.</summary>
internal sealed class QueueFunction(RuntimeCore core, LocalFunction function, string queue)
{
    public string Name => function.Name;

    /// <summary>The name of its queue.</summary>
    public string Queue => queue;

    /// <summary>Gives the function a message: a string as it is, every other type from JSON.</summary>
    public Task InvokeAsync(string message, string invocationId)
    {
        var payload =
            function.PayloadType == typeof(string)
                ? message
                : JsonSerializer.Deserialize(message, function.PayloadType, JsonSerializerOptions.Web);
        return function.InvokeAsync(payload, core.Services, core.Client, invocationId, core.Stopping);
    }
}
