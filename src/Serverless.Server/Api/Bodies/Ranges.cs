using System.Text.Json;

namespace Serverless.Server.Api;

/// <summary>Numbers within bounds; beyond them 422, in pydantic's words.</summary>
internal static class Ranges
{
    public static void AtLeast(double? value, double least, params object[] location)
    {
        if (value < least)
        {
            Refuse("greater_than_equal", $"Input should be greater than or equal to {least}", "ge", least, value, location);
        }
    }

    public static void AtMost(double? value, double most, params object[] location)
    {
        if (value > most)
        {
            Refuse("less_than_equal", $"Input should be less than or equal to {most}", "le", most, value, location);
        }
    }

    private static void Refuse(string type, string message, string bound, double limit, double? value, object[] location) =>
        throw new InvalidRequestException(
            new RequestError(
                type,
                location,
                message,
                JsonTexts.Number(value!.Value),
                new KeyValuePair<string, JsonElement>(bound, JsonTexts.Number(limit))
            )
        );
}
