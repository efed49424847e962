using System.Text.Json;
using System.Text.Json.Serialization;

namespace Serverless.Core.Json;

/// <summary>An enum as the wire writes it: <c>UPPER_SNAKE</c> (or the name its member gives), never a number.</summary>
/// <typeparam name="T">The enum.</typeparam>
public sealed class WireEnumConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseUpper, allowIntegerValues: false)
    where T : struct, Enum;
