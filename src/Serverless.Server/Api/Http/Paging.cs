using Microsoft.AspNetCore.Http;
using Serverless.Core.Models;
using Serverless.Server.Queries;

namespace Serverless.Server.Api;

/// <summary>The limits of lists; beyond them 422, in Prefect's words.</summary>
internal static class Paging
{
    /// <summary>Of operations that change many things at once.</summary>
    public static void CheckBulk(int? limit)
    {
        if (limit < 1)
        {
            throw new InvalidRequestException(
                new RequestError(
                    "greater_than_equal",
                    ["body", "limit"],
                    "Input should be greater than or equal to 1",
                    JsonTexts.Number(limit.Value),
                    new("ge", JsonTexts.Number(1))
                )
            );
        }

        if (limit > BulkSetStateRequest.MaxLimit)
        {
            throw new InvalidRequestException(
                new RequestError(
                    "less_than_equal",
                    ["body", "limit"],
                    $"Input should be less than or equal to {BulkSetStateRequest.MaxLimit}",
                    JsonTexts.Number(limit.Value),
                    new("le", JsonTexts.Number(BulkSetStateRequest.MaxLimit))
                )
            );
        }
    }

    public static void Check(int offset, int? limit)
    {
        if (limit < 0)
        {
            throw new RequestRefusedException(
                StatusCodes.Status422UnprocessableEntity,
                "Invalid limit: must be greater than or equal to 0."
            );
        }

        if (limit > Page.MaxLimit)
        {
            throw new RequestRefusedException(
                StatusCodes.Status422UnprocessableEntity,
                $"Invalid limit: must be less than or equal to {Page.MaxLimit}."
            );
        }

        if (offset < 0)
        {
            throw new InvalidRequestException(
                new RequestError(
                    "greater_than_equal",
                    ["body", "offset"],
                    "Input should be greater than or equal to 0",
                    JsonTexts.Number(offset),
                    new("ge", JsonTexts.Number(0))
                )
            );
        }
    }
}
