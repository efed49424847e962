using System.Reflection;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;

namespace Serverless.FunctionApp.Tests.Fixtures;

/// <summary>
/// The protocol between a Functions host and its worker. The worker's own package, Microsoft.Azure.Functions.Worker.Grpc, is the only
/// served one that carries the messages, and its classes are internal, with a client but no server. What is taken from it is
/// the description of the message on the stream: by it Protobuf's public JSON mapping writes and reads every field, so that the
/// tests see JSON. A field that the description lacks is an error.
/// </summary>
internal static class WorkerMessages
{
    private static readonly MessageDescriptor Message = FindMessage();
    private static readonly JsonParser Parser = new(JsonParser.Settings.Default);
    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default.WithFormatDefaultValues(true));

    private static readonly Marshaller<JsonObject> Marshaller = new(Write, Read);

    /// <summary>The one call of the protocol: a stream in both directions, opened by the worker.</summary>
    public static Method<JsonObject, JsonObject> EventStream { get; } =
        new(
            MethodType.DuplexStreaming,
            Message.File.Services.Single(service => service.Name == "FunctionRpc").FullName,
            "EventStream",
            Marshaller,
            Marshaller
        );

    private static MessageDescriptor FindMessage()
    {
        var type = Assembly
            .Load("Microsoft.Azure.Functions.Worker.Grpc")
            .GetType("Microsoft.Azure.Functions.Worker.Grpc.Messages.StreamingMessage", throwOnError: true)!;
        return (MessageDescriptor)type.GetProperty("Descriptor")!.GetValue(null)!;
    }

    private static byte[] Write(JsonObject message) => Parser.Parse(message.ToJsonString(), Message).ToByteArray();

    private static JsonObject Read(byte[] bytes) => JsonNode.Parse(Formatter.Format(Message.Parser.ParseFrom(bytes)))!.AsObject();
}
