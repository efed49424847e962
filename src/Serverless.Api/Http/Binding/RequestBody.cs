using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Core.Json;
using Serverless.Server;
using Serverless.Server.Queries;

namespace Serverless.Api.Http.Binding;

/// <summary>Reads JSON bodies, and says all that is wrong with them.</summary>
internal static class RequestBody
{
    private const int FirstBytes = 16 * 1024;

    /// <summary>About what a token takes while a request is handled: 12 bytes in each of a few copies.</summary>
    private const int BytesOfToken = 48;

    /// <summary>Reads a body; null when there is none, or when it is <c>null</c>.</summary>
    /// <exception cref="InvalidRequestException">
    /// It is no JSON, not of the form of <typeparamref name="T"/>, or beyond the bounds that the attributes of its members set.
    /// </exception>
    public static async ValueTask<T?> ReadAsync<T>(HttpContext http, JsonTypeInfo<T> type)
        where T : class
    {
        var lease = http.RequestServices.GetRequiredService<RequestMemory>().Open();
        http.Response.RegisterForDispose(lease);
        var bytes = await ReadBytesAsync(http.Request, BodyLimit.Of(http), lease, http.RequestAborted);
        return Parse(bytes, type, lease);
    }

    /// <summary>Reads what has come already; null when there is nothing, or <c>null</c>.</summary>
    /// <exception cref="InvalidRequestException">As for <see cref="ReadAsync"/>.</exception>
    public static T? Parse<T>(ReadOnlyMemory<byte> bytes, JsonTypeInfo<T> type, RequestMemory.Lease lease)
        where T : class
    {
        if (bytes.Length == 0)
        {
            return null;
        }

        using var document = Parse(bytes, lease);
        var body = document.RootElement;
        if (body.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        // The shape is looked at first, because serializers pass over unknown members; values only when one is wrong.
        var errors = BodyValidation.Check(body, type, withValues: false);
        if (errors.Count > 0)
        {
            errors = BodyValidation.Check(body, type, withValues: true);
        }
        else
        {
            errors = BodyRules.Of(type).Check(body, bytes.Length);
        }

        if (errors.Count == 0)
        {
            try
            {
                return Deserialize(body, type);
            }
            catch (JsonException wrong)
            {
                errors = BodyValidation.Check(body, type, withValues: true);
                if (errors.Count == 0)
                {
                    errors.Add(new RequestError("value_error", ["body"], wrong.Message, body.Clone()));
                }
            }
        }

        throw new InvalidRequestException(errors, bytes.Length <= Echo.LongestBody ? body.Clone() : null);
    }

    private static T? Deserialize<T>(JsonElement body, JsonTypeInfo<T> type)
    {
        if (!BodyNulls.Any(body, type))
        {
            return body.Deserialize(type);
        }

        using var without = BodyNulls.Without(body, type);
        return without.RootElement.Deserialize(type);
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> bytes, RequestMemory.Lease lease)
    {
        try
        {
            if (JsonScan.Check(bytes.Span, out var tokens) is { } flaw)
            {
                throw new InvalidRequestException(new RequestError(flaw.Type, ["body", .. flaw.Path], flaw.Message));
            }

            // The values are copied on their way into the model and out of it, and each token has an entry in every copy.
            lease.Take((bytes.Length * 2) + (tokens * BytesOfToken));
            return JsonDocument.Parse(bytes);
        }
        catch (JsonException wrong)
        {
            throw new InvalidRequestException(
                new RequestError(
                    "json_invalid",
                    ["body", (int)(wrong.BytePositionInLine ?? 0)],
                    "JSON decode error",
                    JsonTexts.EmptyObject,
                    new("error", JsonTexts.String(wrong.Message))
                )
            );
        }
    }

    /// <summary>Reads what there is, in memory that grows with it and not with what the request says of its length.</summary>
    private static async ValueTask<ReadOnlyMemory<byte>> ReadBytesAsync(
        HttpRequest request,
        int limit,
        RequestMemory.Lease lease,
        CancellationToken cancellationToken
    )
    {
        if (request.ContentLength > limit)
        {
            throw TooLarge(limit);
        }

        // One byte more than is wanted, so that the end is seen without growing.
        var buffer = new byte[Math.Min(request.ContentLength ?? FirstBytes, FirstBytes) + 1];
        lease.Take(buffer.Length);
        var length = 0;
        while (true)
        {
            if (length == buffer.Length)
            {
                var larger = Math.Min(buffer.Length * 2, (int)(request.ContentLength ?? limit) + 1);
                lease.Take(larger - buffer.Length);
                Array.Resize(ref buffer, larger);
            }

            var read = await request.Body.ReadAsync(buffer.AsMemory(length), cancellationToken);
            length += read;
            if (length > limit)
            {
                throw TooLarge(limit);
            }

            if (read == 0)
            {
                return buffer.AsMemory(0, length);
            }
        }
    }

    private static RequestRefusedException TooLarge(int limit) =>
        new(StatusCodes.Status413PayloadTooLarge, $"Request body too large: at most {limit} bytes.");
}
