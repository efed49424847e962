namespace Serverless.Storage.Telemetry;

/// <summary>
/// The name under which all parts tell what they do: of the <c>ActivitySource</c> and of the meters. docs/telemetry.md lists what they
/// tell.
/// </summary>
public static class ServerlessTelemetry
{
    /// <summary>The name to listen to.</summary>
    public const string Name = "Serverless";
}
