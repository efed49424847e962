using System.Text;

namespace Azure.Data.Tables.Internal;

/// <summary>The body of an entity group transaction: one change set of HTTP requests, in multipart/mixed.</summary>
internal static class TransactionContent
{
    public static (string ContentType, byte[] Body) Write(string id, IEnumerable<EntityRequest> requests, Func<string, Uri> locate)
    {
        using MemoryStream stream = new();
        void Line(string text)
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
            stream.Write("\r\n"u8);
        }

        Line($"--batch_{id}");
        Line($"Content-Type: multipart/mixed; boundary=changeset_{id}");
        Line("");
        foreach (EntityRequest request in requests)
        {
            Line($"--changeset_{id}");
            Line("Content-Type: application/http");
            Line("Content-Transfer-Encoding: binary");
            Line("");
            Line($"{request.Method} {locate(request.Path).AbsoluteUri} HTTP/1.1");
            Line($"Accept: {TableEndpoint.Json}");
            Line("DataServiceVersion: 3.0");
            if (request.IfMatch is not null)
            {
                Line($"If-Match: {request.IfMatch}");
            }

            if (request.Body is not null)
            {
                Line("Prefer: return-no-content");
                Line($"Content-Type: {TableEndpoint.Json}");
            }

            Line("");
            stream.Write(request.Body);
            Line("");
        }

        Line($"--changeset_{id}--");
        Line("");
        Line($"--batch_{id}--");
        return ($"multipart/mixed; boundary=batch_{id}", stream.ToArray());
    }
}
