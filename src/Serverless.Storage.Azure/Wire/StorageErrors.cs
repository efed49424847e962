using System.Net;
using Azure;
using Azure.Data.Tables.Models;
using Azure.Identity;
using Azure.Storage.Blobs.Models;

namespace Serverless.Storage.Azure.Wire;

/// <summary>What the services' answers mean to the store.</summary>
internal static class StorageErrors
{
    public static bool IsTableNotFound(RequestFailedException e) => e.ErrorCode == TableErrorCode.TableNotFound;

    public static bool IsContainerNotFound(RequestFailedException e) => Is(e, BlobErrorCode.ContainerNotFound);

    public static bool IsNotFound(RequestFailedException e) => e.Status == (int)HttpStatusCode.NotFound;

    /// <summary>An answer about the row: it is there, it is absent, or it has another ETag.</summary>
    public static bool IsCondition(RequestFailedException e) =>
        (HttpStatusCode)e.Status is HttpStatusCode.NotFound or HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed
        && e.ErrorCode != TableErrorCode.TableNotFound
        && e.ErrorCode != TableErrorCode.TableBeingDeleted;

    /// <summary>The service may answer differently a little later. (Within a batch only the batch is retried by the client.)</summary>
    public static bool IsTransient(RequestFailedException e) => e.Status is 408 or 429 or 500 or 502 or 503 or 504;

    /// <summary>True for everything that means: not now.</summary>
    public static bool IsUnavailable(Exception e) =>
        e switch
        {
            RequestFailedException failed => failed.Status is 0 or 401 or 403
                || IsTransient(failed)
                || failed.ErrorCode == TableErrorCode.TableBeingDeleted
                || Is(failed, BlobErrorCode.ContainerBeingDeleted),
            AggregateException many => many.InnerExceptions.All(IsUnavailable),
            OperationCanceledException or IOException or HttpRequestException or TimeoutException or AuthenticationFailedException => true,
            _ => false,
        };

    public static RowStoreUnavailableException Unavailable(Exception e) =>
        new($"The storage account does not serve requests: {OneLine(e)}", e);

    /// <summary>The first line of the innermost reason; the clients' messages go on with the response's headers.</summary>
    public static string OneLine(Exception e)
    {
        while (e is AggregateException { InnerException: not null })
        {
            e = e.InnerException;
        }

        var line = e.Message.Split('\n', 2)[0].Trim();
        return e is RequestFailedException { Status: > 0 } failed ? $"{failed.Status} {failed.ErrorCode} {line}" : line;
    }

    // No error code of blobs can be made of none.
    private static bool Is(RequestFailedException e, BlobErrorCode code) => e.ErrorCode is { } text && text == code;
}
